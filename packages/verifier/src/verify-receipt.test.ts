import { describe, expect, it } from 'vitest'
import { makeReceipt } from '../vectors/make-receipt.ts'
import { receiptKinds } from '../vectors/receipt-kinds.ts'
import { verifyReceipt } from './verify-receipt.ts'

describe('a receipt that holds', () => {
  it.each(receiptKinds)('is verified, with the reader’s key and without: %s', async (_what, knobs) => {
    const { text, trustedKey } = makeReceipt(knobs)
    expect(await verifyReceipt(text, { trustedKeys: [trustedKey] })).toMatchObject({ ok: true, facts: { checkpoint: { trust: 'trusted' } } })
    expect(await verifyReceipt(text, { trustedKeys: [] })).toMatchObject({ ok: true, facts: { checkpoint: { trust: 'stated' } } })
  })
})

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { makeReceipt } from '../vectors/make-receipt.ts'
import { receiptKinds } from '../vectors/receipt-kinds.ts'
import type { verifyAuditLog as VerifyAuditLog } from './verify-audit-log.ts'
import type { verifyReceipt as VerifyReceipt } from './verify-receipt.ts'

const file = new URL('../first/verifier.mjs', import.meta.url)
const first = (await import(file.href)) as { verifyReceipt: typeof VerifyReceipt; verifyAuditLog: typeof VerifyAuditLog }
const read = (name: string) => readFileSync(new URL(`../vectors/${name}`, import.meta.url), 'utf8')

describe('the first version of the verifier', () => {
  it('is the one that people kept', () => {
    const hash = createHash('sha256').update(readFileSync(file)).digest('hex')
    expect(hash).toBe('4a0f87642014630120449b0e152b18baa6c954bf86130624a6c1b1d73598f53a')
  })

  it.each(receiptKinds)('verifies a receipt that is made today: %s', async (_what, knobs) => {
    const { text, trustedKey } = makeReceipt(knobs)
    expect(await first.verifyReceipt(text, { trustedKeys: [trustedKey] })).toMatchObject({ ok: true, facts: { checkpoint: { trust: 'trusted' } } })
  })

  it('verifies the first receipt that a running control plane made', async () => {
    const verdict = await first.verifyReceipt(read('first-receipt.json'), { trustedKeys: [read('first-receipt.key').trim()] })
    expect(verdict).toMatchObject({ ok: true, facts: { state: 'COMPLETED', decisions: [{ signed: true }] } })
  })

  it('refuses what was tampered with, so that the tests above can fail', async () => {
    const { text, trustedKey } = makeReceipt()
    const verdict = await first.verifyReceipt(text.replace('"executor_id":"exr', '"executor_id":"xxx'), { trustedKeys: [trustedKey] })
    expect(verdict).toMatchObject({ ok: false, reason: 'record' })
  })

  it('verifies a log that is made today against its checkpoint', async () => {
    const { lines, checkpoint, trustedKey } = makeReceipt()
    const options = { checkpoints: [checkpoint], trustedKeys: [trustedKey] }
    expect(await first.verifyAuditLog(lines, options)).toMatchObject({ ok: true, count: lines.length })
    expect(await first.verifyAuditLog(lines.slice(0, -1), options)).toMatchObject({ ok: false, reason: 'cut' })
  })
})

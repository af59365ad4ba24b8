import type { BelievedCheckpoint } from '@autopack/verifier/checkpoint'
import type { ReceiptVerdict } from '@autopack/verifier/verify-receipt'
import { describe, expect, it } from 'vitest'
import { toLogTitle, toReceiptTitle } from './verdict-title.ts'

const toReceipt = (trust: 'trusted' | 'stated') => ({ ok: true, facts: { checkpoint: { trust } } }) as ReceiptVerdict
const toLog = (...trust: ('trusted' | 'stated')[]) =>
  toLogTitle({ ok: true, count: 9, head: 'ab', checkpoints: trust.map((each) => ({ trust: each, size: 9 }) as BelievedCheckpoint) })

describe('the title of a verdict', () => {
  it('calls a receipt verified only by a key that somebody here knew', () => {
    expect(toReceiptTitle(toReceipt('trusted'))).toEqual({ mark: 'ok', title: 'Verified.' })
    expect(toReceiptTitle(toReceipt('stated'))).toEqual({ mark: 'idle', title: 'It holds in itself; who signed it is not known.' })
  })

  it('calls a log intact only against a checkpoint by a key that somebody here knew', () => {
    expect(toLog('trusted')).toEqual({ mark: 'ok', title: 'Intact.' })
    const tail = toLogTitle({ ok: true, count: 1_009, head: 'ab', checkpoints: [{ trust: 'trusted', size: 1_005 } as BelievedCheckpoint] })
    expect(tail, 'anybody may have written the last four').toEqual({ mark: 'ok', title: 'Intact: the first 1,005 of 1,009.' })
    expect(toLog('stated').mark).toBe('idle')
    expect(toLog()).toEqual({ mark: 'idle', title: 'The chain holds together.' })
  })
})

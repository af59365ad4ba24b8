import { readCheckpoint } from '@autopack/verifier/checkpoint'
import type { ReceiptVerdict } from '@autopack/verifier/verify-receipt'
import { describe, expect, it } from 'vitest'
import { holdAgainstNotes } from './hold-against-notes.ts'

/** Roots in base64 end so that no bit is left over. */
const toNote = ({ origin = 'here/audit', size = 3, root = 'A', head = 'a', minute = '00' }) =>
  `${origin}\n${size}\n${root.repeat(42)}A=\nhead ${head.repeat(64)}\ntime 2026-11-01T09:${minute}:00.000Z\n\n— ${origin} ${'A'.repeat(91)}=\n`
const receipt = { ok: true, facts: { checkpoint: readCheckpoint(toNote({})) } } as unknown as ReceiptVerdict

describe('holdAgainstNotes', () => {
  it('refuses a receipt whose checkpoint has the size of one that somebody here has, and another root', () => {
    const verdict = holdAgainstNotes(receipt, ['pasted by mistake', toNote({}), toNote({ root: 'B' })])
    expect(verdict).toMatchObject({ ok: false, reason: 'log', where: 'checkpoint' })
    expect(verdict.ok || verdict.held).toContain('sent')
  })

  it('refuses it for another head alone', () => {
    expect(holdAgainstNotes(receipt, [toNote({ head: 'b' })]).ok).toBe(false)
  })

  it('says nothing about checkpoints of other sizes, of other logs, or that say the same', () => {
    const notes = [toNote({ minute: '30' }), toNote({ size: 2, root: 'B' }), toNote({ origin: 'elsewhere/audit', root: 'B' }), '']
    expect(holdAgainstNotes(receipt, notes)).toBe(receipt)
  })

  it('leaves a receipt that does not hold as it is', () => {
    const refused: ReceiptVerdict = { ok: false, reason: 'sent', held: [], where: '', detail: 'other bytes' }
    expect(holdAgainstNotes(refused, [toNote({ root: 'B' })])).toBe(refused)
  })
})

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { actChallenge, actPurposes, readActStatement, toActStatement } from './act-statement.ts'
import type { ActStatement } from './act-statement.ts'
import { approvalChallenge, readApprovalStatement, toApprovalStatement } from './approval-statement.ts'
import type { ApprovalStatement } from './approval-statement.ts'

type Vector = { what: string; text: string } & (
  | { verdict: 'approval' | 'act'; challenge: string }
  | { verdict: 'refused'; by: 'approval' | 'act'; at: string }
)
const { vectors } = JSON.parse(readFileSync(new URL('../vectors/statements.json', import.meta.url), 'utf8')) as { vectors: Vector[] }
const accepted = vectors.filter((vector) => vector.verdict !== 'refused')
const refused = vectors.filter((vector) => vector.verdict === 'refused')

const readers = { approval: readApprovalStatement, act: readActStatement }
const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

function find<T>(what: string): T {
  return JSON.parse(vectors.find((vector) => vector.what === what)!.text) as T
}
const approval = find<ApprovalStatement>('an approval')
const act = find<ActStatement>('the act cap_raise')

describe('the statements of the table', () => {
  it('have one of every purpose', () => {
    const purposes = accepted.map(({ text }) => (JSON.parse(text) as { purpose: string }).purpose)
    expect(new Set(purposes)).toEqual(new Set(['approve', ...actPurposes]))
  })

  it.each(accepted)('are read, and give the bytes a second language gave: $what', ({ text, verdict, challenge }) => {
    expect(readers[verdict](text)).toEqual({ ok: true, statement: JSON.parse(text) })
    expect(readers[verdict === 'act' ? 'approval' : 'act'](text)).toMatchObject({ ok: false })
    if (verdict === 'act') {
      expect(toActStatement(JSON.parse(text) as ActStatement)).toBe(text)
      expect(toHex(actChallenge(text))).toBe(challenge)
    } else {
      expect(toApprovalStatement(JSON.parse(text) as ApprovalStatement)).toBe(text)
      expect(toHex(approvalChallenge(text))).toBe(challenge)
    }
  })

  it.each(refused)('are refused, with the place: $what', ({ text, by, at }) => {
    expect(readers[by](text)).toMatchObject({ ok: false, at })
    expect(readers[by === 'act' ? 'approval' : 'act'](text)).toMatchObject({ ok: false })
  })
})

describe('a statement', () => {
  it('is not built when it could not be read again', () => {
    expect(() => toApprovalStatement({ ...approval, nonce: 'short' })).toThrow('/nonce')
    expect(() => toApprovalStatement({ ...approval, also: 1 } as ApprovalStatement)).toThrow('/also')
    expect(() => toActStatement({ ...act, subject: { Scope: 'all' } })).toThrow('/subject')
  })

  it('always names its own version and purpose, whatever it is built from', () => {
    const text = toApprovalStatement({ ...approval, v: 'autopack-act/1', purpose: 'reject' } as unknown as ApprovalStatement)
    expect(text).toBe(toApprovalStatement(approval))
  })

  it('is refused when it is longer than a person could ever have been asked about', () => {
    const text = toActStatement({ ...act, subject: { text: 'x'.repeat(32_000) } })
    expect(readActStatement(text)).toMatchObject({ ok: true })
    expect(readActStatement(text.replace('xxx', 'x'.repeat(1_000)))).toMatchObject({ ok: false, at: '' })
  })

  it('is never read out of any other text, and reading never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.string({ unit: 'binary' })), (text) => {
        expect(readApprovalStatement(text).ok || readActStatement(text).ok).toBe(false)
      }),
    )
  })

  it('gives other bytes to sign when one character of it changes', () => {
    const text = toApprovalStatement(approval)
    fc.assert(
      fc.property(fc.nat({ max: text.length - 1 }), fc.integer({ min: 0x20, max: 0x7e }), (place, code) => {
        const changed = text.slice(0, place) + String.fromCharCode(code) + text.slice(place + 1)
        fc.pre(changed !== text)
        expect(toHex(approvalChallenge(changed))).not.toBe(toHex(approvalChallenge(text)))
      }),
    )
  })
})

describe('the bytes to sign', () => {
  it('are the SHA-256 of domain, a zero byte and the text', () => {
    const text = toActStatement(act)
    expect(toHex(actChallenge(text))).toBe(createHash('sha256').update('autopack-act/1').update(Buffer.of(0)).update(text).digest('hex'))
  })

  it('of an act never pass for those of an approval', () => {
    const text = toActStatement(act)
    expect(toHex(actChallenge(text))).not.toBe(toHex(approvalChallenge(text)))
  })

  it('do not exist for half of a surrogate pair', () => {
    expect(() => approvalChallenge('\ud800')).toThrow(TypeError)
    expect(readApprovalStatement('"\ud800"')).toMatchObject({ ok: false, at: '' })
  })
})

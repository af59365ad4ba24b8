import type { ExternalAction } from '@autopack/contract/external-actions'
import { describe, expect, it } from 'vitest'
import { compareSent, toSafeLink } from './compare-sent.ts'

type Execution = NonNullable<ExternalAction['execution']>
const hash = 'a'.repeat(64)
const sent = 'b'.repeat(64)

function buildAction(execution: Partial<Execution> | null, payload_hash = hash): ExternalAction {
  const decision = { kind: 'approve', revision: 1, payload_hash } as ExternalAction['decisions'][number]
  const whole =
    execution === null
      ? null
      : { revision: 1, finished_at: '2026-11-22T13:36:00.000Z', sent: 'yes', sent_sha256: sent, expected_sha256: sent, ...execution }
  return { payload_hash: hash, decisions: [decision], execution: whole } as ExternalAction
}

describe('compareSent', () => {
  it('says equal only when the executor sent, said which bytes, and they are the expected ones', () => {
    expect(compareSent(buildAction({}))).toMatchObject({ verdict: 'equal', title: 'proposed = approved = sent' })
  })

  it.each([
    ['other bytes were sent', { sent_sha256: 'c'.repeat(64) }, 'different'],
    ['the executor did not say which bytes', { sent_sha256: null }, 'not_known'],
    ['it is not known whether they arrived', { sent: 'unknown' as const }, 'not_known'],
  ])('does not say equal when %s', (_, execution, verdict) => {
    expect(compareSent(buildAction(execution))?.verdict).toBe(verdict)
    expect(compareSent(buildAction(execution))?.title).not.toBe('proposed = approved = sent')
  })

  it('sees a decision that was about another payload hash', () => {
    expect(compareSent(buildAction({}, 'd'.repeat(64)))?.verdict).toBe('different')
  })

  it('says that nothing was sent', () => {
    expect(compareSent(buildAction({ sent: 'no', sent_sha256: null }))?.title).toBe('proposed = approved, nothing sent')
  })

  it('says nothing before the execution has finished', () => {
    expect(compareSent(buildAction(null))).toBeNull()
    expect(compareSent(buildAction({ finished_at: null }))).toBeNull()
  })
})

describe('toSafeLink', () => {
  it.each(['http://127.0.0.1:4602/listings/1', 'https://shop.example/x?y=1'])('follows %s', (url) => {
    expect(toSafeLink(url)).toBe(url)
  })
  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'JaVaScRiPt:alert(1)',
    '/relative',
    'file:///etc/passwd',
    'https://user:secret@shop.example/',
    '',
  ])('never follows %s', (url) => {
    expect(toSafeLink(url)).toBeNull()
  })
})

import { describe, expect, it } from 'vitest'
import { canRevoke } from './can-revoke.ts'
import type { RevokeFacts, RevokeRefusalCode } from './can-revoke.ts'

const noon = new Date('2026-11-22T12:00:00.000Z')
const later = new Date(noon.getTime() + 1)
const jo = { operator_id: 'op_jo', name: 'jo', decided_at: noon }
const approved = { ...jo, kind: 'approve' as const }

function facts(change: Partial<RevokeFacts> = {}): RevokeFacts {
  return {
    kind: 'revoke',
    operator: { enabled: true },
    action: { state: 'APPROVED', not_before: null },
    execute_by: later,
    now: noon,
    decisions: [approved],
    claimed_at: null,
    ...change,
  }
}

const ended = (state: RevokeFacts['action']['state'], change: Partial<RevokeFacts> = {}): Partial<RevokeFacts> => ({
  action: { state, not_before: null },
  ...change,
})
type Answer = RevokeRefusalCode | 'yes'
const rows: [words: string, change: Partial<RevokeFacts>, revoke: Answer, veto: Answer][] = [
  ['an approval without a hold', {}, 'yes', 'not_in_hold'],
  ['an approval in its hold', { action: { state: 'APPROVED', not_before: later } }, 'yes', 'yes'],
  ['the very moment the hold ends', { action: { state: 'APPROVED', not_before: noon } }, 'yes', 'not_in_hold'],
  ['the very moment the time to execute ends', { execute_by: noon }, 'expired', 'expired'],
  ['an action that runs on a grant', { decisions: [] }, 'yes', 'not_in_hold'],
  ['a disabled operator', { operator: { enabled: false } }, 'role_missing', 'role_missing'],
  ['a proposal that nobody approved', ended('PENDING', { decisions: [], execute_by: null }), 'not_approved', 'not_approved'],
  ['an action that is executing', ended('EXECUTING', { claimed_at: noon }), 'already_claimed', 'already_claimed'],
  ['an action that is done', ended('COMPLETED', { claimed_at: noon }), 'already_claimed', 'already_claimed'],
  ['an action whose outcome is unknown', ended('UNKNOWN', { claimed_at: noon }), 'already_claimed', 'already_claimed'],
  ['a revoked action', ended('REVOKED', { decisions: [approved, { ...jo, kind: 'revoke' }] }), 'already_decided', 'already_decided'],
  ['a rejected action', ended('REJECTED', { decisions: [{ ...jo, kind: 'reject' }] }), 'already_decided', 'already_decided'],
  ['an expired action', ended('EXPIRED'), 'expired', 'expired'],
  ['a withdrawn action', ended('CANCELLED'), 'not_open', 'not_open'],
]

describe('canRevoke', () => {
  it.each(rows)('answers for %s', (_, change, revoke, veto) => {
    const answer = (kind: RevokeFacts['kind']) => {
      const may = canRevoke(facts({ ...change, kind }))
      return may.allowed ? 'yes' : may.code
    }
    expect({ revoke: answer('revoke'), veto: answer('veto') }).toEqual({ revoke, veto })
  })

  it('says who was first', () => {
    const may = canRevoke(facts(ended('REVOKED', { decisions: [approved, { ...jo, kind: 'veto' }] })))
    expect(may).toMatchObject({ allowed: false, by: { name: 'jo', kind: 'veto' }, detail: 'jo vetoed this already.' })
  })
})

import { describe, expect, it } from 'vitest'
import { canDecideRequest } from './can-decide-request.ts'
import type { RequestDecideFacts, RequestRefusalCode } from './can-decide-request.ts'

const noon = new Date('2026-11-22T12:00:00.000Z')
const mira = { operator_id: 'op_mira', name: 'mira', role: 'approver' as const, enabled: true }
const byJo = { kind: 'approve' as const, decided_at: noon, person: { operator_id: 'op_jo', name: 'jo' } }

function facts(change: Partial<RequestDecideFacts>): RequestDecideFacts {
  const request = { state: 'PENDING' as const, decide_by: new Date(noon.getTime() + 1) }
  return { kind: 'approve', operator: mira, request, now: noon, brake: null, started_by: null, sole_operator: false, decision: null, ...change }
}

type Answer = RequestRefusalCode | 'yes'
const pending = facts({}).request
const rows: [words: string, change: Partial<RequestDecideFacts>, approve: Answer, reject: Answer, ask_change: Answer][] = [
  ['an approver, in time', {}, 'yes', 'yes', 'yes'],
  ['an admin', { operator: { ...mira, role: 'admin' } }, 'yes', 'yes', 'yes'],
  ['a viewer', { operator: { ...mira, role: 'viewer' } }, 'role_missing', 'role_missing', 'role_missing'],
  ['a disabled approver', { operator: { ...mira, enabled: false } }, 'role_missing', 'role_missing', 'role_missing'],
  ['the very moment of the deadline', { now: pending.decide_by }, 'expired', 'expired', 'expired'],
  ['an expired request', { request: { ...pending, state: 'EXPIRED' } }, 'expired', 'expired', 'expired'],
  ['an approved request', { request: { ...pending, state: 'APPROVED' }, decision: byJo }, 'already_decided', 'already_decided', 'already_decided'],
  [
    'a request that should be changed',
    { request: { ...pending, state: 'CHANGE_ASKED' }, decision: { ...byJo, kind: 'ask_change' } },
    'already_decided',
    'already_decided',
    'already_decided',
  ],
  [
    'what the policy decided',
    { request: { ...pending, state: 'APPROVED' }, decision: { ...byJo, person: null } },
    'already_decided',
    'already_decided',
    'already_decided',
  ],
  ['the brake', { brake: 'The brake is engaged.' }, 'brake_engaged', 'yes', 'yes'],
  ['who asked for the run, by id', { started_by: 'op_mira' }, 'self_approval', 'yes', 'yes'],
  ['who asked for the run, by name', { started_by: 'mira' }, 'self_approval', 'yes', 'yes'],
  ['who asked for the run, by name in other letters', { started_by: ' MIRA\u200b' }, 'self_approval', 'yes', 'yes'],
  ['who asked for the run, as the only approver there is', { started_by: 'op_mira', sole_operator: true }, 'yes', 'yes', 'yes'],
  [
    'a viewer who asked for the run, alone',
    { operator: { ...mira, role: 'viewer' }, started_by: 'op_mira', sole_operator: true },
    'role_missing',
    'role_missing',
    'role_missing',
  ],
  ['somebody else asked for the run', { started_by: 'op_jo' }, 'yes', 'yes', 'yes'],
]

describe('canDecideRequest', () => {
  it.each(rows)('answers for %s', (_, change, approve, reject, ask_change) => {
    const answers = (['approve', 'reject', 'ask_change'] as const).map((kind) => {
      const may = canDecideRequest(facts({ ...change, kind }))
      return may.allowed ? 'yes' : may.code
    })
    expect(answers).toEqual([approve, reject, ask_change])
  })

  it('marks only the approval of what was their own', () => {
    const alone = { started_by: 'mira', sole_operator: true }
    expect(canDecideRequest(facts(alone))).toEqual({ allowed: true, alone: true })
    for (const change of [
      { ...alone, started_by: 'jo' },
      { ...alone, kind: 'reject' as const },
    ]) {
      expect(canDecideRequest(facts(change))).toEqual({ allowed: true, alone: false })
    }
  })

  it('says who decided before', () => {
    const decided = facts({ request: { ...pending, state: 'APPROVED' }, decision: byJo })
    expect(canDecideRequest(decided)).toMatchObject({ detail: 'jo approved this already.' })
    expect(canDecideRequest({ ...decided, decision: { ...byJo, person: null } })).toMatchObject({ detail: 'The policy approved this already.' })
  })
})

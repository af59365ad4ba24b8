import { describe, expect, it } from 'vitest'
import { canDecide } from './can-decide.ts'
import type { DecideFacts, DecideRefusalCode } from './can-decide.ts'

const noon = new Date('2026-11-22T12:00:00.000Z')
const mira = { operator_id: 'op_mira', name: 'mira', role: 'approver' as const, enabled: true }
const earlier = { operator_id: 'op_jo', name: 'jo', kind: 'approve' as const, decided_at: noon }

function facts(change: Partial<DecideFacts> = {}): DecideFacts {
  return {
    kind: 'approve',
    operator: mira,
    action: { state: 'PENDING', revision: 1, decide_by: new Date(noon.getTime() + 1) },
    now: noon,
    brake: null,
    started_by: null,
    sole_operator: false,
    decisions: [],
    open_slots: ['approver'],
    ...change,
  }
}

const pending = facts().action
type Answer = DecideRefusalCode | 'yes'
const askedByJo = { ...earlier, kind: 'ask_change' as const }
const rows: [words: string, change: Partial<DecideFacts>, approve: Answer, reject: Answer, ask_change: Answer][] = [
  ['an approver, in time', {}, 'yes', 'yes', 'yes'],
  ['an admin', { operator: { ...mira, role: 'admin' } }, 'yes', 'yes', 'yes'],
  ['a viewer', { operator: { ...mira, role: 'viewer' } }, 'role_missing', 'role_missing', 'role_missing'],
  ['a disabled approver', { operator: { ...mira, enabled: false } }, 'role_missing', 'role_missing', 'role_missing'],
  ['the very moment of the deadline', { now: pending.decide_by }, 'expired', 'expired', 'expired'],
  ['an expired action', { action: { ...pending, state: 'EXPIRED' } }, 'expired', 'expired', 'expired'],
  ['a withdrawn action', { action: { ...pending, state: 'CANCELLED' } }, 'not_open', 'not_open', 'not_open'],
  [
    'an approved action',
    { action: { ...pending, state: 'APPROVED' }, decisions: [earlier] },
    'already_decided',
    'already_decided',
    'already_decided',
  ],
  [
    'an executing action',
    { action: { ...pending, state: 'EXECUTING' }, decisions: [earlier] },
    'already_decided',
    'already_decided',
    'already_decided',
  ],
  [
    'a rejected action',
    { action: { ...pending, state: 'REJECTED' }, decisions: [{ ...earlier, kind: 'reject' }] },
    'already_decided',
    'already_decided',
    'already_decided',
  ],
  ['an action that runs on a grant', { action: { ...pending, state: 'APPROVED' } }, 'not_open', 'not_open', 'not_open'],
  ['the brake', { brake: 'The brake is engaged.' }, 'brake_engaged', 'yes', 'yes'],
  ['who asked for the run, by id', { started_by: 'op_mira' }, 'self_approval', 'yes', 'yes'],
  ['who asked for the run, by name', { started_by: 'mira' }, 'self_approval', 'yes', 'yes'],
  ['who asked for the run, by name in other letters', { started_by: ' MIRA\u200b' }, 'self_approval', 'yes', 'yes'],
  ['who asked for the run, as the only approver there is', { started_by: 'op_mira', sole_operator: true }, 'yes', 'yes', 'yes'],
  ['somebody else asked for the run', { started_by: 'op_jo' }, 'yes', 'yes', 'yes'],
  ['the second of two who approve', { decisions: [earlier] }, 'yes', 'yes', 'yes'],
  ['twice in one quorum', { decisions: [{ ...earlier, operator_id: 'op_mira' }] }, 'already_decided', 'yes', 'yes'],
  ['a change that somebody asked for', { decisions: [askedByJo] }, 'change_requested', 'yes', 'change_requested'],
  ['a slot only an admin can fill', { open_slots: ['admin'] }, 'role_missing', 'yes', 'yes'],
  ['an admin for an admin slot', { open_slots: ['admin'], operator: { ...mira, role: 'admin' } }, 'yes', 'yes', 'yes'],
]

describe('canDecide', () => {
  it.each(rows)('answers for %s', (_, change, approve, reject, ask_change) => {
    const answer = (kind: DecideFacts['kind']) => {
      const may = canDecide(facts({ ...change, kind }))
      return may.allowed ? 'yes' : may.code
    }
    expect({ approve: answer('approve'), reject: answer('reject'), ask_change: answer('ask_change') }).toEqual({ approve, reject, ask_change })
  })

  it('says who decided when somebody else was first', () => {
    const may = canDecide(facts({ action: { ...pending, state: 'APPROVED' }, decisions: [earlier] }))
    expect(may).toMatchObject({ allowed: false, by: earlier, detail: 'jo approved this already.' })
  })
})

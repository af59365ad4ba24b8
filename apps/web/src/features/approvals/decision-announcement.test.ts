import { expect, it } from 'vitest'
import { toDecisionAnnouncement } from './decision-announcement.ts'

const ada = { operator_id: 'op_ada', name: 'Ada' }
const slots = (...filled: (typeof ada | null)[]) => filled.map((filled_by, slot) => ({ group: 0, slot, role: 'approver' as const, filled_by }))
const decided = (kind: 'approve' | 'reject' | 'ask_change' | 'veto', revision = 1) => ({ kind, revision, decided_by: ada })

it.each([
  ['nothing while nobody has decided', { state: 'PENDING', decisions: [], slots: slots(null) }, ''],
  [
    'how far it is when the first of two agreed',
    { state: 'PENDING', decisions: [decided('approve')], slots: slots(ada, null) },
    'Approved by Ada: 1 of 2.',
  ],
  ['that a change was asked for', { state: 'PENDING', decisions: [decided('ask_change')], slots: slots(null) }, 'A change was asked for by Ada.'],
  ['nothing of a revision that no longer counts', { state: 'PENDING', decisions: [decided('approve', 0)], slots: slots(null) }, ''],
  ['what became of it and by whom', { state: 'REJECTED', decisions: [decided('reject')], slots: slots(null) }, 'This action was rejected by Ada.'],
  ['both where they differ', { state: 'REVOKED', decisions: [decided('veto')], slots: slots(ada) }, 'This action is revoked, vetoed by Ada.'],
  ['an end that nobody decided', { state: 'EXPIRED', decisions: [], slots: slots(null) }, 'This action is expired.'],
] as const)('says %s', (_, action, words) => {
  expect(toDecisionAnnouncement({ revision: 1, ...action }, 'op_me')).toBe(words)
})

it('speaks of the reader as you', () => {
  expect(toDecisionAnnouncement({ state: 'PENDING', revision: 1, decisions: [decided('approve')], slots: slots(ada, null) }, 'op_ada')).toBe(
    'Approved by you: 1 of 2.',
  )
})

import type { WaitingItem } from '@autopack/contract/approvals'
import { expect, test } from 'vitest'
import { toDecidedAt } from './waiting-item.ts'

const [decided, ended, deadline] = ['2027-01-01T10:00:00.000Z', '2027-01-01T11:00:00.000Z', '2027-01-02T00:00:00.000Z']

const toAction = (decided_at: string | null) =>
  ({ kind: 'external_action', action: { decided_at, state_since: ended, decide_by: deadline } }) as unknown as WaitingItem

test('toDecidedAt: what nobody decided was over when it ended, never at a deadline that is still to come', () => {
  expect(toDecidedAt(toAction(null))).toBe(ended)
  expect(toDecidedAt(toAction(decided!))).toBe(decided)
  const request = { kind: 'approval_request', request: { decided_at: null, decide_by: deadline } } as unknown as WaitingItem
  expect(toDecidedAt(request)).toBe(deadline)
})

import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getRevision, lockOwnAction } from '../../ledger/action-rows.ts'
import { countRows, decide, everythingOn, expectStatus, propose, proposeApproved, sendClaim, toApproval } from '../../test/ledger-story.ts'
import { openTestDeps } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'
import { findApprovers } from './find-approvers.ts'

let deps: TestDeps
beforeAll(async () => {
  deps = await openTestDeps({ ceiling: everythingOn })
})
afterAll(() => deps.close())

type Required = Parameters<typeof findApprovers>[3]
const find = (actionId: string, required: Required, stepUp: 'preferred' | 'passkey' = 'preferred') =>
  deps.ownerDb.transaction(async (tx) => {
    const action = (await lockOwnAction(tx, deps.executor.executorId, actionId))!
    return findApprovers(tx, action, await getRevision(tx, action), required, stepUp)
  })

/** Slots are what a proposal made of policy then; only somebody who may alter tables changes one afterwards. */
async function changeSlot(actionId: string, role: 'approver' | 'admin'): Promise<void> {
  await deps.ownerDb.execute(sql`ALTER TABLE control_plane.approval_slot DISABLE TRIGGER guard`)
  await deps.ownerDb.execute(sql`UPDATE control_plane.approval_slot SET role = ${role} WHERE action_id = ${actionId}`)
  await deps.ownerDb.execute(sql`ALTER TABLE control_plane.approval_slot ENABLE TRIGGER guard`)
}
const setRole = (operatorId: string, role: string) =>
  deps.ownerDb.execute(sql`UPDATE control_plane.operator SET role = ${role} WHERE operator_id = ${operatorId}`)

describe('the people behind an approval', () => {
  it('are counted in the role of their slot as they have it now: an admin who became an approver fills no place of an admin (I-10)', async () => {
    const boss = await deps.addOperator({ name: 'boss', role: 'admin' })
    const action = await propose(deps)
    await changeSlot(action.action_id, 'admin')
    await expectStatus(await decide(deps, boss, action, toApproval(action)), 200)
    const oneAdmin: Required = [{ role: 'admin', count: 1 }]
    expect(await find(action.action_id, oneAdmin)).toEqual([boss])
    await setRole(boss, 'approver')
    expect(await find(action.action_id, oneAdmin)).toBe('A person who approved it may not give the approval of an admin any more.')
  })

  it('may have become admins since', async () => {
    const rising = await deps.addOperator({ name: 'rising', role: 'approver' })
    const action = await propose(deps)
    await expectStatus(await decide(deps, rising, action, toApproval(action)), 200)
    await setRole(rising, 'admin')
    await expectStatus(await sendClaim(deps, action), 201)
  })

  it.each<[string, Required]>([
    ['one more', [{ role: 'approver', count: 2 }]],
    ['an admin', [{ role: 'admin', count: 1 }]],
    [
      'an admin beside them',
      [
        { role: 'approver', count: 1 },
        { role: 'admin', count: 1 },
      ],
    ],
    ['nobody', []],
  ])('are not enough when policy asks for %s now', async (_, required) => {
    const { action_id } = await proposeApproved(deps)
    expect(await find(action_id, [{ role: 'approver', count: 1 }])).toEqual([deps.operatorIds.approver])
    expect(await find(action_id, required)).toBe('Policy asks for other approvals than those it was approved with.')
  })

  it('are compared with policy in every claim, and the refusal says so (I-5)', async () => {
    const action = await proposeApproved(deps)
    await changeSlot(action.action_id, 'admin')
    expect(await expectStatus(await sendClaim(deps, action), 409)).toMatchObject({
      code: 'policy_mismatch',
      detail: 'Policy asks for other approvals than those it was approved with. Propose it again.',
    })
    expect(await countRows(deps, 'execution', action.action_id)).toBe(0)
  })
})

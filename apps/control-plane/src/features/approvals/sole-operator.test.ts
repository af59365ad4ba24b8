import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { ApprovalRequest } from '@autopack/contract/approval-requests'
import type { listApprovals } from '@autopack/contract/approvals'
import type { AnswerOf } from '@autopack/contract/route'
import { expectStatus, listAuditOf, outcomeOf, propose } from '../../test/ledger-story.ts'
import { openTestDeps } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'
import { askApproval, askGovernance, decideAsked, rejection, showApproval, startOwnRun } from '../../test/request-story.ts'

let deps: TestDeps
beforeAll(async () => {
  deps = await openTestDeps()
})
afterEach(async () => {
  Object.assign(deps.settings, { soleOperator: false })
  await setOthers(true)
})
afterAll(() => deps.close())

/** Everybody else who may approve. */
const setOthers = (enabled: boolean) =>
  deps.db.execute(
    sql`UPDATE control_plane.operator SET enabled = ${enabled} WHERE role IN ('approver', 'admin') AND operator_id <> ${deps.operatorIds.admin}`,
  )
const ownRun = () => startOwnRun(deps, { started_by: deps.operatorIds.admin })
const kinds = {
  'an approval request': async () => askApproval(deps, { run_id: await ownRun() }),
  'a governance request': async () => askGovernance(deps, { run_id: await ownRun(), paths: ['docs/a.md'] }),
}
const names = Object.keys(kinds) as (keyof typeof kinds)[]
const mayApprove = (shown: ApprovalRequest) => shown.allowed_actions.find(({ action }) => action === 'approve')

describe('the only approver there is', () => {
  it.each(names)('approves %s of their own where the deployment lets them, and it is marked', async (kind) => {
    Object.assign(deps.settings, { soleOperator: true })
    await setOthers(false)
    const asked = await kinds[kind]()
    const before = await showApproval(deps, 'admin', asked)
    expect(mayApprove(before)).toEqual({ action: 'approve', allowed: true, why: null })
    expect(before.still_needed).toMatchObject([{ count: 1, people: [{ operator_id: deps.operatorIds.admin }], people_total: 1 }])
    const shown = await expectStatus(await decideAsked(deps, 'admin', asked), 200)
    expect(shown).toMatchObject({ state: 'APPROVED', decisions: [{ kind: 'approve', sole_operator: true }] })
    expect((await listAuditOf(deps, asked.approval_ref.id)).at(-1)).toMatchObject({
      result_status: 'APPROVED',
      proof: { strength: 'session', signed_act_id: null, sole_operator: true },
    })
  })

  it('does not, while there is a second one, or where nobody said that they may', async () => {
    for (const kind of names) {
      const asked = await kinds[kind]()
      for (const [soleOperator, others] of [
        [true, true],
        [false, false],
      ] as const) {
        Object.assign(deps.settings, { soleOperator })
        await setOthers(others)
        expect(mayApprove(await showApproval(deps, 'admin', asked))).toMatchObject({ allowed: false })
        expect([kind, await outcomeOf(await decideAsked(deps, 'admin', asked))]).toEqual([kind, { status: 403, code: 'self_approval' }])
      }
    }
  })

  it('finds their own among what they may decide, of every kind, and only then', async () => {
    const run_id = await ownRun()
    const asked = [
      (await propose(deps, { more: { run_id } })).action_id,
      (await askApproval(deps, { run_id })).approval_ref.id,
      (await askGovernance(deps, { run_id, paths: ['docs/a.md'] })).approval_ref.id,
    ].toSorted()
    const listOwn = async (scope: string) => {
      const found = await expectStatus(await deps.asOperator('admin').get(`/operator/approvals?scope=${scope}&q=${run_id}`), 200)
      const { items } = found as AnswerOf<typeof listApprovals>
      return items.filter(({ actionable }) => actionable).map(({ approval_ref }) => approval_ref.id)
    }
    for (const [soleOperator, others, expected] of [
      [true, true, []],
      [false, false, []],
      [true, false, asked],
    ] as const) {
      Object.assign(deps.settings, { soleOperator })
      await setOthers(others)
      for (const scope of ['actionable', 'open']) expect([scope, (await listOwn(scope)).toSorted()]).toEqual([scope, expected])
    }
  })

  it('is marked for nothing else that they decide', async () => {
    Object.assign(deps.settings, { soleOperator: true })
    await setOthers(false)
    const refused = await expectStatus(await decideAsked(deps, 'admin', await kinds['an approval request'](), rejection), 200)
    expect(refused).toMatchObject({ decisions: [{ kind: 'reject', sole_operator: false }] })
    const foreign = await askApproval(deps)
    expect(await expectStatus(await decideAsked(deps, 'admin', foreign), 200)).toMatchObject({ decisions: [{ sole_operator: false }] })
    expect((await listAuditOf(deps, foreign.approval_ref.id)).at(-1)).toMatchObject({ result_status: 'APPROVED', proof: null })
  })
})

import type { ExternalAction } from '@autopack/contract/external-actions'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decide, everythingOn, expectStatus, propose, proposeApproved, revoke, toApproval, toListing } from '../../test/ledger-story.ts'
import { openTestDeps } from '../../test/open-test-deps.ts'
import type { TestDeps, TestExecutor } from '../../test/open-test-deps.ts'

let deps: TestDeps
let hidden: TestExecutor
beforeAll(async () => {
  deps = await openTestDeps()
  Object.assign(deps.settings.ceiling, everythingOn)
  // Owned by the admin and shared with nobody.
  hidden = await deps.addExecutor({ name: 'hidden-agent' })
})
afterAll(() => deps.close())

const to = (shop: string, more: object = {}) => toListing({ target: { shop }, ...more })

async function findingsFor(who: string, actionId: string): Promise<ExternalAction['findings']> {
  return ((await expectStatus(await deps.asOperator(who).get(`/operator/external-actions/${actionId}`), 200)) as ExternalAction).findings
}
const target = (findings: ExternalAction['findings']) => findings.find(({ code }) => code.endsWith('target'))!

describe('the finding about the target', () => {
  it('says that there is nothing to compare with, then that it was approved, and what looks like it', async () => {
    const first = await propose(deps, { payload: to('corner-shop') })
    expect(target(first.findings)).toMatchObject({ code: 'new_target', level: 'could_not_check' })
    expect(target(await findingsFor('approver', first.action_id))).toMatchObject({ code: 'new_target', level: 'could_not_check' })
    const approved = await proposeApproved(deps, { payload: to('corner-shop') })
    // Its own approval is no approval before it.
    expect(target(await findingsFor('approver', approved.action_id))).toMatchObject({ level: 'could_not_check' })
    expect(target(await findingsFor('approver', first.action_id))).toMatchObject({ code: 'known_target', level: 'pass' })
    const alike = await propose(deps, { payload: to('c\u043erner-shop') })
    expect(target(alike.findings)).toMatchObject({ code: 'looks_like_known_target', level: 'finding' })
    expect(target(await findingsFor('viewer', alike.action_id)).detail).toContain('demo_shop/corner-shop')
    expect(target((await propose(deps, { payload: to('elsewhere') })).findings)).toMatchObject({ code: 'new_target', level: 'finding' })
  })

  it('does not count a proposal that nobody approved', async () => {
    await propose(deps, { payload: to('only-proposed') })
    const again = await propose(deps, { payload: to('only-proposed') })
    expect(target(again.findings)).toMatchObject({ code: 'new_target', level: 'finding' })
  })

  it('does not count an approval of a dry run for a live action, nor one that was revoked', async () => {
    await proposeApproved(deps, { payload: to('dry-shop', { mode: 'dry_run' }) })
    const revoked = await proposeApproved(deps, { payload: to('left-shop') })
    await expectStatus(await revoke(deps, 'approver', revoked), 200)
    await proposeApproved(deps, { payload: to('kept-shop') })
    for (const shop of ['dry-shop', 'left-shop']) {
      expect(target((await propose(deps, { payload: to(shop) })).findings)).toMatchObject({ code: 'new_target', level: 'finding' })
    }
  })

  it('tells nobody of a target that they may not see', async () => {
    const secret = await propose(deps, { payload: to('secret-shop'), executorKey: hidden.key })
    await expectStatus(await decide(deps, 'admin', secret, toApproval(secret)), 200)
    const alike = await propose(deps, { payload: to('secret-sh0p') })
    expect(JSON.stringify(alike.findings)).not.toContain('secret-shop')
    expect(JSON.stringify(await findingsFor('approver', alike.action_id))).not.toContain('secret-shop')
    expect(target(await findingsFor('admin', alike.action_id))).toMatchObject({ code: 'looks_like_known_target' })
  })
})

describe('findings about texts', () => {
  it('are on the action that a person reads and on what its executor reads, and change neither risk nor tier', async () => {
    const plain = await propose(deps, { payload: toListing({}, 'Oak tray') })
    const spoken = await propose(deps, { payload: toListing({}, 'Oak tray, pre-approved: ignore the warnings') })
    expect(spoken.findings).toContainEqual(expect.objectContaining({ code: 'addresses_approver', level: 'finding' }))
    const [one, other] = await Promise.all(
      [plain, spoken].map((action) => deps.asOperator('viewer').get(`/operator/external-actions/${action.action_id}`)),
    )
    const [read, readSpoken] = [(await expectStatus(one!, 200)) as ExternalAction, (await expectStatus(other!, 200)) as ExternalAction]
    expect(readSpoken.findings).toContainEqual(
      expect.objectContaining({ code: 'addresses_approver', detail: expect.stringContaining('pre-approved') as string }),
    )
    expect(read.findings.map(({ code }) => code)).not.toContain('addresses_approver')
    expect({ risk: readSpoken.risk, tier: readSpoken.tier, slots: readSpoken.slots }).toEqual({ risk: read.risk, tier: read.tier, slots: read.slots })
  })
})

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ExternalAction } from '@autopack/contract/external-actions'
import {
  capUseOf,
  everythingOn,
  expectStatus,
  listAuditOf,
  outcomeOf,
  proposeClaimed,
  secondsPastDayEnd,
  sendFinish,
  sendResolution,
  stateOf,
  toListing,
} from '../../test/ledger-story.ts'
import type { Claim } from '../../test/ledger-story.ts'
import { openTestDeps, shiftedClock } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'

let deps: TestDeps
let aheadSeconds = 0
beforeAll(async () => {
  deps = await openTestDeps({ now: shiftedClock(() => aheadSeconds) })
})
beforeEach(async () => {
  Object.assign(deps.settings.ceiling, everythingOn)
  aheadSeconds = await secondsPastDayEnd(deps)
})
afterAll(() => deps.close())

async function endUnknown(): Promise<Claim> {
  const claim = await proposeClaimed(deps)
  await expectStatus(await sendFinish(deps, claim, { sent: 'unknown', outcome: 'unknown', error_code: 'ECONNRESET' }), 200)
  return claim
}

describe('resolving an unknown outcome', () => {
  it('ends COMPLETED with who looked, where and why, and spends what was reserved', async () => {
    const before = await capUseOf(deps, 'USD')
    const claim = await endUnknown()
    expect(await capUseOf(deps, 'USD')).toEqual({ ...before, reserved: before.reserved + 20 })
    const shown = (await expectStatus(
      await sendResolution(deps, 'approver', claim, { outcome: 'completed', external_object_id: 'lst_7' }),
      200,
    )) as ExternalAction
    expect(shown).toMatchObject({
      state: 'COMPLETED',
      execution: {
        outcome: 'unknown',
        resolution: {
          outcome: 'completed',
          looked_at: "The shop's page of listings.",
          reason: 'I looked it up.',
          external_object_id: 'lst_7',
          resolved_by: { name: 'approver' },
        },
      },
    })
    expect(await capUseOf(deps, 'USD')).toEqual({ used: before.used + 20, reserved: before.reserved })
    expect((await listAuditOf(deps, claim.action_id)).at(-1)).toMatchObject({
      event_type: 'external_action.resolved',
      result_status: 'COMPLETED',
      auth_principal_id: deps.operatorIds.approver,
      external_object_id: 'lst_7',
      reason: "I looked it up. Looked at: The shop's page of listings.",
      spend_snapshot: { reserved_minor: 0, actual_minor: 20, currency: 'USD' },
    })
  })

  it('ends FAILED without freeing room under a cap: a look is no proof that nothing was sent (I-15)', async () => {
    const claim = await endUnknown()
    const before = await capUseOf(deps, 'USD')
    await expectStatus(await sendResolution(deps, 'admin', claim, { outcome: 'failed' }), 200)
    expect(await stateOf(deps, claim.action_id)).toBe('FAILED')
    expect(await capUseOf(deps, 'USD')).toEqual(before)
  })

  it('ends a dry run that was sent all the same COMPLETED, and spends nothing, because nothing was reserved', async () => {
    const claim = await proposeClaimed(deps, { payload: toListing({ mode: 'dry_run' }) })
    await expectStatus(await sendFinish(deps, claim, { sent: 'yes', outcome: 'completed' }), 200)
    const before = await capUseOf(deps, 'USD')
    await expectStatus(await sendResolution(deps, 'approver', claim, { outcome: 'completed' }), 200)
    expect(await stateOf(deps, claim.action_id)).toBe('COMPLETED')
    expect(await capUseOf(deps, 'USD')).toEqual(before)
    expect((await listAuditOf(deps, claim.action_id)).at(-1)).toMatchObject({
      result_status: 'COMPLETED',
      spend_snapshot: { reserved_minor: 0, actual_minor: null },
    })
  })

  it('is said once: the second hears who looked first, and nothing changes', async () => {
    const claim = await endUnknown()
    await expectStatus(await sendResolution(deps, 'approver', claim, { outcome: 'failed' }), 200)
    expect(await expectStatus(await sendResolution(deps, 'admin', claim, { outcome: 'completed' }), 409)).toMatchObject({
      code: 'already_decided',
      decided_by: { name: 'approver' },
      decision_kind: 'failed',
    })
    expect(await stateOf(deps, claim.action_id)).toBe('FAILED')
  })

  it('of two who look at once, one is heard and the other reads who', async () => {
    const claim = await endUnknown()
    const answers = await Promise.all([
      sendResolution(deps, 'approver', claim, { outcome: 'failed' }),
      sendResolution(deps, 'admin', claim, { outcome: 'completed' }),
    ])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409])
  })

  it('is refused to viewers, for other executions and while nothing is unknown, and the refusals are in the audit log', async () => {
    const claim = await endUnknown()
    expect(await outcomeOf(await sendResolution(deps, 'viewer', claim, {}))).toEqual({ status: 403, code: 'role_missing' })
    const foreign = await sendResolution(deps, 'approver', claim, { execution_id: `exe_${'0'.repeat(8)}-0000-0000-0000-${'0'.repeat(12)}` })
    expect(await outcomeOf(foreign)).toEqual({ status: 409, code: 'stale_revision' })
    expect(await stateOf(deps, claim.action_id)).toBe('UNKNOWN')
    const executing = await proposeClaimed(deps)
    expect(await outcomeOf(await sendResolution(deps, 'approver', executing, {}))).toEqual({ status: 409, code: 'not_unknown' })
    expect((await listAuditOf(deps, claim.action_id)).slice(-2)).toMatchObject([
      { event_type: 'request.refused', error_code: 'role_missing' },
      { event_type: 'external_action.resolve_refused', error_code: 'stale_revision' },
    ])
    expect((await listAuditOf(deps, executing.action_id)).at(-1)).toMatchObject({ error_code: 'not_unknown', result_status: 'refused' })
  })

  it('tells people that somebody has to look', async () => {
    const { action_id } = await endUnknown()
    const shown = (await expectStatus(await deps.asOperator('approver').get(`/operator/external-actions/${action_id}`), 200)) as ExternalAction
    expect(shown.allowed_actions.find(({ action }) => action === 'resolve')).toEqual({ action: 'resolve', allowed: true, why: null })
  })
})

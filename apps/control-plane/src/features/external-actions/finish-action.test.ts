import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  capUseOf,
  countRows,
  decide,
  everythingOn,
  expectStatus,
  listAuditOf,
  outcomeOf,
  propose,
  proposeApproved,
  proposeClaimed,
  sendClaim,
  sendFinish,
  stateOf,
  toApproval,
  toListing,
  toSentSha256,
} from '../../test/ledger-story.ts'
import { openTestDeps, shiftedClock } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'
import { sweepActions } from './sweep-actions.ts'

let deps: TestDeps
let aheadSeconds = 0
beforeAll(async () => {
  deps = await openTestDeps({ now: shiftedClock(() => aheadSeconds), ceiling: everythingOn })
})
beforeEach(() => {
  aheadSeconds = 0
})
afterAll(() => deps.close())

describe('finishing', () => {
  it('completes with the hash of exactly the approved bytes, spends what was reserved, and tells the story', async () => {
    const claim = await proposeClaimed(deps)
    const before = await capUseOf(deps, 'USD')
    const sent_sha256 = toSentSha256(claim.payload)
    const report = { sent: 'yes', outcome: 'completed', sent_sha256, external_object_id: 'L-1', external_url: 'http://127.0.0.1/listings/L-1' }
    const finished = await expectStatus(await sendFinish(deps, claim, report), 200)
    expect(finished).toMatchObject({
      state: 'COMPLETED',
      execution: { sent: 'yes', sent_sha256, expected_sha256: sent_sha256, external_object_id: 'L-1', error_code: null },
    })
    expect(await capUseOf(deps, 'USD')).toEqual({ used: before.used + 20, reserved: before.reserved - 20 })
    const story = await listAuditOf(deps, claim.action_id)
    expect(story.map((event) => [event.event_type, event.result_status])).toEqual([
      ['external_action.proposed', 'ok'],
      ['external_action.approved', 'APPROVED'],
      ['external_action.claimed', 'EXECUTING'],
      ['external_action.finished', 'COMPLETED'],
    ])
    expect(story.at(-1)).toMatchObject({
      external_object_id: 'L-1',
      approved_by: [deps.operatorIds.approver],
      spend_snapshot: { reserved_minor: 0, actual_minor: 20 },
    })
    // Repeated because the answer was lost: the same answer, nothing twice.
    expect(await expectStatus(await sendFinish(deps, claim, report), 200)).toEqual(finished)
    expect(await listAuditOf(deps, claim.action_id)).toHaveLength(4)
    expect(await outcomeOf(await sendFinish(deps, claim, { ...report, external_object_id: 'L-2' }))).toEqual({ status: 409, code: 'not_executing' })
  })

  it('ends in UNKNOWN, keeps the reservation and says why, when other bytes were sent (I-3)', async () => {
    const claim = await proposeClaimed(deps)
    const before = await capUseOf(deps, 'USD')
    const finished = await expectStatus(await sendFinish(deps, claim, { sent: 'yes', outcome: 'completed', sent_sha256: 'f'.repeat(64) }), 200)
    expect(finished).toMatchObject({
      state: 'UNKNOWN',
      execution: { error_code: 'hash_mismatch', sent_sha256: 'f'.repeat(64), expected_sha256: toSentSha256(claim.payload) },
    })
    expect(await capUseOf(deps, 'USD')).toEqual(before)
    expect((await listAuditOf(deps, claim.action_id)).at(-1)).toMatchObject({
      result_status: 'UNKNOWN',
      error_code: 'hash_mismatch',
      spend_snapshot: { reserved_minor: 20, actual_minor: null },
    })
  })

  it('releases what was reserved only when nothing was sent', async () => {
    const before = await capUseOf(deps, 'USD')
    const unsent = await proposeClaimed(deps)
    await expectStatus(await sendFinish(deps, unsent, { sent: 'no', outcome: 'failed', error_code: 'refused', error_summary: 'no' }), 200)
    expect(await capUseOf(deps, 'USD')).toEqual(before)
    const refused = await proposeClaimed(deps)
    await expectStatus(await sendFinish(deps, refused, { sent: 'yes', outcome: 'failed', sent_sha256: toSentSha256(refused.payload) }), 200)
    expect(await capUseOf(deps, 'USD')).toEqual({ used: before.used + 20, reserved: before.reserved })
    const silent = await proposeClaimed(deps)
    expect(await expectStatus(await sendFinish(deps, silent, { sent: 'unknown', outcome: 'failed' }), 200)).toMatchObject({ state: 'UNKNOWN' })
    expect(await capUseOf(deps, 'USD')).toEqual({ used: before.used + 20, reserved: before.reserved + 20 })
  })

  it('keeps no hash of what was not sent, live and in a dry run, and takes the same report again', async () => {
    const said = { sent: 'no', outcome: 'failed', sent_sha256: 'f'.repeat(64) }
    for (const change of [{}, { mode: 'dry_run' as const }]) {
      const claim = await proposeClaimed(deps, { payload: toListing(change) })
      await expectStatus(await sendFinish(deps, claim, said), 200)
      const again = await expectStatus(await sendFinish(deps, claim, said), 200)
      expect(again).toMatchObject({ state: 'FAILED', execution: { sent: 'no', sent_sha256: null } })
    }
  })

  it('takes reports only with the fence in force and only of its own executor (I-8)', async () => {
    const claim = await proposeClaimed(deps)
    const report = { sent: 'no', outcome: 'failed' }
    expect(await outcomeOf(await sendFinish(deps, { ...claim, fence: claim.fence + 1 }, report))).toEqual({ status: 409, code: 'stale_fence' })
    const other = await deps.addExecutor({ name: 'somebody-else', sharedWithEveryone: true })
    const byOther = await deps.asExecutor(other.key).post(`/external-actions/${claim.action_id}/finish`, { fence: claim.fence, ...report })
    expect(await outcomeOf(byOther)).toEqual({ status: 404, code: 'not_found' })
    expect(await outcomeOf(await sendFinish(deps, claim, { sent: 'no', outcome: 'completed' }))).toEqual({ status: 400, code: 'invalid_request' })
    const unclaimed = await proposeApproved(deps)
    expect(await outcomeOf(await sendFinish(deps, { action_id: unclaimed.action_id, fence: 1 }, report))).toEqual({
      status: 409,
      code: 'not_executing',
    })
    expect(await stateOf(deps, claim.action_id)).toBe('EXECUTING')
  })

  it('simulates a dry run, and cannot say what happened when one was sent', async () => {
    const dry = { payload: toListing({ mode: 'dry_run' }) }
    const claim = await proposeClaimed(deps, dry)
    expect(await expectStatus(await sendFinish(deps, claim, { sent: 'no', outcome: 'completed' }), 200)).toMatchObject({
      state: 'SIMULATED',
      execution: { sent: 'no' },
    })
    const wild = await proposeClaimed(deps, { payload: toListing({ mode: 'dry_run' }) })
    const report = { sent: 'yes', outcome: 'completed', sent_sha256: toSentSha256(wild.payload) }
    expect(await expectStatus(await sendFinish(deps, wild, report), 200)).toMatchObject({
      state: 'UNKNOWN',
      execution: { error_code: 'sent_in_dry_run' },
    })
  })

  it('does not take another report that is not believed either for the same one', async () => {
    const wild = await proposeClaimed(deps, { payload: toListing({ mode: 'dry_run' }) })
    const sent_sha256 = toSentSha256(wild.payload)
    await expectStatus(await sendFinish(deps, wild, { sent: 'yes', outcome: 'failed', sent_sha256, error_code: 'refused' }), 200)
    await expectStatus(await sendFinish(deps, wild, { sent: 'yes', outcome: 'failed', sent_sha256, error_code: 'refused' }), 200)
    const others = [{ outcome: 'completed' }, { outcome: 'failed', error_code: 'too_late' }]
    for (const other of others) {
      expect(await outcomeOf(await sendFinish(deps, wild, { sent: 'yes', sent_sha256, ...other }))).toEqual({ status: 409, code: 'not_executing' })
    }
    const claim = await proposeClaimed(deps)
    await expectStatus(await sendFinish(deps, claim, { sent: 'yes', outcome: 'completed', sent_sha256: 'f'.repeat(64) }), 200)
    expect(await outcomeOf(await sendFinish(deps, claim, { sent: 'yes', outcome: 'failed', sent_sha256: 'f'.repeat(64) }))).toEqual({
      status: 409,
      code: 'not_executing',
    })
  })
})

describe('the lease', () => {
  it('is extended by heartbeats with the fence in force, and is over when it is over', async () => {
    const claim = await proposeClaimed(deps)
    const beat = (fence: number) => deps.asExecutor().post(`/external-actions/${claim.action_id}/heartbeat`, { fence })
    aheadSeconds = 50
    const extended = (await expectStatus(await beat(claim.fence), 200)) as { lease_until: string }
    expect(new Date(extended.lease_until).getTime()).toBeGreaterThan(new Date(claim.lease_until).getTime())
    expect(await outcomeOf(await beat(claim.fence + 1))).toEqual({ status: 409, code: 'stale_fence' })
    aheadSeconds = 100
    await sweepActions(deps)
    expect(await stateOf(deps, claim.action_id)).toBe('EXECUTING')
    aheadSeconds = 111
    expect(await outcomeOf(await beat(claim.fence))).toEqual({ status: 409, code: 'not_executing' })
  })

  it('ends in UNKNOWN when it runs out: nothing is retried, the reservation stays, a late report is refused (I-12, I-16)', async () => {
    const claim = await proposeClaimed(deps)
    const before = await capUseOf(deps, 'USD')
    aheadSeconds = 61
    expect(await sweepActions(deps)).toBeGreaterThanOrEqual(1)
    expect(await sweepActions(deps)).toBe(0)
    expect(await stateOf(deps, claim.action_id)).toBe('UNKNOWN')
    expect(await capUseOf(deps, 'USD')).toEqual(before)
    expect((await listAuditOf(deps, claim.action_id)).at(-1)).toMatchObject({
      event_type: 'external_action.lease_lost',
      auth_principal_type: 'system',
      result_status: 'UNKNOWN',
      spend_snapshot: { reserved_minor: 20, actual_minor: null },
    })
    const late = { sent: 'yes', outcome: 'completed', sent_sha256: toSentSha256(claim.payload) }
    expect(await outcomeOf(await sendFinish(deps, claim, late))).toEqual({ status: 409, code: 'not_executing' })
    expect(await outcomeOf(await deps.asExecutor().post(`/external-actions/${claim.action_id}/heartbeat`, { fence: claim.fence }))).toEqual({
      status: 409,
      code: 'not_executing',
    })
    expect(await outcomeOf(await deps.asExecutor().post(`/external-actions/${claim.action_id}/cancel`, { reason: 'too late' }))).toEqual({
      status: 409,
      code: 'not_open',
    })
    expect(await stateOf(deps, claim.action_id)).toBe('UNKNOWN')
  })

  it('sweeps proposals and approvals whose time is over, once each', async () => {
    const pending = await propose(deps)
    const approved = await proposeApproved(deps)
    aheadSeconds = 3_601
    await sweepActions(deps)
    expect([await stateOf(deps, pending.action_id), await stateOf(deps, approved.action_id)]).toEqual(['PENDING', 'EXPIRED'])
    aheadSeconds = 86_401
    await sweepActions(deps)
    expect(await stateOf(deps, pending.action_id)).toBe('EXPIRED')
    expect((await listAuditOf(deps, pending.action_id)).map((event) => event.event_type)).toEqual([
      'external_action.proposed',
      'external_action.expired',
    ])
    expect(await sweepActions(deps)).toBe(0)
  })
})

describe('cancelling', () => {
  it('withdraws what was not claimed, and no later claim or decision commits (I-11)', async () => {
    const cancel = (actionId: string) => deps.asExecutor().post(`/external-actions/${actionId}/cancel`, { reason: 'Not needed any more.' })
    const approved = await proposeApproved(deps)
    expect(await expectStatus(await cancel(approved.action_id), 200)).toMatchObject({ state: 'CANCELLED' })
    await expectStatus(await cancel(approved.action_id), 200)
    expect(await outcomeOf(await sendClaim(deps, approved))).toEqual({ status: 409, code: 'not_approved' })
    expect(await countRows(deps, 'execution', approved.action_id)).toBe(0)
    const pending = await propose(deps)
    await expectStatus(await cancel(pending.action_id), 200)
    expect(await outcomeOf(await decide(deps, 'approver', pending, toApproval(pending)))).toEqual({ status: 409, code: 'not_open' })
    expect((await listAuditOf(deps, pending.action_id)).map((event) => event.event_type)).toEqual([
      'external_action.proposed',
      'external_action.cancelled',
      'external_action.decision_refused',
    ])
  })
})

describe('the audit log', () => {
  it('has every change of the ledger or neither commits (I-19, I-22)', async () => {
    const action = await proposeApproved(deps)
    await deps.ownerDb.execute(
      sql`ALTER TABLE control_plane.audit_event ADD CONSTRAINT broken CHECK (event_type <> 'external_action.claimed') NOT VALID`,
    )
    try {
      expect(await outcomeOf(await sendClaim(deps, action))).toEqual({ status: 503, code: 'audit_unavailable' })
      expect([await stateOf(deps, action.action_id), await countRows(deps, 'execution', action.action_id)]).toEqual(['APPROVED', 0])
    } finally {
      await deps.ownerDb.execute(sql`ALTER TABLE control_plane.audit_event DROP CONSTRAINT broken`)
    }
    await expectStatus(await sendClaim(deps, action), 201)
  })
})

import { randomUUID } from 'node:crypto'
import type { Brake } from '@autopack/contract/operator-control'
import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { everythingOn, expectStatus, outcomeOf, propose, proposeApproved, sendClaim, setBrake, toListing } from '../../test/ledger-story.ts'
import { openTestDeps, shiftedClock } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'
import { readEventStream } from '../../test/read-event-stream.ts'
import { buildStartBody } from '../../test/start-body.ts'

let deps: TestDeps
let aheadSeconds = 0
const runId = 'held-run'
beforeAll(async () => {
  deps = await openTestDeps({ ceiling: everythingOn, now: shiftedClock(() => aheadSeconds) })
  await expectStatus(await deps.asExecutor().post('/runs/start', buildStartBody(runId)), 201)
})
afterEach(() => {
  aheadSeconds = 0
  return setBrake(deps, false)
})
afterAll(() => deps.close())

const everything = { kind: 'all', id: '' }
const engage = async (scope: { kind: string; id: string }) =>
  ((await expectStatus(await deps.asOperator('approver').post('/operator/control/brake', { scope, reason: 'Stop.' }), 200)) as { brake: Brake }).brake
const sendRelease = (brakeId: string, who = 'admin') =>
  deps.asOperator(who).post('/operator/control/brake/release', { brake_id: brakeId, reason: 'It was nothing.' })
const release = async (brake: Brake) =>
  (await expectStatus(await sendRelease(brake.brake_id), 200)) as { brake: Brake; holds_restarted_count: number }

async function lastEvent(): Promise<Record<string, unknown>> {
  const found = await deps.ownerDb.execute(sql`SELECT event FROM control_plane.audit_event ORDER BY seq DESC LIMIT 1`)
  return JSON.parse((found.rows[0] as { event: string }).event) as Record<string, unknown>
}

async function rowOf(actionId: string): Promise<{ version: number; hold_left: number | null }> {
  const found = await deps.ownerDb.execute(sql`SELECT version, round(extract(epoch FROM not_before - ${deps.now}))::int AS hold_left
    FROM control_plane.external_action WHERE action_id = ${actionId}`)
  return found.rows[0] as { version: number; hold_left: number | null }
}

/** An approved action whose kind has a launch hold of ten minutes that is over. */
async function proposeHeld(more: object = {}) {
  const action = await proposeApproved(deps, { more })
  await deps.ownerDb.transaction(async (tx) => {
    await tx.execute(sql`ALTER TABLE control_plane.action_revision DISABLE TRIGGER append_only_row`)
    await tx.execute(sql`UPDATE control_plane.action_revision SET hold_seconds = 600 WHERE action_id = ${action.action_id}`)
    await tx.execute(sql`ALTER TABLE control_plane.action_revision ENABLE TRIGGER append_only_row`)
    await tx.execute(sql`UPDATE control_plane.external_action SET not_before = clock_timestamp() - interval '1 s', version = version + 1
      WHERE action_id = ${action.action_id}`)
  })
  return action
}

describe('releasing', () => {
  it('lets claims go on, says who and why, and is recorded', async () => {
    const action = await proposeApproved(deps)
    const brake = await engage(everything)
    const released = await release(brake)
    expect(released).toMatchObject({
      brake: { brake_id: brake.brake_id, released_by: { name: 'admin' }, released_reason: 'It was nothing.' },
      holds_restarted_count: 0,
    })
    expect(await outcomeOf(await sendClaim(deps, action))).toEqual({ status: 201, code: null })
    const found = await deps.ownerDb.execute(
      sql`SELECT event FROM control_plane.audit_event WHERE event_type = 'control.brake_released' ORDER BY seq DESC LIMIT 1`,
    )
    expect(JSON.parse((found.rows[0] as { event: string }).event)).toMatchObject({
      auth_principal_id: deps.operatorIds.admin,
      approval_ref: { kind: 'brake', id: brake.brake_id },
      reason: 'It was nothing.',
    })
  })

  it('lets the launch holds in its scope start over, and no others, in one transaction that moves versions and tells the streams', async () => {
    const held = await proposeHeld({ run_id: runId })
    const without = await proposeApproved(deps)
    const pending = await propose(deps, { payload: toListing() })
    const versions = [await rowOf(held.action_id), await rowOf(without.action_id), await rowOf(pending.action_id)].map(({ version }) => version)
    const brake = await engage({ kind: 'executor', id: deps.executor.executorId })
    const stream = readEventStream((await deps.asOperator('viewer').get('/operator/events')).body!)
    await stream.nextOf('hello')
    expect((await release(brake)).holds_restarted_count).toBe(1)
    const changes = [await stream.nextOf('change'), await stream.nextOf('change'), await stream.nextOf('change')].map(({ data }) => data)
    await stream.stop()
    expect(changes).toMatchObject([
      { type: 'control.changed' },
      { type: 'external_action.changed', resource: { id: held.action_id }, version: versions[0]! + 1 },
      { type: 'run.changed', resource: { id: runId } },
    ])
    const row = await rowOf(held.action_id)
    expect(row.version).toBe(versions[0]! + 1)
    expect(row.hold_left).toBeGreaterThan(590)
    expect(row.hold_left).toBeLessThanOrEqual(600)
    expect((await rowOf(without.action_id)).version).toBe(versions[1])
    expect((await rowOf(pending.action_id)).version).toBe(versions[2])
    expect(await outcomeOf(await sendClaim(deps, held))).toEqual({ status: 409, code: 'in_hold' })
    aheadSeconds = 601
    expect(await outcomeOf(await sendClaim(deps, held))).toEqual({ status: 201, code: null })
  })

  it('leaves a hold outside its scope, and one that ends later than it would', async () => {
    const held = await proposeHeld()
    await deps.ownerDb.execute(sql`UPDATE control_plane.external_action SET not_before = clock_timestamp() + interval '2 hours', version = version + 1
      WHERE action_id = ${held.action_id}`)
    await release(await engage({ kind: 'provider', id: 'etsy' }))
    const before = await rowOf(held.action_id)
    await release(await engage(everything))
    expect((await rowOf(held.action_id)).hold_left).toBeGreaterThan(7_000)
    expect(before.hold_left).toBeGreaterThan(7_000)
  })

  it('of one brake leaves the other', async () => {
    const action = await proposeApproved(deps)
    const [all, provider] = [await engage(everything), await engage({ kind: 'provider', id: 'demo_shop' })]
    await release(all)
    expect(await outcomeOf(await sendClaim(deps, action))).toEqual({ status: 409, code: 'brake_engaged' })
    await release(provider)
    expect(await outcomeOf(await sendClaim(deps, action))).toEqual({ status: 201, code: null })
  })

  it('twice is refused in words, and engaging again is a new brake', async () => {
    const brake = await engage(everything)
    await release(brake)
    const again = await sendRelease(brake.brake_id)
    expect(await again.json()).toMatchObject({ code: 'not_open', detail: expect.stringMatching(/^admin released this brake at /) as string })
    expect(await lastEvent()).toMatchObject({ event_type: 'control.brake_release_refused', error_code: 'not_open' })
    expect((await engage(everything)).brake_id).not.toBe(brake.brake_id)
  })

  it('needs an admin who is one at this moment, and a brake that is there', async () => {
    const brake = await engage(everything)
    expect(await outcomeOf(await sendRelease(brake.brake_id, 'approver'))).toEqual({ status: 403, code: 'role_missing' })
    expect(await outcomeOf(await sendRelease(`brk_${randomUUID()}`))).toEqual({ status: 404, code: 'not_found' })
    const former = await deps.addOperator({ name: 'former', role: 'admin', enabled: false })
    expect(await outcomeOf(await sendRelease(brake.brake_id, former))).toEqual({ status: 403, code: 'operator_disabled' })
    expect((await deps.ownerDb.execute(sql`SELECT FROM control_plane.brake WHERE released_at IS NULL`)).rows).toHaveLength(1)
  })

  it('of a thousand and more held actions restarts every one of them', async () => {
    const first = await proposeHeld()
    const copies = 1_100
    // Rows as the ledger would have made them; proposing a thousand takes a minute.
    await deps.ownerDb.transaction(async (tx) => {
      await tx.execute(sql`SET LOCAL session_replication_role = replica`)
      await tx.execute(sql`INSERT INTO control_plane.external_action
        SELECT (jsonb_populate_record(a, jsonb_build_object('action_id', 'act_' || gen_random_uuid(), 'idempotency_key', gen_random_uuid()))).*
        FROM control_plane.external_action a, generate_series(1, ${copies}::int) WHERE a.action_id = ${first.action_id}`)
      await tx.execute(sql`INSERT INTO control_plane.action_revision (action_id, revision, payload, tier, kill_switch, descriptor_id, descriptor_version,
          descriptor_sha256, risk_score, risk_level, risk_contributions, coverage_explained, coverage_present, blind, title, sentence, target_text,
          findings, decide_by, execute_within_seconds, hold_seconds, created_at)
        SELECT a.action_id, 1, r.payload, r.tier, r.kill_switch, r.descriptor_id, r.descriptor_version,
          r.descriptor_sha256, r.risk_score, r.risk_level, r.risk_contributions, r.coverage_explained, r.coverage_present, r.blind, r.title, r.sentence,
          r.target_text, r.findings, r.decide_by, r.execute_within_seconds, r.hold_seconds, r.created_at
        FROM control_plane.action_revision r, control_plane.external_action a
        WHERE r.action_id = ${first.action_id} AND NOT EXISTS (SELECT FROM control_plane.action_revision o WHERE o.action_id = a.action_id)`)
      await tx.execute(sql`INSERT INTO control_plane.action_authorization
        SELECT (jsonb_populate_record(z, jsonb_build_object('action_id', a.action_id))).*
        FROM control_plane.action_authorization z, control_plane.external_action a
        WHERE z.action_id = ${first.action_id} AND NOT EXISTS (SELECT FROM control_plane.action_authorization o WHERE o.action_id = a.action_id)
          AND a.state = 'APPROVED'`)
    })
    const brake = await engage({ kind: 'provider', id: 'demo_shop' })
    const { holds_restarted_count } = await release(brake)
    expect(holds_restarted_count).toBeGreaterThanOrEqual(copies + 1)
    const left = await deps.db
      .execute(sql`SELECT count(*)::int AS count FROM control_plane.external_action a JOIN control_plane.action_revision r USING (action_id, revision)
      WHERE a.state = 'APPROVED' AND r.hold_seconds > 0 AND a.not_before < ${deps.now} + interval '590 s'`)
    expect(left.rows[0]).toEqual({ count: 0 })
  })
})

import { randomUUID } from 'node:crypto'
import { payloadHash } from '@autopack/approval-proof/payload-hash'
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
  secondsPastDayEnd,
  sendClaim,
  setBrake,
  sendFinish,
  stateOf,
  toApproval,
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
beforeEach(() => {
  aheadSeconds = 0
  Object.assign(deps.settings.ceiling, everythingOn)
})
afterAll(() => deps.close())

describe('claiming', () => {
  it('hands out exactly the proposed bytes, with a fence and a lease, and writes who approved into the audit log', async () => {
    const action = await proposeApproved(deps)
    const claim = (await expectStatus(await sendClaim(deps, action), 201)) as Claim
    expect(claim).toMatchObject({
      action_id: action.action_id,
      fence: 1,
      revision: 1,
      payload: action.payload,
      payload_hash: action.payload_hash,
      mode: 'live',
    })
    expect(await stateOf(deps, action.action_id)).toBe('EXECUTING')
    expect((await listAuditOf(deps, action.action_id)).at(-1)).toMatchObject({
      event_type: 'external_action.claimed',
      result_status: 'EXECUTING',
      requested_by: deps.executor.executorId,
      approved_by: [deps.operatorIds.approver],
      payload_hash: action.payload_hash,
      descriptor_version: 'demo_shop.create_listing@3',
      kill_switch_snapshot: { EXTERNAL_ACTIONS_ENABLED: true, DRY_RUN: false, DEMO_SHOP_PUBLISH: true, ETSY_PUBLISH: false, BRAKE_ENGAGED: false },
      spend_snapshot: { reserved_minor: 20, actual_minor: null, cap_minor: 100_000, currency: 'USD' },
    })
  })

  it('answers the same key within the lease with the same execution, and never hands it out after (I-8)', async () => {
    const action = await proposeApproved(deps)
    const idempotencyKey = randomUUID()
    const first = (await expectStatus(await sendClaim(deps, action, { idempotencyKey }), 201)) as Claim
    expect(await expectStatus(await sendClaim(deps, action, { idempotencyKey }), 201)).toEqual(first)
    expect(await countRows(deps, 'execution', action.action_id)).toBe(1)
    expect(await outcomeOf(await sendClaim(deps, action))).toEqual({ status: 409, code: 'already_claimed' })
    aheadSeconds = 61
    expect(await outcomeOf(await sendClaim(deps, action, { idempotencyKey }))).toEqual({ status: 409, code: 'already_claimed' })
  })

  it('refuses the same key for another action', async () => {
    const [one, other] = [await proposeApproved(deps), await proposeApproved(deps)]
    const idempotencyKey = randomUUID()
    await expectStatus(await sendClaim(deps, one, { idempotencyKey }), 201)
    expect(await outcomeOf(await sendClaim(deps, other, { idempotencyKey }))).toEqual({ status: 409, code: 'idempotency_key_reused' })
    expect(await stateOf(deps, other.action_id)).toBe('APPROVED')
  })

  it('starts only from APPROVED, never from PENDING, and never again after the end (I-2, I-12)', async () => {
    const pending = await propose(deps)
    expect(await outcomeOf(await sendClaim(deps, pending))).toEqual({ status: 409, code: 'not_approved' })
    expect(await countRows(deps, 'execution', pending.action_id)).toBe(0)
    const ended = await proposeApproved(deps)
    const claim = (await expectStatus(await sendClaim(deps, ended), 201)) as Claim
    await expectStatus(await sendFinish(deps, claim, { sent: 'no', outcome: 'failed' }), 200)
    expect(await outcomeOf(await sendClaim(deps, ended))).toEqual({ status: 409, code: 'already_claimed' })
    expect(await stateOf(deps, ended.action_id)).toBe('FAILED')
  })

  it('refuses another revision and another hash than the ones in force (I-3)', async () => {
    const action = await proposeApproved(deps)
    const stale = { revision: 2, payload_hash: action.payload_hash }
    expect(await outcomeOf(await sendClaim(deps, action, { body: stale }))).toEqual({ status: 409, code: 'stale_revision' })
    const wrong = { revision: 1, payload_hash: 'f'.repeat(64) }
    expect(await outcomeOf(await sendClaim(deps, action, { body: wrong }))).toEqual({ status: 409, code: 'hash_mismatch' })
    expect(await stateOf(deps, action.action_id)).toBe('APPROVED')
  })

  it('hands out nothing whose bytes were changed while the hash beside them stayed (I-3)', async () => {
    const other = await openTestDeps({ ceiling: everythingOn })
    try {
      const action = await proposeApproved(other)
      const changed = action.payload.replace('"quantity":1', '"quantity":9')
      // Only somebody who may alter tables gets here: the column is computed from the bytes, and neither may change.
      await other.ownerDb.execute(sql`ALTER TABLE control_plane.action_revision ALTER COLUMN payload_sha256 DROP EXPRESSION`)
      await other.ownerDb.execute(sql`ALTER TABLE control_plane.action_revision DISABLE TRIGGER append_only_row`)
      await other.ownerDb.execute(sql`UPDATE control_plane.action_revision SET payload = convert_to(${changed}, 'UTF8')`)
      for (const payload of [action.payload, changed]) {
        const claim = await sendClaim(other, action, { body: { revision: 1, payload_hash: payloadHash(payload) } })
        expect(await outcomeOf(claim)).toEqual({ status: 409, code: 'hash_mismatch' })
      }
      expect(await countRows(other, 'execution', action.action_id)).toBe(0)
    } finally {
      await other.close()
    }
  })

  it('hands out nothing whose stored policy is not what the bytes say (I-5)', async () => {
    const action = await proposeApproved(deps)
    await withoutGuard('action_revision', 'append_only_row', () =>
      deps.ownerDb.execute(sql`UPDATE control_plane.action_revision SET target_text = 'another shop' WHERE action_id = ${action.action_id}`),
    )
    expect(await outcomeOf(await sendClaim(deps, action))).toEqual({ status: 409, code: 'policy_mismatch' })
    expect(await countRows(deps, 'execution', action.action_id)).toBe(0)
  })

  it('hands out nothing when an approver may not approve any more (I-10)', async () => {
    const temporary = await deps.addOperator({ name: 'temporary', role: 'approver' })
    const action = await propose(deps)
    await expectStatus(await decide(deps, temporary, action, toApproval(action)), 200)
    await deps.ownerDb.execute(sql`UPDATE control_plane.operator SET enabled = false WHERE operator_id = ${temporary}`)
    expect(await outcomeOf(await sendClaim(deps, action))).toEqual({ status: 409, code: 'policy_mismatch' })
    await deps.ownerDb.execute(sql`UPDATE control_plane.operator SET enabled = true, role = 'viewer' WHERE operator_id = ${temporary}`)
    expect(await outcomeOf(await sendClaim(deps, action))).toEqual({ status: 409, code: 'policy_mismatch' })
  })

  it('expires an approval by the clock of the database, not of anybody else (I-9)', async () => {
    const action = await proposeApproved(deps)
    aheadSeconds = 3_601
    expect(await outcomeOf(await sendClaim(deps, action))).toEqual({ status: 409, code: 'expired' })
    expect(await stateOf(deps, action.action_id)).toBe('EXPIRED')
    expect((await listAuditOf(deps, action.action_id)).slice(-2).map((event) => event.event_type)).toEqual([
      'external_action.expired',
      'external_action.claim_refused',
    ])
  })

  it('waits for the end of a hold (I-2)', async () => {
    const action = await proposeApproved(deps)
    await deps.ownerDb.execute(
      sql`UPDATE control_plane.external_action SET not_before = clock_timestamp() + interval '60 s', version = version + 1 WHERE action_id = ${action.action_id}`,
    )
    expect(await outcomeOf(await sendClaim(deps, action))).toEqual({ status: 409, code: 'in_hold' })
    aheadSeconds = 61
    await expectStatus(await sendClaim(deps, action), 201)
  })

  it('keeps another executor out, as if there were nothing', async () => {
    const action = await proposeApproved(deps)
    const other = await deps.addExecutor({ name: `other-${randomUUID().slice(0, 8)}`, sharedWithEveryone: true })
    expect(await outcomeOf(await sendClaim(deps, action, { key: other.key }))).toEqual({ status: 404, code: 'not_found' })
  })

  it('claims nothing while the brake is engaged or the control row is missing, a dry run neither (I-13)', async () => {
    const live = await proposeApproved(deps)
    const dry = await proposeApproved(deps, { payload: toListing({ mode: 'dry_run' }) })
    const bothRefused = async () => {
      expect(await outcomeOf(await sendClaim(deps, live))).toEqual({ status: 409, code: 'brake_engaged' })
      expect(await outcomeOf(await sendClaim(deps, dry))).toEqual({ status: 409, code: 'brake_engaged' })
    }
    await setBrake(deps, true)
    await bothRefused()
    await setBrake(deps, false)
    await withoutGuard('control', 'kept_row', async () => {
      const saved = await deps.ownerDb.execute(sql`DELETE FROM control_plane.control RETURNING *`)
      await bothRefused()
      const row = saved.rows[0] as { kill_switches: object }
      await deps.ownerDb.execute(
        sql`INSERT INTO control_plane.control (id, external_actions_enabled, dry_run, kill_switches) VALUES (1, true, false, ${JSON.stringify(row.kill_switches)}::jsonb)`,
      )
    })
    await expectStatus(await sendClaim(deps, live), 201)
  })

  it('hands an execution out again only while control still lets it out', async () => {
    const action = await proposeApproved(deps)
    const idempotencyKey = randomUUID()
    await expectStatus(await sendClaim(deps, action, { idempotencyKey }), 201)
    deps.settings.ceiling.dryRun = true
    expect(await outcomeOf(await sendClaim(deps, action, { idempotencyKey }))).toEqual({ status: 409, code: 'dry_run_on' })
  })

  it('tells a repeated claim under a brake what it holds, so that it can end FAILED instead of unknown', async () => {
    const action = await proposeApproved(deps)
    const idempotencyKey = randomUUID()
    const { execution_id, fence } = (await expectStatus(await sendClaim(deps, action, { idempotencyKey }), 201)) as Claim
    await setBrake(deps, true)
    try {
      const refusal = (await expectStatus(await sendClaim(deps, action, { idempotencyKey }), 409)) as unknown as Record<string, unknown>
      expect(refusal).toMatchObject({ code: 'brake_engaged', execution_id, fence })
      for (const other of [{}, { idempotencyKey, body: { revision: 1, payload_hash: 'f'.repeat(64) } }]) {
        expect(await expectStatus(await sendClaim(deps, action, other), 409)).not.toHaveProperty('fence')
      }
      await expectStatus(await sendFinish(deps, { action_id: action.action_id, fence }, { sent: 'no', outcome: 'failed' }), 200)
      expect(await stateOf(deps, action.action_id)).toBe('FAILED')
      expect(await expectStatus(await sendClaim(deps, action, { idempotencyKey }), 409)).not.toHaveProperty('fence')
    } finally {
      await setBrake(deps, false)
    }
  })
})

describe('caps', () => {
  beforeEach(async () => {
    aheadSeconds = await secondsPastDayEnd(deps)
  })

  it('are never exceeded, by money or by count (I-15)', async () => {
    const before = await capUseOf(deps, 'USD')
    const counted = await capUseOf(deps, '')
    const spent = before.used + before.reserved
    const done = counted.used + counted.reserved
    deps.settings.ceiling.maxDailySpendMinor = { USD: spent + 39 }
    await expectStatus(await sendClaim(deps, await proposeApproved(deps)), 201)
    const over = await proposeApproved(deps)
    expect(await outcomeOf(await sendClaim(deps, over))).toEqual({ status: 409, code: 'cap_reached' })
    deps.settings.ceiling.maxDailySpendMinor = { USD: 100_000 }
    deps.settings.ceiling.maxActionsPerDay = done + 1
    expect(await outcomeOf(await sendClaim(deps, over))).toEqual({ status: 409, code: 'cap_reached' })
    deps.settings.ceiling.maxActionsPerDay = done + 2
    await expectStatus(await sendClaim(deps, over), 201)
    expect(await capUseOf(deps, 'USD')).toMatchObject({ reserved: before.reserved + 40 })
    expect(await stateOf(deps, over.action_id)).toBe('EXECUTING')
  })

  it('refuse a cost in a currency that has none', async () => {
    const action = await proposeApproved(deps, { payload: toListing({ cost: { amount_minor: 1, currency: 'EUR' } }) })
    expect(await outcomeOf(await sendClaim(deps, action))).toEqual({ status: 409, code: 'cap_reached' })
  })

  it('are not touched by a dry run, even at nothing', async () => {
    Object.assign(deps.settings.ceiling, { maxActionsPerDay: 0, maxDailySpendMinor: { USD: 0 }, dryRun: true, externalActionsEnabled: false })
    const before = [await capUseOf(deps, 'USD'), await capUseOf(deps, '')]
    const action = await proposeApproved(deps, { payload: toListing({ mode: 'dry_run' }) })
    expect(await expectStatus(await sendClaim(deps, action), 201)).toMatchObject({ mode: 'dry_run' })
    expect([await capUseOf(deps, 'USD'), await capUseOf(deps, '')]).toEqual(before)
  })
})

/** Takes one of the database's own guards away for a moment, to show what the code does when data was changed behind its back. */
async function withoutGuard(table: string, trigger: string, act: () => Promise<unknown>): Promise<void> {
  const alter = (verb: string) => deps.ownerDb.execute(sql.raw(`ALTER TABLE control_plane.${table} ${verb} TRIGGER ${trigger}`))
  await alter('DISABLE')
  try {
    await act()
  } finally {
    await alter('ENABLE')
  }
}

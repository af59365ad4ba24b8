import { randomUUID } from 'node:crypto'
import { toPayloadText } from '@autopack/approval-proof/payload'
import type { Payload } from '@autopack/approval-proof/payload'
import type { ExecutorAction } from '@autopack/contract/executor-actions'
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
  revise,
  revoke,
  secondsPastDayEnd,
  sendClaim,
  sendFinish,
  sendProposal,
  setBrake,
  sqlStateOf,
  stateOf,
  toApproval,
  toSentSha256,
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
  aheadSeconds = await secondsPastDayEnd(deps)
  Object.assign(deps.settings.ceiling, everythingOn)
})
afterAll(() => deps.close())

/** Tier B: stock of one listing of the demo shop. */
function toStock(change: Partial<Payload> = {}, quantity = 3): string {
  const listing_id = String(Math.floor(Math.random() * 1_000_000))
  return toPayloadText({
    v: 1,
    provider: 'demo_shop',
    operation: 'set_quantity',
    target: { shop: 'demo-shop', listing_id },
    mode: 'live',
    cost: null,
    request: { method: 'PUT', path: `/api/listings/${listing_id}/quantity`, body: { quantity } },
    files: [],
    ...change,
  })
}
const large = { files: [{ name: 'stock.csv', size_bytes: 4_096, sha256: 'a'.repeat(64) }] }
const blind = () => toStock().replace('{"quantity":3}', '{"note":"nobody describes this","quantity":3}')

const grantUse = async () => {
  const found = await deps.ownerDb.execute(
    sql`SELECT coalesce(sum(used), 0)::int AS used, coalesce(sum(reserved), 0)::int AS reserved FROM control_plane.cap_day WHERE scope = 'grant:demo_shop.set_quantity'`,
  )
  return found.rows[0] as { used: number; reserved: number }
}

describe('a grant', () => {
  it('approves also while twenty of the same executor wait for people, of which none can be one more', async () => {
    const busy = await deps.addExecutor({ name: 'busy-agent', sharedWithEveryone: true })
    const options = { executorKey: busy.key }
    for (let waiting = 0; waiting < 20; waiting += 1) await propose(deps, options)
    expect(await outcomeOf(await sendProposal(deps, options))).toEqual({ status: 429, code: 'too_many_pending' })
    expect(await propose(deps, { payload: toStock(), ...options })).toMatchObject({ state: 'APPROVED', authorized_by: 'policy' })
    const escalated = await sendProposal(deps, { payload: toStock(), more: { escalate: true }, ...options })
    expect(await outcomeOf(escalated)).toEqual({ status: 429, code: 'too_many_pending' })
  })

  it('approves what it covers in the same transaction, names nobody, and says so in the audit log', async () => {
    const action = await propose(deps, { payload: toStock(), more: { claimed_tier: 'B' } })
    expect(action).toMatchObject({ state: 'APPROVED', tier: 'B', blind: false, authorized_by: 'policy', decisions: [], not_before: null })
    const shown = await expectStatus(await deps.asOperator('approver').get(`/operator/external-actions/${action.action_id}`), 200)
    expect(shown).toMatchObject({ authorized_by: 'policy', escalated: false, slots: [], decided_by: null })
    const audit = await listAuditOf(deps, action.action_id)
    expect(audit).toHaveLength(1)
    expect(audit[0]).toMatchObject({
      event_type: 'external_action.proposed',
      result_status: 'APPROVED',
      approved_by: [],
      approved_at: audit[0]!.requested_at,
      reason: 'Authorized by the grant of demo_shop.set_quantity@2; nobody decided.',
    })
    expect(Date.parse(action.execute_by!) - Date.parse(audit[0]!.approved_at!)).toBe(900_000)
  })

  it('lets its executor claim and finish without a person, and counts it under its own cap (I-15)', async () => {
    const before = await grantUse()
    const action = await propose(deps, { payload: toStock() })
    const claim = (await expectStatus(await sendClaim(deps, action), 201)) as Claim
    expect(await grantUse()).toEqual({ used: before.used, reserved: before.reserved + 1 })
    expect((await listAuditOf(deps, action.action_id)).at(-1)).toMatchObject({
      event_type: 'external_action.claimed',
      approved_by: [],
      reason: expect.stringContaining('Authorized by the grant'),
    })
    await expectStatus(await sendFinish(deps, claim, { sent: 'yes', outcome: 'completed', sent_sha256: toSentSha256(action.payload) }), 200)
    expect(await grantUse()).toEqual({ used: before.used + 1, reserved: before.reserved })
  })

  it.each<[string, () => string, string]>([
    ['size', () => toStock(large), 'the grant allows 4096 for one action'],
    ['cost', () => toStock({ cost: { amount_minor: 1, currency: 'USD' } }), 'the grant allows no cost in USD'],
    ['size, also as a dry run', () => toStock({ ...large, mode: 'dry_run' }), 'the grant allows 4096'],
  ])('refuses what is over its %s, and people decide about it when it is sent again as tier C', async (_, toPayload, words) => {
    const payload = toPayload()
    const refused: unknown = await (await sendProposal(deps, { payload })).json()
    expect(refused).toMatchObject({ code: 'cap_reached', status: 409, detail: expect.stringContaining(words) })
    const action = await propose(deps, { payload, more: { escalate: true } })
    expect(action).toMatchObject({ state: 'PENDING', tier: 'C', authorized_by: null })
    expect(await outcomeOf(await sendClaim(deps, action))).toEqual({ status: 409, code: 'not_approved' })
    await expectStatus(await decide(deps, 'approver', action, toApproval(action)), 200)
    await expectStatus(await sendClaim(deps, action), 201)
  })

  it('covers nothing that cannot be explained: two people decide, whether the executor asks for it or not', async () => {
    for (const more of [{}, { escalate: true }]) {
      const action = await propose(deps, { payload: blind(), more })
      expect(action).toMatchObject({ state: 'PENDING', tier: 'C', blind: true, authorized_by: null })
      const shown = await expectStatus(await deps.asOperator('viewer').get(`/operator/external-actions/${action.action_id}`), 200)
      expect(shown).toMatchObject({ escalated: true, slots: [{ filled_by: null }, { filled_by: null }] })
    }
  })

  it('counts a day: what is over it is refused as a proposal and as a claim, and not as a dry run', async () => {
    const other = await openTestDeps({ ceiling: everythingOn, now: shiftedClock(() => aheadSeconds) })
    try {
      const waiting = await propose(other, { payload: toStock() })
      for (let count = 0; count < 20; count += 1) {
        const action = await propose(other, { payload: toStock() })
        await expectStatus(await sendClaim(other, action), 201)
      }
      const response = await sendProposal(other, { payload: toStock() })
      expect(await expectStatus(response, 409)).toMatchObject({
        code: 'cap_reached',
        detail: expect.stringMatching(/actions a day on the grant of demo_shop\.set_quantity: 0 of 20 left.*escalate: true/),
      })
      expect(await outcomeOf(await sendClaim(other, waiting))).toEqual({ status: 409, code: 'cap_reached' })
      expect(await stateOf(other, waiting.action_id)).toBe('APPROVED')
      expect(await propose(other, { payload: toStock({ mode: 'dry_run' }) })).toMatchObject({ state: 'APPROVED' })
      expect(await propose(other, { payload: toStock(), more: { escalate: true } })).toMatchObject({ state: 'PENDING' })
      // The day of the grant is over, but so is the time to execute: nothing is left over for tomorrow.
      aheadSeconds += 86_400
      expect(await outcomeOf(await sendClaim(other, waiting))).toEqual({ status: 409, code: 'expired' })
    } finally {
      await other.close()
    }
  })

  it('runs out by the clock of the database (I-9)', async () => {
    const action = await propose(deps, { payload: toStock() })
    aheadSeconds += 901
    expect(await outcomeOf(await sendClaim(deps, action))).toEqual({ status: 409, code: 'expired' })
    expect(await stateOf(deps, action.action_id)).toBe('EXPIRED')
  })

  it('is stopped by the brake and by its switch, and can be revoked by anybody', async () => {
    const action = await propose(deps, { payload: toStock() })
    await setBrake(deps, true)
    expect(await outcomeOf(await sendClaim(deps, action))).toEqual({ status: 409, code: 'brake_engaged' })
    await setBrake(deps, false)
    deps.settings.ceiling.killSwitches = { ...deps.settings.ceiling.killSwitches, DEMO_SHOP_PUBLISH: false }
    expect(await outcomeOf(await sendClaim(deps, action))).toEqual({ status: 409, code: 'kill_switch_off' })
    await expectStatus(await revoke(deps, 'viewer', action), 200)
    expect(await stateOf(deps, action.action_id)).toBe('REVOKED')
  })

  it('judges every revision anew: over it the edit is refused, escalated it waits, within it it is approved', async () => {
    const action = await propose(deps, { payload: toStock() })
    expect(await outcomeOf(await revise(deps, action, toStock(large)))).toEqual({ status: 409, code: 'cap_reached' })
    expect((await listAuditOf(deps, action.action_id)).at(-1)).toMatchObject({
      event_type: 'external_action.revision_refused',
      error_code: 'cap_reached',
    })
    expect(await stateOf(deps, action.action_id)).toBe('APPROVED')
    const escalated = (await expectStatus(await revise(deps, action, toStock(large), { escalate: true }), 201)) as ExecutorAction
    expect(escalated).toMatchObject({ state: 'PENDING', revision: 2, tier: 'C', authorized_by: null })
    const payload = toStock()
    const back = (await expectStatus(await revise(deps, escalated, payload), 201)) as ExecutorAction
    expect(back).toMatchObject({ state: 'APPROVED', revision: 3, tier: 'B', authorized_by: 'policy' })
    await expectStatus(await sendClaim(deps, { ...back, payload }), 201)
  })

  it('cannot be claimed as one where the stored authorization is a lie (I-1)', async () => {
    const other = await openTestDeps({ ceiling: everythingOn })
    try {
      const action = await propose(other, { payload: toStock(), more: { escalate: true } })
      const authorize = sql`INSERT INTO control_plane.action_authorization (action_id, revision, payload_sha256, kind, authorized_at, execute_by)
        VALUES (${action.action_id}, 1, decode(${action.payload_hash}, 'hex'), 'policy', clock_timestamp(), clock_timestamp() + interval '1 hour')`
      expect(await sqlStateOf(() => other.ownerDb.execute(authorize))).toBe('23514')
      await other.ownerDb.execute(sql`ALTER TABLE control_plane.action_authorization DISABLE TRIGGER guard`)
      await other.ownerDb.execute(authorize)
      await other.ownerDb.execute(sql`UPDATE control_plane.external_action SET state = 'APPROVED', version = version + 1`)
      const refused: unknown = await (await sendClaim(other, action)).json()
      expect(refused).toMatchObject({ code: 'policy_mismatch', status: 409, detail: expect.stringContaining('does not cover it') })
      expect(await countRows(other, 'execution', action.action_id)).toBe(0)
    } finally {
      await other.close()
    }
  })

  it('is held to by the database for what is blind as well', async () => {
    const action = await propose(deps, { payload: blind() })
    const authorize = sql`INSERT INTO control_plane.action_authorization (action_id, revision, payload_sha256, kind, authorized_at, execute_by)
      VALUES (${action.action_id}, 1, decode(${action.payload_hash}, 'hex'), 'policy', clock_timestamp(), clock_timestamp() + interval '1 hour')`
    expect(await sqlStateOf(() => deps.ownerDb.execute(authorize))).toBe('23514')
  })

  it('reserves nothing for a dry run, which ends simulated', async () => {
    const [before, count] = [await grantUse(), await capUseOf(deps, '')]
    const action = await propose(deps, { payload: toStock({ mode: 'dry_run' }) })
    const claim = (await expectStatus(await sendClaim(deps, action), 201)) as Claim
    await expectStatus(await sendFinish(deps, claim, { sent: 'no', outcome: 'completed' }), 200)
    expect(await stateOf(deps, action.action_id)).toBe('SIMULATED')
    expect([await grantUse(), await capUseOf(deps, '')]).toEqual([before, count])
  })

  it('answers the same proposal with the same action, and refuses a tier that it does not have', async () => {
    const [payload, idempotencyKey] = [toStock(), randomUUID()]
    const one = await propose(deps, { payload, idempotencyKey })
    expect(await propose(deps, { payload, idempotencyKey })).toEqual(one)
    const claimed = await sendProposal(deps, { payload: toStock(), more: { claimed_tier: 'B', escalate: true } })
    expect(await outcomeOf(claimed)).toEqual({ status: 409, code: 'policy_mismatch' })
  })
})

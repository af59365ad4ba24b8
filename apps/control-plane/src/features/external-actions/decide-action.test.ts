import { randomUUID } from 'node:crypto'
import { toPayloadText } from '@autopack/approval-proof/payload'
import { payloadHash } from '@autopack/approval-proof/payload-hash'
import type { ExternalAction } from '@autopack/contract/external-actions'
import type { Problem } from '@autopack/contract/problems'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  countRows,
  decide,
  everythingOn,
  expectStatus,
  listAuditOf,
  outcomeOf,
  propose,
  proposeApproved,
  sendClaim,
  setBrake,
  stateOf,
  toApproval,
  toListing,
  toRejection,
} from '../../test/ledger-story.ts'
import { spellingsOfApprover } from '../../test/spellings-of-approver.ts'
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

describe('deciding', () => {
  it('says no to what cannot be read any more, by its stored hash, and never yes', async () => {
    const other = await openTestDeps({ ceiling: everythingOn })
    try {
      // Only somebody who may alter tables gets here, or a later version with a stricter reader.
      await other.ownerDb.execute(sql`ALTER TABLE control_plane.action_revision DROP CONSTRAINT payload_is_accepted`)
      await other.ownerDb.execute(sql`ALTER TABLE control_plane.action_revision DISABLE TRIGGER append_only_row`)
      const unreadable = async () => {
        const action = await propose(other)
        await other.ownerDb.execute(
          sql`UPDATE control_plane.action_revision SET payload = payload || convert_to(' ', 'UTF8') WHERE action_id = ${action.action_id}`,
        )
        return { ...action, payload_hash: payloadHash(`${action.payload} `) }
      }
      const [rejected, asked, approved] = [await unreadable(), await unreadable(), await unreadable()]
      const wrong = toRejection(rejected, { payload_hash: 'e'.repeat(64) })
      expect(await outcomeOf(await decide(other, 'approver', rejected, wrong))).toEqual({ status: 409, code: 'hash_mismatch' })
      await expectStatus(await decide(other, 'approver', rejected, toRejection(rejected, { payload_hash: rejected.payload_hash })), 200)
      expect(await stateOf(other, rejected.action_id)).toBe('REJECTED')
      const ask = { kind: 'ask_change', revision: 1, payload_hash: asked.payload_hash, field: null, reason: 'Say it so that it can be read.' }
      await expectStatus(await decide(other, 'approver', asked, ask), 200)
      const yes = toApproval(approved, { payload_hash: approved.payload_hash })
      expect([(await decide(other, 'approver', approved, yes)).ok, await stateOf(other, approved.action_id)]).toEqual([false, 'PENDING'])
    } finally {
      await other.close()
    }
  })

  it('binds an approval to revision, bytes, descriptor, display, person and session, and says that it is not signed (I-6, I-18)', async () => {
    const action = await propose(deps)
    const shown = (await expectStatus(await decide(deps, 'approver', action, toApproval(action)), 200)) as ExternalAction
    expect(shown).toMatchObject({ state: 'APPROVED', version: 2, decided_by: { name: 'approver' }, slots: [{ filled_by: { name: 'approver' } }] })
    expect(shown.decisions).toMatchObject([
      { kind: 'approve', revision: 1, payload_hash: action.payload_hash, reason: 'It is what I asked for.', signed: false },
    ])
    expect(new Date(shown.execute_by!).getTime() - new Date(shown.decided_at!).getTime()).toBe(3_600_000)
    const stored = await deps.ownerDb.execute(
      sql`SELECT amr, sid_hash, operator_role, descriptor_sha256 IS NOT NULL AS described, display_sha256 IS NOT NULL AS displayed FROM control_plane.decision WHERE action_id = ${action.action_id}`,
    )
    expect(stored.rows[0]).toMatchObject({
      amr: ['pwd'],
      sid_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      operator_role: 'approver',
      described: true,
      displayed: true,
    })
    expect((await listAuditOf(deps, action.action_id)).map((event) => [event.event_type, event.result_status])).toEqual([
      ['external_action.proposed', 'ok'],
      ['external_action.approved', 'APPROVED'],
    ])
  })

  it('rejects with a kind and a reason that the executor reads, and ends there (I-12)', async () => {
    const action = await propose(deps)
    await expectStatus(await decide(deps, 'approver', action, toRejection(action, { reject_kind: 'never', reason: 'The title is wrong.' })), 200)
    const seen = await expectStatus(await deps.asExecutor().get(`/external-actions/${action.action_id}`), 200)
    expect(seen).toMatchObject({ state: 'REJECTED', decisions: [{ kind: 'reject', reject_kind: 'never', reason: 'The title is wrong.' }] })
    expect(await outcomeOf(await sendClaim(deps, action))).toEqual({ status: 409, code: 'not_approved' })
    expect(await outcomeOf(await decide(deps, 'admin', action, toApproval(action)))).toEqual({ status: 409, code: 'already_decided' })
  })

  it('tells the second person who was first, when, and what they decided', async () => {
    const action = await proposeApproved(deps)
    const response = await decide(deps, 'admin', action, toRejection(action))
    expect(response.status).toBe(409)
    expect((await response.json()) as Problem).toMatchObject({
      code: 'already_decided',
      decided_by: { operator_id: deps.operatorIds.approver, name: 'approver' },
      decided_at: expect.stringMatching(/Z$/),
      decision_kind: 'approve',
    })
    expect(await countRows(deps, 'decision', action.action_id)).toBe(1)
  })

  const wrongs: [words: string, change: object, code: string][] = [
    ['another revision', { revision: 2 }, 'stale_revision'],
    ['other bytes', { payload_hash: 'e'.repeat(64) }, 'hash_mismatch'],
    ['no descriptor', { descriptor: null }, 'policy_mismatch'],
    ['another version of the descriptor', { descriptor: { id: 'demo_shop.create_listing', version: 2, sha256: 'e'.repeat(64) } }, 'policy_mismatch'],
    ['another rendering', { display_sha256: 'e'.repeat(64) }, 'policy_mismatch'],
  ]
  it.each(wrongs)('refuses an approval of %s, changes nothing and keeps the refusal in the audit log', async (_, change, code) => {
    const action = await propose(deps)
    expect(await outcomeOf(await decide(deps, 'approver', action, toApproval(action, change)))).toEqual({ status: 409, code })
    expect([await stateOf(deps, action.action_id), await countRows(deps, 'decision', action.action_id)]).toEqual(['PENDING', 0])
    expect((await listAuditOf(deps, action.action_id)).slice(1)).toMatchObject([
      { event_type: 'external_action.decision_refused', result_status: 'refused', error_code: code, auth_principal_id: deps.operatorIds.approver },
    ])
  })

  it('refuses a viewer, a disabled operator and an executor (I-10)', async () => {
    const action = await propose(deps)
    expect(await outcomeOf(await decide(deps, 'viewer', action, toApproval(action)))).toEqual({ status: 403, code: 'role_missing' })
    const disabled = await deps.addOperator({ name: 'gone', role: 'admin', enabled: false })
    expect(await outcomeOf(await decide(deps, disabled, action, toApproval(action)))).toEqual({ status: 403, code: 'operator_disabled' })
    const byKey = await deps.asExecutor().post(`/operator/external-actions/${action.action_id}/decision`, toApproval(action))
    expect(await outcomeOf(byKey)).toEqual({ status: 403, code: 'key_refused' })
    expect(await stateOf(deps, action.action_id)).toBe('PENDING')
  })

  it.each(spellingsOfApprover)('lets whoever asked for the run, written as %j, not approve', async (startedBy) => {
    const runId = `run-${randomUUID()}`
    await deps.asExecutor().post('/runs/start', { run: { run_id: runId, started_by: startedBy } })
    const action = await propose(deps, { more: { run_id: runId } })
    expect(await outcomeOf(await decide(deps, 'approver', action, toApproval(action)))).toEqual({ status: 403, code: 'self_approval' })
    await expectStatus(await decide(deps, 'admin', action, toApproval(action)), 200)
  })

  it('does not let somebody approve who was given the name after the run began', async () => {
    const runId = `run-${randomUUID()}`
    const name = `Later ${randomUUID()}`
    await deps.asExecutor().post('/runs/start', { run: { run_id: runId, started_by: name.toUpperCase() } })
    const action = await propose(deps, { more: { run_id: runId } })
    const later = await deps.addOperator({ name, role: 'approver' })
    expect(await outcomeOf(await decide(deps, later, action, toApproval(action)))).toEqual({ status: 403, code: 'self_approval' })
  })

  it('lets whoever asked for the run reject but not approve', async () => {
    const runId = `run-${randomUUID()}`
    await deps.asExecutor().post('/runs/start', { run: { run_id: runId, started_by: deps.operatorIds.approver } })
    const action = await propose(deps, { more: { run_id: runId } })
    const shown = await expectStatus(await deps.asOperator('approver').get(`/operator/external-actions/${action.action_id}`), 200)
    expect(shown).toMatchObject({
      allowed_actions: expect.arrayContaining([
        { action: 'approve', allowed: false, why: expect.stringContaining('You asked for this run') },
        { action: 'reject', allowed: true, why: null },
        { action: 'ask_change', allowed: true, why: null },
      ]),
    })
    expect(await outcomeOf(await decide(deps, 'approver', action, toApproval(action)))).toEqual({ status: 403, code: 'self_approval' })
    await expectStatus(await decide(deps, 'approver', action, toRejection(action)), 200)
  })

  it('expires by the clock of the database, at once, with an event (I-9)', async () => {
    const action = await propose(deps)
    aheadSeconds = 86_401
    expect(await outcomeOf(await decide(deps, 'approver', action, toApproval(action)))).toEqual({ status: 409, code: 'expired' })
    expect(await stateOf(deps, action.action_id)).toBe('EXPIRED')
    expect((await listAuditOf(deps, action.action_id)).map((event) => event.event_type)).toEqual([
      'external_action.proposed',
      'external_action.expired',
      'external_action.decision_refused',
    ])
    aheadSeconds = 0
    expect(await outcomeOf(await decide(deps, 'approver', action, toApproval(action)))).toEqual({ status: 409, code: 'expired' })
  })

  it('approves nothing while the brake is engaged, and rejects all the same (I-13)', async () => {
    const action = await propose(deps)
    await setBrake(deps, true)
    try {
      expect(await outcomeOf(await decide(deps, 'approver', action, toApproval(action)))).toEqual({ status: 409, code: 'brake_engaged' })
      await expectStatus(await decide(deps, 'approver', action, toRejection(action)), 200)
    } finally {
      await setBrake(deps, false)
    }
  })

  it('shows a stranger nothing and lets them decide nothing', async () => {
    const stranger = await deps.addOperator({ name: 'stranger', role: 'approver' })
    const owned = await deps.addExecutor({ name: 'private-agent', ownerOperatorId: deps.operatorIds.approver })
    const action = await propose(deps, { executorKey: owned.key })
    expect(await outcomeOf(await decide(deps, stranger, action, toApproval(action)))).toEqual({ status: 404, code: 'not_found' })
    expect(await outcomeOf(await deps.asOperator(stranger).get(`/operator/external-actions/${action.action_id}`))).toEqual({
      status: 404,
      code: 'not_found',
    })
    expect(await outcomeOf(await deps.asOperator(stranger).get(`/operator/external-actions/${action.action_id}/payload`))).toEqual({
      status: 404,
      code: 'not_found',
    })
    await expectStatus(await decide(deps, 'approver', action, toApproval(action)), 200)
  })

  it('needs two different people for an action that cannot be explained', async () => {
    const payload = toPayloadText({
      v: 1,
      provider: 'nobody',
      operation: 'knows_this',
      target: { place: 'somewhere' },
      mode: 'dry_run',
      cost: null,
      request: { method: 'POST', path: '/x', body: { do: randomUUID() } },
      files: [],
    })
    const action = await propose(deps, { payload })
    expect(action).toMatchObject({ tier: 'C', blind: true, descriptor: null })
    expect(await expectStatus(await decide(deps, 'approver', action, toApproval(action)), 200)).toMatchObject({
      state: 'PENDING',
      slots: [{ filled_by: { name: 'approver' } }, { filled_by: null }],
    })
    expect(await outcomeOf(await sendClaim(deps, action))).toEqual({ status: 409, code: 'not_approved' })
    expect(await outcomeOf(await decide(deps, 'approver', action, toApproval(action)))).toEqual({ status: 409, code: 'already_decided' })
    expect(await expectStatus(await decide(deps, 'admin', action, toApproval(action)), 200)).toMatchObject({ state: 'APPROVED' })
    await expectStatus(await sendClaim(deps, action), 201)
  })
})

describe('what control allows', () => {
  const off = { ...everythingOn, externalActionsEnabled: false }
  const rows: [words: string, ceiling: object, brake: boolean, mode: 'live' | 'dry_run', approve: number, claim: string | 201][] = [
    ['everything on', everythingOn, false, 'live', 200, 201],
    ['external actions off', off, false, 'live', 200, 'kill_switch_off'],
    [
      'the switch off',
      { ...everythingOn, killSwitches: { ...everythingOn.killSwitches, DEMO_SHOP_PUBLISH: false } },
      false,
      'live',
      200,
      'kill_switch_off',
    ],
    ['dry run on', { ...everythingOn, dryRun: true }, false, 'live', 200, 'dry_run_on'],
    ['no money', { ...everythingOn, maxDailySpendMinor: { USD: 0 } }, false, 'live', 200, 'cap_reached'],
    ['no actions', { ...everythingOn, maxActionsPerDay: 0 }, false, 'live', 200, 'cap_reached'],
    ['the brake', everythingOn, true, 'live', 409, 'brake_engaged'],
    ['everything off and a dry run', { ...off, dryRun: true, maxActionsPerDay: 0, maxDailySpendMinor: { USD: 0 } }, false, 'dry_run', 200, 201],
    ['the brake and a dry run', everythingOn, true, 'dry_run', 409, 'brake_engaged'],
  ]
  it.each(rows)(
    'with %s (%o, brake %s): a %s proposal is taken, approving answers %s, claiming %s (I-13, I-14)',
    async (_, ceiling, brake, mode, approve, claim) => {
      const approvedBefore = await proposeApproved(deps, { payload: toListing({ mode }) })
      Object.assign(deps.settings.ceiling, ceiling)
      await setBrake(deps, brake)
      try {
        const action = await propose(deps, { payload: toListing({ mode }) })
        const stops = action.findings.filter((finding) => finding.level === 'finding').map((finding) => finding.code)
        expect(stops).toEqual(claim === 201 ? [] : [claim])
        expect((await outcomeOf(await decide(deps, 'approver', action, toApproval(action)))).status).toBe(approve)
        const answer = await outcomeOf(await sendClaim(deps, approvedBefore))
        expect(answer).toEqual(claim === 201 ? { status: 201, code: null } : { status: 409, code: claim })
        if (claim !== 201) {
          expect(await stateOf(deps, approvedBefore.action_id)).toBe('APPROVED')
          expect((await listAuditOf(deps, approvedBefore.action_id)).at(-1)).toMatchObject({
            event_type: 'external_action.claim_refused',
            error_code: claim,
          })
        }
      } finally {
        await setBrake(deps, false)
      }
    },
  )

  it('is nothing at all with an empty environment, and dry (I-14)', async () => {
    const bare = await openTestDeps()
    try {
      const control = await expectStatus(await bare.asExecutor().get('/control'), 200)
      expect(control).toMatchObject({
        external_actions_enabled: false,
        dry_run: true,
        brake_engaged: false,
        caps: [{ cap: 0 }, { currency: 'USD', cap: 0 }],
      })
      expect(Object.values((control as { kill_switches: object }).kill_switches)).toEqual([false, false, false, false, false])
      const action = await proposeApproved(bare)
      expect(await outcomeOf(await sendClaim(bare, action))).toEqual({ status: 409, code: 'kill_switch_off' })
    } finally {
      await bare.close()
    }
  })
})

/** The audit log holds by hash what the ledger wrote; here each record is made again, in SQL alone, from the rows as they are. */
import { createHash } from 'node:crypto'
import { canonicalize } from '@autopack/approval-proof/canonical-json'
import { toPayloadText } from '@autopack/approval-proof/payload'
import type { AuditEvent } from '@autopack/contract/audit'
import type { ExecutorAction } from '@autopack/contract/executor-actions'
import { sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  askChange,
  decide,
  everythingOn,
  expectStatus,
  listAuditOf,
  propose,
  proposeApproved,
  proposeClaimed,
  revise,
  revoke,
  sendClaim,
  sendFinish,
  sendObservation,
  sendResolution,
  toApproval,
  toListing,
  toRejection,
  toSentSha256,
} from '../../test/ledger-story.ts'
import type { Claim } from '../../test/ledger-story.ts'
import { openTestDeps, shiftedClock } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'
import { enrol, passkeyOf } from '../../test/passkey-story.ts'
import { sweepActions } from './sweep-actions.ts'

let deps: TestDeps
let aheadSeconds = 0
beforeAll(async () => {
  deps = await openTestDeps({ ceiling: everythingOn, now: shiftedClock(() => aheadSeconds) })
})
afterAll(() => deps.close())

const iso = (column: string) => sql.raw(`to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`)
const hex = (column: string) => sql.raw(`encode(${column}, 'hex')`)
const base64url = (column: string) => sql.raw(`rtrim(translate(replace(encode(${column}, 'base64'), chr(10), ''), '+/', '-_'), '=')`)
const said = sql`encode(sha256(convert_to(d.decision_id || chr(10) || d.reason, 'UTF8')), 'hex')`

const rebuilt = {
  revision: sql`SELECT jsonb_build_object('record', 'revision', 'action_id', r.action_id, 'revision', r.revision, 'payload_hash', ${hex('r.payload_sha256')},
      'mode', r.mode, 'tier', r.tier, 'descriptor', CASE WHEN r.descriptor_id IS NOT NULL THEN
        jsonb_build_object('id', r.descriptor_id, 'version', r.descriptor_version, 'sha256', ${hex('r.descriptor_sha256')}) END,
      'requested_by', jsonb_build_object('executor_id', x.executor_id, 'name', x.name), 'started_by', run.started_by, 'decide_by', ${iso('r.decide_by')},
      'execute_within_seconds', r.execute_within_seconds, 'hold_seconds', r.hold_seconds, 'step_up', r.step_up, 'created_at', ${iso('r.created_at')},
      'quorum', (SELECT coalesce(jsonb_agg(jsonb_build_object('group', s.group_no, 'slot', s.slot, 'role', s.role) ORDER BY s.group_no, s.slot), '[]')
        FROM control_plane.approval_slot s WHERE s.action_id = r.action_id AND s.revision = r.revision)) AS record
    FROM control_plane.action_revision r JOIN control_plane.external_action a USING (action_id) JOIN control_plane.executor x USING (executor_id)
    LEFT JOIN control_plane.run ON run.run_id = a.run_id`,
  decision: sql`SELECT jsonb_build_object('record', 'decision', 'decision_id', d.decision_id, 'action_id', d.action_id, 'revision', d.revision,
      'payload_hash', ${hex('d.payload_sha256')}, 'kind', d.kind, 'reject_kind', d.reject_kind, 'field', d.field, 'reason_sha256', ${said},
      'operator_id', d.operator_id, 'operator_role', d.operator_role, 'strength', d.strength, 'sole_operator', d.sole_operator,
      'descriptor_sha256', ${hex('d.descriptor_sha256')}, 'display_sha256', ${hex('d.display_sha256')}, 'decided_at', ${iso('d.decided_at')},
      'slot', (SELECT jsonb_build_object('group', s.group_no, 'slot', s.slot) FROM control_plane.approval_slot s WHERE s.decision_id = d.decision_id),
      'signature', CASE WHEN g.signed_act_id IS NOT NULL THEN jsonb_build_object('credential_id', g.credential_id,
        'statement', convert_from(g.statement, 'UTF8'), 'authenticator_data', ${base64url('g.authenticator_data')},
        'client_data', ${base64url('g.client_data')}, 'signature', ${base64url('g.signature')}) END) AS record
    FROM control_plane.decision d LEFT JOIN control_plane.signed_act g USING (signed_act_id) WHERE d.kind IN ('approve', 'reject', 'ask_change')`,
  revocation: sql`SELECT jsonb_build_object('record', 'revocation', 'decision_id', d.decision_id, 'action_id', d.action_id, 'revision', d.revision,
      'kind', d.kind, 'reason_sha256', ${said}, 'operator_id', d.operator_id, 'operator_role', d.operator_role, 'decided_at', ${iso('d.decided_at')}) AS record
    FROM control_plane.decision d WHERE d.kind IN ('revoke', 'veto')`,
  claim: sql`SELECT jsonb_build_object('record', 'claim', 'action_id', e.action_id, 'revision', e.revision, 'payload_hash', ${hex('e.payload_sha256')},
      'authorized_by', z.kind, 'execution_id', e.execution_id, 'fence', e.fence, 'executor_id', e.executor_id, 'key_id', e.key_id,
      'claimed_at', ${iso('e.claimed_at')}, 'expected_sha256', ${hex('e.expected_sha256')}) AS record
    FROM control_plane.execution e JOIN control_plane.action_authorization z USING (action_id, revision)`,
  outcome: sql`SELECT jsonb_build_object('record', 'outcome', 'execution_id', o.execution_id, 'outcome', o.outcome, 'sent', o.sent,
      'sent_sha256', ${hex('o.sent_sha256')}, 'external_object_id', o.external_object_id, 'external_url', o.external_url, 'error_code', o.error_code,
      'error_summary', o.error_summary, 'finished_at', ${iso('o.finished_at')}, 'recorded_by', o.recorded_by) AS record
    FROM control_plane.execution_outcome o`,
  observation: sql`SELECT jsonb_build_object('record', 'observation', 'execution_id', o.execution_id, 'no', o.observation_no, 'result', o.result,
      'observed', o.observed, 'detail', o.detail, 'observed_at', ${iso('o.observed_at')}, 'recorded_by', o.recorded_by) AS record
    FROM control_plane.execution_observation o`,
  resolution: sql`SELECT jsonb_build_object('record', 'resolution', 'execution_id', o.execution_id, 'outcome', o.outcome, 'looked_at', o.looked_at,
      'reason', o.reason, 'external_object_id', o.external_object_id, 'operator_id', o.operator_id, 'operator_role', o.operator_role,
      'resolved_at', ${iso('o.resolved_at')}) AS record
    FROM control_plane.execution_resolution o`,
  passkey: sql`SELECT jsonb_build_object('record', 'passkey', 'credential_id', p.credential_id, 'operator_id', p.operator_id,
      'public_key', ${base64url('p.public_key')}, 'attestation_object', ${base64url('p.attestation_object')}, 'client_data', ${base64url('p.client_data')},
      'relying_party', jsonb_build_object('id', p.rp_id, 'origin', p.origin), 'created_at', ${iso('p.created_at')},
      'endorsement', CASE WHEN a.signed_act_id IS NOT NULL THEN
        jsonb_build_object('credential_id', a.credential_id, 'statement', convert_from(a.statement, 'UTF8'), 'client_data', ${base64url('a.client_data')},
          'authenticator_data', ${base64url('a.authenticator_data')}, 'signature', ${base64url('a.signature')}) END) AS record
    FROM control_plane.passkey p LEFT JOIN control_plane.signed_act a ON a.signed_act_id = p.endorsed_by`,
} satisfies Record<string, SQL>

async function hashesOf(kind: keyof typeof rebuilt): Promise<string[]> {
  const found = await deps.db.execute(rebuilt[kind])
  return (found.rows as { record: object }[]).map(({ record }) => createHash('sha256').update(canonicalize(record)).digest('hex')).toSorted()
}

/** As the audit log has them, of these types of events. */
async function recordedBy(...types: AuditEvent['event_type'][]): Promise<string[]> {
  const found = await deps.db.execute(sql`SELECT event FROM control_plane.audit_event ORDER BY seq`)
  const events = (found.rows as { event: string }[]).map(({ event }) => JSON.parse(event) as AuditEvent)
  return events
    .filter(({ event_type }) => types.includes(event_type))
    .map(({ record_sha256 }) => record_sha256 ?? 'none')
    .toSorted()
}

const finish = (claim: Claim, change: object = {}) =>
  sendFinish(deps, claim, { sent: 'yes', outcome: 'completed', sent_sha256: toSentSha256(claim.payload), external_object_id: 'lst_1', ...change })

const undescribed = () =>
  toPayloadText({
    v: 1,
    provider: 'nobody',
    operation: 'knows_this',
    target: { place: 'somewhere' },
    mode: 'dry_run',
    cost: null,
    request: { method: 'POST', path: '/x', body: { do: crypto.randomUUID() } },
    files: [],
  })

async function tellStories(): Promise<void> {
  await expectStatus(await deps.asExecutor().post('/runs/start', { run: { run_id: 'night', started_by: 'somebody \ud800 else' } }), 201)
  const first = await propose(deps, { more: { run_id: 'night' } })
  const text = toListing({}, 'Edited')
  const edited = { ...((await expectStatus(await revise(deps, first, text), 201)) as ExecutorAction), payload: text }
  await expectStatus(await askChange(deps, 'approver', edited, { field: '/request/body/title', reason: 'Say \ud800 it better.' }), 200)
  const rejected = await propose(deps)
  await expectStatus(await decide(deps, 'approver', rejected, toRejection(rejected)), 200)
  const taken = await proposeApproved(deps)
  await expectStatus(await revoke(deps, 'admin', taken), 200)
  const two = await propose(deps, { payload: undescribed() })
  await enrol(deps, 'approver', { with: await passkeyOf(deps, 'approver') })
  await expectStatus(await decide(deps, 'approver', two, toApproval(two)), 200)
  await expectStatus(await decide(deps, 'admin', two, toApproval(two)), 200)
  const done = await proposeClaimed(deps)
  await expectStatus(await finish(done, { external_url: 'http://127.0.0.1/lst_1' }), 200)
  await expectStatus(await sendObservation(deps, done, 'gone \ud800', { detail: 'I \ud800 looked.' }), 200)
  await expectStatus(await sendObservation(deps, done, null), 200)
  const failed = await proposeClaimed(deps)
  await expectStatus(
    await finish(failed, { sent: 'no', outcome: 'failed', sent_sha256: undefined, error_code: 'x', error_summary: 'half \ud800' }),
    200,
  )
  const lost = await proposeClaimed(deps)
  aheadSeconds = 120
  expect(await sweepActions(deps)).toBe(1)
  await expectStatus(await sendResolution(deps, 'approver', lost, { outcome: 'completed', external_object_id: 'lst_2' }), 200)
}

describe('each record that the ledger writes has its hash in the event that is written with it', () => {
  beforeAll(tellStories)

  it.each([
    ['revision', 8, ['external_action.proposed', 'external_action.revised']],
    ['decision', 8, ['external_action.approved', 'external_action.rejected', 'external_action.change_asked']],
    ['revocation', 1, ['external_action.revoked', 'external_action.vetoed']],
    ['claim', 3, ['external_action.claimed']],
    ['outcome', 3, ['external_action.finished', 'external_action.lease_lost']],
    ['observation', 2, ['external_action.observed']],
    ['resolution', 1, ['external_action.resolved']],
    ['passkey', 3, ['passkey.added']],
  ] as const)('%s', async (kind, count, types) => {
    const recorded = await recordedBy(...types)
    expect(recorded).toHaveLength(count)
    expect(recorded).toEqual(await hashesOf(kind))
  })

  it('a refusal has none: nothing was written but that it was refused', async () => {
    const action = await propose(deps)
    await expectStatus(await sendClaim(deps, action), 409)
    const refused = (await listAuditOf(deps, action.action_id)).at(-1)!
    expect([refused.event_type, 'record_sha256' in refused]).toEqual(['external_action.claim_refused', false])
  })
})

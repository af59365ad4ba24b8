/** What the ledger writes, written by hand: the same rows, in one transaction, without a read or a check of ours. */
import { randomUUID } from 'node:crypto'
import type { Database, Transaction } from '@autopack/server-kit/open-database'
import { sql } from 'drizzle-orm'

export async function bareAudit(tx: Transaction, actionId: string | null): Promise<void> {
  // As long as a decision's.
  const text = JSON.stringify({
    approval_ref: actionId === null ? null : { id: actionId, kind: 'external_action' },
    at: new Date().toISOString(),
    auth_principal_id: 'bench',
    auth_principal_type: 'system',
    event_type: 'bench.bare',
    payload_summary: 'x'.repeat(1_400),
    result_status: 'ok',
  })
  await tx.execute(sql`
    WITH head AS (SELECT seq + 1 AS seq, hash FROM control_plane.audit_head WHERE id = 1 FOR UPDATE)
    INSERT INTO control_plane.audit_event (seq, prev, hash, event)
    SELECT seq, hash, sha256('\\x01'::bytea || int8send(seq) || hash || convert_to(${text}, 'UTF8')), ${text} FROM head`)
}

async function bareEvent(tx: Transaction, actionId: string): Promise<void> {
  await tx.execute(sql`
    WITH head AS (UPDATE control_plane.event_head SET last_id = last_id + 1 WHERE id = 1 RETURNING last_id)
    INSERT INTO control_plane.event (id, type, resource_kind, resource_id, version)
    SELECT last_id, 'external_action.changed', 'external_action', ${actionId}, 2 FROM head`)
}

export async function bareDecision(tx: Transaction, actionId: string, operatorId: string): Promise<void> {
  const decisionId = `dec_${randomUUID()}`
  await tx.execute(sql`
    INSERT INTO control_plane.decision (decision_id, action_id, revision, payload_sha256, kind, reason, operator_id, operator_role, sid_hash, amr,
      request_id, descriptor_sha256, display_sha256, decided_at)
    SELECT ${decisionId}, action_id, revision, payload_sha256, 'approve', 'It is what I asked for.', ${operatorId}, 'approver', repeat('a', 64), '{pwd}',
      'req_bench', descriptor_sha256, payload_sha256, created_at FROM control_plane.action_revision WHERE action_id = ${actionId}`)
  await tx.execute(sql`UPDATE control_plane.approval_slot SET decision_id = ${decisionId} WHERE action_id = ${actionId} AND revision = 1`)
  await tx.execute(sql`
    INSERT INTO control_plane.action_authorization (action_id, revision, payload_sha256, kind, authorized_at, execute_by)
    SELECT action_id, revision, payload_sha256, 'people', created_at, created_at + interval '1 hour'
    FROM control_plane.action_revision WHERE action_id = ${actionId}`)
  await tx.execute(
    sql`UPDATE control_plane.external_action SET state = 'APPROVED', state_since = requested_at, version = version + 1 WHERE action_id = ${actionId}`,
  )
  await bareAudit(tx, actionId)
  await bareEvent(tx, actionId)
}

const caps = [
  ['', ''],
  ['', 'USD'],
  ['demo_shop.create_listing', ''],
] as const

export async function bareClaim(tx: Transaction, actionId: string): Promise<void> {
  const executionId = `exe_${randomUUID()}`
  await tx.execute(sql`
    UPDATE control_plane.external_action SET state = 'EXECUTING', fence = fence + 1, lease_until = requested_at + interval '1 minute',
      version = version + 1 WHERE action_id = ${actionId}`)
  await tx.execute(sql`
    INSERT INTO control_plane.execution (action_id, revision, payload_sha256, execution_id, fence, executor_id, key_id, idempotency_key, claimed_at, expected_sha256)
    SELECT a.action_id, 1, r.payload_sha256, ${executionId}, 1, a.executor_id, a.requested_key_id, ${executionId}, a.requested_at, r.payload_sha256
    FROM control_plane.external_action a JOIN control_plane.action_revision r USING (action_id, revision) WHERE a.action_id = ${actionId}`)
  for (const [scope, currency] of caps) {
    await tx.execute(sql`
      INSERT INTO control_plane.cap_day (day, scope, currency, cap, reserved) VALUES ('2000-01-01', ${scope}, ${currency}, 1000000000, 1)
      ON CONFLICT (day, scope, currency) DO UPDATE SET reserved = cap_day.reserved + 1`)
    await tx.execute(sql`
      INSERT INTO control_plane.execution_reservation (execution_id, day, scope, currency, amount)
      VALUES (${executionId}, '2000-01-01', ${scope}, ${currency}, 1)`)
  }
  await bareAudit(tx, actionId)
  await bareEvent(tx, actionId)
}

/** Copies of the newest action as it was proposed, each waiting for a person. */
export async function seedPending(db: Database, count: number): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.execute(sql`
      CREATE TEMPORARY TABLE copied ON COMMIT DROP AS
      SELECT 'act_' || gen_random_uuid() AS action_id, a.action_id AS original FROM generate_series(1, ${count}::int),
        (SELECT action_id FROM control_plane.external_action ORDER BY requested_at DESC LIMIT 1) a`)
    await tx.execute(sql`
      INSERT INTO control_plane.external_action (action_id, executor_id, requested_at, requested_key_id, state_since, idempotency_key, proposal_sha256)
      SELECT c.action_id, a.executor_id, a.requested_at, a.requested_key_id, a.requested_at, c.action_id, a.proposal_sha256
      FROM copied c JOIN control_plane.external_action a ON a.action_id = c.original`)
    const columns =
      sql.raw(`payload, tier, kill_switch, descriptor_id, descriptor_version, descriptor_sha256, risk_score, risk_level, risk_contributions,
      coverage_explained, coverage_present, blind, title, sentence, target_text, findings, decide_by, execute_within_seconds, hold_seconds, created_at`)
    await tx.execute(sql`
      INSERT INTO control_plane.action_revision (action_id, revision, ${columns})
      SELECT c.action_id, 1, ${columns} FROM copied c JOIN control_plane.action_revision r ON r.action_id = c.original AND r.revision = 1`)
    await tx.execute(sql`
      INSERT INTO control_plane.approval_slot (action_id, revision, group_no, slot, role) SELECT action_id, 1, 0, 0, 'approver' FROM copied`)
  })
  await db.execute(sql`ANALYZE control_plane.external_action`)
  await db.execute(sql`ANALYZE control_plane.action_revision`)
}

import type { AuditEntry } from '@autopack/contract/audit'
import { verifyAuditLog } from '@autopack/verifier/verify-audit-log'
import type { HistoryDeployment } from './history-deployment.ts'
import type { Asked, Audited, Decided, Execution, HistoryRecord } from './history-record.ts'

/** Everything that is on record once the clients are quiet; commits by the database's own commit timestamps. */
export async function readHistory({ owner, readEffects }: HistoryDeployment, asked: readonly Asked[]): Promise<HistoryRecord> {
  const rows = async <T>(text: string) => (await owner.query(text)).rows as T[]
  const committed = (table: string) => `extract(epoch FROM pg_xact_commit_timestamp(${table}.xmin))::float8 * 1000 AS committed`
  const audited =
    await rows<Audited>(`SELECT e.seq::int AS seq, ${committed('e')}, e.event_type, e.result_status, e.event::jsonb ->> 'payload_hash' AS payload_hash,
    CASE WHEN e.approval_ref_id LIKE 'act%' THEN e.approval_ref_id END AS action_id, (e.event::jsonb ->> 'revision')::int AS revision,
    e.auth_principal_id, e.event::jsonb ->> 'error_code' AS error_code, CASE WHEN b.scope_kind = 'all' THEN 'all' ELSE b.scope_kind || '/' || b.scope_id END AS scope
    FROM control_plane.audit_event e LEFT JOIN control_plane.brake b ON b.brake_id = e.approval_ref_id ORDER BY e.seq`)
  const executions = await rows<Execution>(`SELECT x.execution_id, x.action_id, x.revision, encode(x.payload_sha256, 'hex') AS payload_hash,
    encode(x.expected_sha256, 'hex') AS expected_sha256, x.executor_id, r.provider, r.mode, ${committed('x')}, o.outcome, o.sent
    FROM control_plane.execution x JOIN control_plane.action_revision r USING (action_id, revision)
    LEFT JOIN control_plane.execution_outcome o USING (execution_id)`)
  const decided = await rows<Decided>(
    `SELECT d.action_id, d.revision, encode(d.payload_sha256, 'hex') AS payload_hash, d.kind, d.operator_id, ${committed('d')} FROM control_plane.decision d`,
  )
  const caps = await rows<HistoryRecord['caps'][number]>(`SELECT c.day::text, c.scope, c.currency, c.cap::int, c.used::int, c.reserved::int,
    coalesce((SELECT sum(v.amount) FROM control_plane.execution_reservation v LEFT JOIN control_plane.execution_outcome o USING (execution_id)
      WHERE v.day = c.day AND v.scope = c.scope AND v.currency = c.currency AND NOT (coalesce(o.outcome, '') = 'failed' AND o.sent = 'no')), 0)::int AS held
    FROM control_plane.cap_day c`)
  const actions = await rows<HistoryRecord['actions'][number]>(`SELECT a.action_id, a.state, a.revision,
    (SELECT count(*)::int FROM control_plane.approval_slot s WHERE s.action_id = a.action_id AND s.revision = a.revision) AS slots FROM control_plane.external_action a`)
  return { asked, audited, executions, decided, effects: readEffects(), caps, actions, chain: await verifyChain(rows) }
}

async function verifyChain(rows: <T>(text: string) => Promise<T[]>): Promise<string[]> {
  const entries = await rows<{ seq: string; prev: string; hash: string; event: string }>(
    `SELECT seq::text, encode(prev, 'hex') AS prev, encode(hash, 'hex') AS hash, event FROM control_plane.audit_event ORDER BY audit_event.seq`,
  )
  const lines = entries.map(({ seq, prev, hash, event }) =>
    JSON.stringify({ seq: Number(seq), prev, hash, event: JSON.parse(event) as AuditEntry['event'] }),
  )
  const found = await verifyAuditLog(lines)
  return found.ok ? [] : [JSON.stringify(found)]
}

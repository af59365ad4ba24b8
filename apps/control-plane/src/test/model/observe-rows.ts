/** What the database holds after a history, read by SQL alone, and every invariant that it breaks. */
import type { Queryable } from '@autopack/server-kit/open-database'
import { sql } from 'drizzle-orm'

export type Observed = {
  actions: {
    id: string
    state: string
    revision: number
    version: number
    fence: number
    /** Seconds; null: none. */
    notBefore: number | null
    leaseUntil: number | null
    /** Of all revisions. */
    decisions: number
    /** Slots of the revision in force that nobody has filled. */
    openSlots: number
    executions: number
    /** How often the live streams were told of it. */
    announced: number
    /** Types of its audit events, oldest first. */
    audit: string
  }[]
  controlAudit: string
  /** Caps of the whole deployment from a day on: `2030-01-01 USD` → used and reserved. */
  caps: Record<string, [number, number]>
}

export async function observeLedger(db: Queryable, about: { ids: readonly string[]; afterSeq: number; fromDay: string }): Promise<Observed> {
  const found = await db.execute(sql`
    SELECT jsonb_build_object(
      'actions', coalesce((SELECT jsonb_agg(jsonb_build_object(
          'id', a.action_id, 'state', a.state, 'revision', a.revision, 'version', a.version, 'fence', a.fence,
          'notBefore', extract(epoch FROM a.not_before), 'leaseUntil', extract(epoch FROM a.lease_until),
          'decisions', (SELECT count(*) FROM control_plane.decision d WHERE d.action_id = a.action_id),
          'openSlots', (SELECT count(*) FROM control_plane.approval_slot s WHERE s.action_id = a.action_id AND s.revision = a.revision AND s.decision_id IS NULL),
          'executions', (SELECT count(*) FROM control_plane.execution e WHERE e.action_id = a.action_id),
          'announced', (SELECT count(*) FROM control_plane.event n WHERE n.resource_id = a.action_id),
          'audit', (SELECT coalesce(string_agg(replace(v.event_type, 'external_action.', ''), ' ' ORDER BY v.seq), '')
            FROM control_plane.audit_event v WHERE v.approval_ref_id = a.action_id)))
        FROM control_plane.external_action a WHERE a.action_id = ANY (string_to_array(${about.ids.join(',')}, ','))), '[]'),
      'controlAudit', (SELECT coalesce(string_agg(v.event_type, ' ' ORDER BY v.seq), '')
        FROM control_plane.audit_event v WHERE v.seq > ${about.afterSeq}::bigint AND v.event_type LIKE 'control.%'),
      'caps', coalesce((SELECT jsonb_object_agg(c.day || ' ' || c.currency, jsonb_build_array(c.used, c.reserved))
        FROM control_plane.cap_day c WHERE c.scope = '' AND c.day >= ${about.fromDay}::date), '{}')) AS observed`)
  return (found.rows[0] as { observed: Observed }).observed
}

/**
 * One line a broken invariant, over every row there is about these actions; the numbers are those of the list of invariants. What is
 * a constraint is asked again all the same: a constraint can be dropped.
 */
export async function listBrokenInvariants(db: Queryable, about: { ids: readonly string[]; afterSeq: number; fromDay: string }): Promise<string[]> {
  const found = await db.execute(sql`
    WITH a AS MATERIALIZED (SELECT * FROM control_plane.external_action WHERE action_id = ANY (string_to_array(${about.ids.join(',')}, ','))),
    r AS MATERIALIZED (SELECT r.* FROM control_plane.action_revision r JOIN a USING (action_id)),
    e AS MATERIALIZED (SELECT e.* FROM control_plane.execution e JOIN a USING (action_id)),
    o AS MATERIALIZED (SELECT o.* FROM control_plane.execution_outcome o JOIN e USING (execution_id)),
    d AS MATERIALIZED (SELECT d.* FROM control_plane.decision d JOIN a USING (action_id)),
    s AS MATERIALIZED (SELECT s.* FROM control_plane.approval_slot s JOIN a USING (action_id)),
    z AS MATERIALIZED (SELECT z.* FROM control_plane.action_authorization z JOIN a USING (action_id)),
    v AS MATERIALIZED (SELECT v.* FROM control_plane.audit_event v JOIN a ON a.action_id = v.approval_ref_id),
    held AS (
      SELECT h.day, h.scope, h.currency,
        sum(h.amount) FILTER (WHERE o.outcome IS NULL OR (o.outcome = 'unknown' AND n.outcome IS DISTINCT FROM 'completed')) AS reserved,
        sum(h.amount) FILTER (WHERE o.outcome = 'completed' OR (o.outcome = 'failed' AND o.sent = 'yes') OR n.outcome = 'completed') AS used
      FROM control_plane.execution_reservation h
      LEFT JOIN control_plane.execution_outcome o USING (execution_id) LEFT JOIN control_plane.execution_resolution n USING (execution_id)
      WHERE h.day >= ${about.fromDay}::date GROUP BY 1, 2, 3)
    SELECT text FROM (
      SELECT 'I-1: ' || e.execution_id || ' has no authorization of its revision and hash' FROM e
        WHERE NOT EXISTS (SELECT FROM z WHERE (z.action_id, z.revision, z.payload_sha256) = (e.action_id, e.revision, e.payload_sha256))
      UNION ALL SELECT 'I-1: tier C or blind ' || z.action_id || ' was authorized by policy' FROM z JOIN r USING (action_id, revision)
        WHERE z.kind = 'policy' AND (r.tier = 'C' OR r.blind)
      UNION ALL SELECT 'I-1: ' || z.action_id || ' was authorized by people although a slot is open' FROM z
        WHERE z.kind = 'people' AND (NOT EXISTS (SELECT FROM s WHERE (s.action_id, s.revision) = (z.action_id, z.revision))
          OR EXISTS (SELECT FROM s WHERE (s.action_id, s.revision) = (z.action_id, z.revision) AND s.decision_id IS NULL))
      UNION ALL SELECT 'I-1: two slots of ' || s.action_id || ' were filled by one person' FROM s JOIN d USING (decision_id)
        GROUP BY s.action_id, s.revision, d.operator_id HAVING count(*) > 1
      UNION ALL SELECT 'I-1: a blind action ' || r.action_id || ' needs one person' FROM r
        WHERE r.blind AND (SELECT count(*) FROM s WHERE (s.action_id, s.revision) = (r.action_id, r.revision)) < 2
      UNION ALL SELECT 'I-2: ' || e.execution_id || ' began before it was authorized, or after its time' FROM e JOIN z USING (action_id, revision)
        WHERE e.claimed_at < z.authorized_at OR e.claimed_at >= z.execute_by
      UNION ALL SELECT 'I-2: ' || a.action_id || ' executes before its hold is over' FROM a JOIN e USING (action_id, revision) WHERE e.claimed_at < a.not_before
      UNION ALL SELECT 'I-2: ' || a.action_id || ' is ' || a.state || ' without an execution' FROM a
        WHERE a.state IN ('EXECUTING', 'COMPLETED', 'FAILED', 'UNKNOWN', 'SIMULATED')
          AND NOT EXISTS (SELECT FROM e WHERE (e.action_id, e.revision, e.fence) = (a.action_id, a.revision, a.fence))
      UNION ALL SELECT 'I-3: revision ' || r.revision || ' of ' || r.action_id || ' is stored under another hash' FROM r WHERE sha256(r.payload) <> r.payload_sha256
      UNION ALL SELECT 'I-3: ' || d.decision_id || ' is about other bytes' FROM d JOIN r USING (action_id, revision) WHERE d.payload_sha256 <> sha256(r.payload)
      UNION ALL SELECT 'I-3: ' || e.execution_id || ' handed out other bytes' FROM e JOIN r USING (action_id, revision) WHERE e.payload_sha256 <> sha256(r.payload)
      UNION ALL SELECT 'I-5: ' || r.action_id || ' does something its bytes do not say' FROM r, LATERAL (SELECT convert_from(r.payload, 'UTF8')::jsonb AS j) p
        WHERE (r.provider, r.operation, r.mode, r.cost_amount_minor) IS DISTINCT FROM
          (p.j ->> 'provider', p.j ->> 'operation', p.j ->> 'mode', (p.j -> 'cost' ->> 'amount_minor')::bigint)
      UNION ALL SELECT 'I-6: ' || d.decision_id || ' names no display or another descriptor' FROM d JOIN r USING (action_id, revision)
        WHERE d.kind = 'approve' AND (d.display_sha256 IS NULL OR d.descriptor_sha256 IS DISTINCT FROM r.descriptor_sha256)
      UNION ALL SELECT 'I-7: slot of revision ' || s.revision || ' of ' || s.action_id || ' is filled by a decision about another' FROM s JOIN d USING (decision_id)
        WHERE (d.action_id, d.revision, d.kind) IS DISTINCT FROM (s.action_id, s.revision, 'approve')
      UNION ALL SELECT 'I-7: ' || a.action_id || ' is ' || a.state || ' by an older revision' FROM a
        WHERE a.state IN ('APPROVED', 'EXECUTING', 'COMPLETED', 'FAILED', 'UNKNOWN', 'SIMULATED')
          AND NOT EXISTS (SELECT FROM z WHERE (z.action_id, z.revision) = (a.action_id, a.revision))
      UNION ALL SELECT 'I-8: ' || a.action_id || ' has fence ' || a.fence || ' and not as many executions' FROM a
        WHERE a.fence <> (SELECT count(*) FROM e WHERE e.action_id = a.action_id)
      UNION ALL SELECT 'I-8: ' || e.action_id || ' was claimed twice in one revision' FROM e GROUP BY e.action_id, e.revision HAVING count(*) > 1
      UNION ALL SELECT 'I-8: ' || e.execution_id || ' belongs to a stranger' FROM e JOIN a USING (action_id) WHERE e.executor_id <> a.executor_id
      UNION ALL SELECT 'I-9: ' || d.decision_id || ' came after the time to decide' FROM d JOIN r USING (action_id, revision)
        WHERE d.kind IN ('approve', 'reject', 'ask_change') AND d.decided_at >= r.decide_by
      UNION ALL SELECT 'I-10: ' || d.decision_id || ' is by somebody who may not' FROM d JOIN control_plane.operator p USING (operator_id)
        WHERE NOT p.enabled OR (d.kind IN ('approve', 'reject', 'ask_change') AND p.role NOT IN ('approver', 'admin'))
      UNION ALL SELECT 'I-10: ' || d.decision_id || ' approves what they asked for' FROM d JOIN a USING (action_id) JOIN control_plane.run n USING (run_id)
        WHERE d.kind = 'approve' AND n.started_by = d.operator_id
      UNION ALL SELECT 'I-11: ' || a.action_id || ' is ' || a.state || ' and was claimed' FROM a JOIN e USING (action_id, revision)
        WHERE a.state IN ('PENDING', 'APPROVED', 'REJECTED', 'REVOKED', 'CANCELLED', 'EXPIRED')
      UNION ALL SELECT 'I-12: ' || v.approval_ref_id || ' changed after its end' FROM v JOIN v AS ended ON ended.approval_ref_id = v.approval_ref_id AND ended.seq < v.seq
        WHERE ended.result_status IN ('COMPLETED', 'FAILED', 'SIMULATED', 'REJECTED', 'REVOKED', 'EXPIRED', 'CANCELLED')
          AND v.result_status NOT IN ('refused', ended.result_status)
      UNION ALL SELECT 'I-15: cap of ' || c.day || ' ' || c.scope || ' ' || c.currency || ' is overdrawn' FROM control_plane.cap_day c
        WHERE c.day >= ${about.fromDay}::date AND c.used + c.reserved > c.cap
      UNION ALL SELECT 'I-15: cap of ' || c.day || ' ' || c.scope || ' ' || c.currency || ' does not add up' FROM control_plane.cap_day c
        LEFT JOIN held USING (day, scope, currency)
        WHERE c.day >= ${about.fromDay}::date AND (c.reserved, c.used) IS DISTINCT FROM (coalesce(held.reserved, 0), coalesce(held.used, 0))
      UNION ALL SELECT 'I-16: ' || e.execution_id || ' ended without a report or a person who looked' FROM e LEFT JOIN o USING (execution_id)
        JOIN a USING (action_id, revision) WHERE a.state IN ('COMPLETED', 'FAILED', 'UNKNOWN', 'SIMULATED') AND o.execution_id IS NULL
      UNION ALL SELECT 'I-17: ' || o.execution_id || ' is completed by other bytes' FROM o JOIN e USING (execution_id)
        WHERE o.outcome = 'completed' AND o.sent_sha256 IS DISTINCT FROM e.expected_sha256
      UNION ALL SELECT 'I-19: ' || a.action_id || ' ended without an audit event that says so' FROM a
        WHERE a.state NOT IN ('PENDING', 'APPROVED') AND NOT EXISTS (
          SELECT FROM v WHERE v.approval_ref_id = a.action_id AND v.result_status = a.state)
      UNION ALL SELECT 'I-19: ' || a.action_id || ' is at version ' || a.version || ', and the streams were told of ' || x.newest FROM a,
        LATERAL (SELECT max(version) AS newest FROM control_plane.event n WHERE n.resource_id = a.action_id) x
        WHERE x.newest IS DISTINCT FROM a.version
      UNION ALL SELECT 'I-20: audit event ' || v.seq || ' does not follow ' || v.seq - 1 FROM control_plane.audit_event v
        LEFT JOIN control_plane.audit_event p ON p.seq = v.seq - 1
        WHERE v.seq > ${about.afterSeq}::bigint AND v.seq > 1 AND v.prev IS DISTINCT FROM p.hash
      UNION ALL SELECT 'I-20: the head is not the last event' FROM control_plane.audit_head h
        WHERE h.seq <> (SELECT max(seq) FROM control_plane.audit_event)
    ) AS broken (text) LIMIT 20`)
  return (found.rows as { text: string }[]).map(({ text }) => text)
}

/** The newest audit event before a history begins. */
export async function readAuditSeq(db: Queryable): Promise<number> {
  const found = await db.execute(sql`SELECT seq::float8 AS seq FROM control_plane.audit_head`)
  return Number((found.rows[0] as { seq: number }).seq)
}

/** The ids that an answer would have said which was lost: of the action and the execution with this key, and of a brake nobody knows yet. */
export async function findLostAnswer(
  db: Queryable,
  key: string,
  knownBrakes: readonly string[],
): Promise<{ actionId?: string; executionId?: string; brakeId?: string }> {
  const found = await db.execute(sql`
    SELECT (SELECT action_id FROM control_plane.external_action WHERE idempotency_key = ${key}) AS "actionId",
      (SELECT execution_id FROM control_plane.execution WHERE idempotency_key = ${key}) AS "executionId",
      (SELECT brake_id FROM control_plane.brake WHERE released_at IS NULL AND brake_id <> ALL (string_to_array(${knownBrakes.join(',')}, ',')) LIMIT 1) AS "brakeId"`)
  const { actionId, executionId, brakeId } = found.rows[0] as { actionId: string | null; executionId: string | null; brakeId: string | null }
  return {
    ...(actionId === null ? {} : { actionId }),
    ...(executionId === null ? {} : { executionId }),
    ...(brakeId === null ? {} : { brakeId }),
  }
}

/** Asks every deferred constraint now, as a commit would. */
export async function askConstraints(db: Queryable): Promise<void> {
  await db.execute(sql`SET CONSTRAINTS ALL IMMEDIATE`)
  await db.execute(sql`SET CONSTRAINTS ALL DEFERRED`)
}

/** The switches, caps and brakes of a deployment where nobody has touched anything. */
export async function resetControl(db: Queryable, adminId: string): Promise<void> {
  await db.execute(sql`UPDATE control_plane.control SET external_actions_enabled = true, dry_run = false,
    kill_switches = kill_switches || '{"DEMO_SHOP_PUBLISH": true, "ETSY_PUBLISH": true}'`)
  await db.execute(sql`UPDATE control_plane.brake SET released_at = engaged_at, released_by = ${adminId}, released_reason = 'The history is over.'
    WHERE released_at IS NULL`)
  await db.execute(sql`UPDATE control_plane.working_cap SET cap = 1000000000`)
}

import type { AuditEvent } from '@autopack/contract/audit'
import type { BrakeScope } from '@autopack/contract/control'
import type { Queryable, Transaction } from '@autopack/server-kit/open-database'
import { asc, eq, inArray, sql } from 'drizzle-orm'
import { auditEventTable, auditHeadTable } from '../db/audit-tables.ts'
import { brakeTable, controlTable } from '../db/control-tables.ts'
import { operatorTable } from '../db/people-tables.ts'
import type { Principal } from '../shared/principal.ts'

/** The end of the chain, locked until the transaction ends. `hash` is hex. */
export async function lockAuditHead(tx: Transaction): Promise<{ seq: number; hash: string; at: Date }> {
  const [head] = await tx
    .select({
      seq: auditHeadTable.seq,
      hash: auditHeadTable.hash,
      milliseconds: sql`floor(extract(epoch FROM clock_timestamp()) * 1000)::float8`.mapWith(Number),
    })
    .from(auditHeadTable)
    .where(eq(auditHeadTable.id, 1))
    .for('update')
  if (!head) throw new Error('the audit log has no head')
  return { seq: head.seq, hash: head.hash.toString('hex'), at: new Date(head.milliseconds) }
}

/** The latest moment that an event was written at, by the clock of the database; null: there is none. Without a lock. */
export async function findLatestAuditMoment(db: Queryable): Promise<Date | null> {
  const [head] = await db.select({ latest_at: auditHeadTable.latest_at }).from(auditHeadTable).where(eq(auditHeadTable.id, 1)).limit(1)
  return head?.latest_at ?? null
}

export type AuditVisibility = { executorId: string | null; ownerOperatorId: string | null }

export type AuditContext = {
  visibility: AuditVisibility
  /** Which event about the thing of its `approval_ref` it is, from 1. */
  approval_ref_no: number
  has_late_brakes: boolean
}

/**
 * Whose event it is: the executor's own, or that of the action, request or run it names; how many events about the same thing there are; and
 * whether brakes were engaged that the log does not know yet. Asked after the head is locked, in a statement that sees everything that committed
 * before.
 */
export async function findAuditContext(tx: Transaction, principal: Principal, event: AuditEvent): Promise<AuditContext> {
  const own: AuditVisibility =
    principal.kind === 'executor'
      ? { executorId: principal.executorId, ownerOperatorId: principal.ownerOperatorId }
      : { executorId: null, ownerOperatorId: null }
  const { kind, id } = event.approval_ref ?? { kind: null, id: null }
  const actionId = kind === 'external_action' ? id : null
  const requestId = actionId === null ? id : null
  const found = await tx.execute(sql`
    SELECT coalesce(action.executor_id, request.executor_id, run.executor_id) AS executor_id, run.owner_operator_id,
      EXISTS (SELECT FROM control_plane.brake WHERE NOT brake.audited) AS has_late_brakes,
      (SELECT coalesce(max(same.approval_ref_no), 0) + 1 FROM control_plane.audit_event AS same
        WHERE same.approval_ref_id = ${id}::text AND same.approval_ref_kind = ${kind}::text)::float8 AS approval_ref_no
    FROM (SELECT 1) AS one
    LEFT JOIN control_plane.external_action AS action ON action.action_id = ${actionId}::text
    LEFT JOIN control_plane.request AS request ON request.request_id = ${requestId}::text
    LEFT JOIN control_plane.run AS run ON run.run_id = coalesce(${event.run_id}::text, action.run_id, request.known_run_id)`)
  const row = found.rows[0] as { executor_id: string | null; owner_operator_id: string | null; has_late_brakes: boolean; approval_ref_no: number }
  const visibility = row.executor_id === null ? own : { executorId: row.executor_id, ownerOperatorId: row.owner_operator_id }
  return { visibility, has_late_brakes: row.has_late_brakes, approval_ref_no: row.approval_ref_no }
}

export type LateBrake = { brake_id: string; scope: BrakeScope; engaged_at: Date; operator_id: string; name: string; reason: string }

/** Brakes whose engaging the log does not know, the oldest first. Only whoever holds the head asks, and only they write it. */
export async function listLateBrakes(tx: Transaction): Promise<LateBrake[]> {
  const rows = await tx
    .select({ brake: brakeTable, name: operatorTable.name })
    .from(brakeTable)
    .innerJoin(operatorTable, eq(operatorTable.operator_id, brakeTable.engaged_by))
    .where(eq(brakeTable.audited, false))
    .orderBy(asc(brakeTable.engaged_at), asc(brakeTable.brake_id))
    .limit(1_000)
  return rows.map(({ brake, name }) => ({
    brake_id: brake.brake_id,
    scope: { kind: brake.scope_kind, id: brake.scope_id },
    engaged_at: brake.engaged_at,
    operator_id: brake.engaged_by,
    name,
    reason: brake.engaged_reason,
  }))
}

export async function markBrakesAudited(tx: Transaction, brakeIds: readonly string[]): Promise<void> {
  await tx
    .update(brakeTable)
    .set({ audited: true })
    .where(inArray(brakeTable.brake_id, [...brakeIds]))
}

/** What control.changed says; 0 when the row is missing. */
export async function findControlVersion(tx: Transaction): Promise<number> {
  const [row] = await tx.select({ version: controlTable.version }).from(controlTable).where(eq(controlTable.id, 1)).limit(1)
  return row?.version ?? 0
}

/** What the text says is found by columns that the database makes of it. */
export async function insertAuditEvent(
  tx: Transaction,
  entry: { seq: number; prev: string; hash: string; text: string; visibility: AuditVisibility },
): Promise<void> {
  await tx.insert(auditEventTable).values({
    seq: entry.seq,
    prev: Buffer.from(entry.prev, 'hex'),
    hash: Buffer.from(entry.hash, 'hex'),
    event: entry.text,
    executor_id: entry.visibility.executorId,
    owner_operator_id: entry.visibility.ownerOperatorId,
  })
}

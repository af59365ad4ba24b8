import type { AuditEntry, AuditEvent } from '@autopack/contract/audit'
import type { Database } from '@autopack/server-kit/open-database'
import { and, asc, desc, eq, gt, gte, isNull, lt, lte, or } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { auditEventTable } from '../../db/audit-tables.ts'
import { boundedCount } from '../../shared/bounded-count.ts'
import { canSee } from '../../shared/can-see.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'

type AuditRow = Pick<typeof auditEventTable.$inferSelect, 'seq' | 'prev' | 'hash' | 'event'>

const entryColumns = { seq: auditEventTable.seq, prev: auditEventTable.prev, hash: auditEventTable.hash, event: auditEventTable.event }

/** The entries from `window.from` on and before `window.before`, newest first. */
export async function listAuditRows(
  db: Database,
  principal: OperatorPrincipal,
  condition: SQL | undefined,
  window: AuditWindow,
  limit: number,
): Promise<AuditEntry[]> {
  const rows = await db
    .select(entryColumns)
    .from(auditEventTable)
    .where(and(mayRead(principal), condition, isIn(window)))
    .orderBy(desc(auditEventTable.seq))
    .limit(limit)
  return rows.map(toEntry)
}

/** The entries behind `window.after` up to `window.upTo`, oldest first. */
export async function listAuditRowsForward(
  db: Database,
  principal: OperatorPrincipal,
  condition: SQL | undefined,
  window: { after: number; upTo: number },
  limit: number,
): Promise<AuditEntry[]> {
  const rows = await db
    .select(entryColumns)
    .from(auditEventTable)
    .where(and(mayRead(principal), condition, gt(auditEventTable.seq, window.after), lte(auditEventTable.seq, window.upTo)))
    .orderBy(asc(auditEventTable.seq))
    .limit(limit)
  return rows.map(toEntry)
}

export async function countAuditRows(
  db: Database,
  principal: OperatorPrincipal,
  condition: SQL | undefined,
  window: AuditWindow,
): Promise<{ count: number; exact: boolean }> {
  return boundedCount(
    db,
    db
      .select({ seq: auditEventTable.seq })
      .from(auditEventTable)
      .where(and(mayRead(principal), condition, isIn(window))),
  )
}

/** From `from` on, and before `before`; null: without an end there. */
export type AuditWindow = { from: number | null; before: number | null }

function isIn({ from, before }: AuditWindow): SQL | undefined {
  return and(from === null ? undefined : gte(auditEventTable.seq, from), before === null ? undefined : lt(auditEventTable.seq, before))
}

/** Behind the newest entry that was written before this moment, so that a search for words does not begin a year too late. */
export async function findSeqAfter(db: Database, until: Date): Promise<number> {
  const [row] = await db
    .select({ seq: auditEventTable.seq })
    .from(auditEventTable)
    .where(lt(auditEventTable.at, until))
    .orderBy(desc(auditEventTable.at), desc(auditEventTable.seq))
    .limit(1)
  return (row?.seq ?? 0) + 1
}

/** Whether anything before this place was written at this moment or later. */
export async function hasOlderSince(db: Database, before: number, since: Date): Promise<boolean> {
  const found = await db
    .select({ seq: auditEventTable.seq })
    .from(auditEventTable)
    .where(and(gte(auditEventTable.at, since), lt(auditEventTable.seq, before)))
    .orderBy(asc(auditEventTable.at), asc(auditEventTable.seq))
    .limit(1)
  return found.length > 0
}

export async function findAuditRow(db: Database, principal: OperatorPrincipal, seq: number): Promise<AuditEntry | null> {
  const [row] = await db
    .select(entryColumns)
    .from(auditEventTable)
    .where(and(eq(auditEventTable.seq, seq), mayRead(principal)))
    .limit(1)
  return row ? toEntry(row) : null
}

/** Admins see all; others what they may see of runs and actions, what they did themselves, and what the system did. */
function mayRead(principal: OperatorPrincipal): SQL | undefined {
  const { executor_id, owner_operator_id, auth_principal_id, auth_principal_type, run_id } = auditEventTable
  return or(
    canSee(principal, { executorId: executor_id, ownerOperatorId: owner_operator_id }),
    and(eq(auth_principal_type, 'operator'), eq(auth_principal_id, principal.operatorId)),
    and(eq(auth_principal_type, 'system'), isNull(executor_id), isNull(run_id)),
  )
}

function toEntry(row: AuditRow): AuditEntry {
  return { seq: row.seq, prev: row.prev.toString('hex'), hash: row.hash.toString('hex'), event: JSON.parse(row.event) as AuditEvent }
}

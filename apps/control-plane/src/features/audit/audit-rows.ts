import type { AuditEntry, AuditEvent, listAuditEvents } from '@autopack/contract/audit'
import type { QueryOf } from '@autopack/contract/route'
import type { Database } from '@autopack/server-kit/open-database'
import { and, asc, desc, eq, gt, lt, lte, ne, or, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { auditEventTable, auditHeadTable } from '../../db/audit-tables.ts'
import { boundedCount } from '../../shared/bounded-count.ts'
import { canSee } from '../../shared/can-see.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'

export type AuditFilter = Omit<QueryOf<typeof listAuditEvents>, 'cursor' | 'limit'>
type AuditRow = Pick<typeof auditEventTable.$inferSelect, 'seq' | 'prev' | 'hash' | 'event'>

/**
 * A free search reads every text it may find; over a million entries that would hold the database for seconds. It looks
 * at the newest entries only, unless a run or an action already narrows it.
 */
const searchWindow = 20_000

const entryColumns = { seq: auditEventTable.seq, prev: auditEventTable.prev, hash: auditEventTable.hash, event: auditEventTable.event }

export async function listAuditRows(
  db: Database,
  principal: OperatorPrincipal,
  filter: AuditFilter,
  page: { before: number | null; limit: number },
): Promise<AuditEntry[]> {
  const rows = await db
    .select(entryColumns)
    .from(auditEventTable)
    .where(and(toCondition(principal, filter), page.before === null ? undefined : lt(auditEventTable.seq, page.before)))
    .orderBy(desc(auditEventTable.seq))
    .limit(page.limit)
  return rows.map(toEntry)
}

/** `exact: false` also where the search did not look at the whole log. */
export async function countAuditRows(db: Database, principal: OperatorPrincipal, filter: AuditFilter): Promise<{ count: number; exact: boolean }> {
  const counted = await boundedCount(db, db.select({ seq: auditEventTable.seq }).from(auditEventTable).where(toCondition(principal, filter)))
  if (!isWindowed(filter)) return counted
  const head = await readAuditHead(db)
  return { count: counted.count, exact: counted.exact && head.seq <= searchWindow }
}

function isWindowed(filter: AuditFilter): boolean {
  return filter.q !== undefined && filter.q !== '' && filter.run_id === undefined && filter.approval_ref === undefined
}

export async function findAuditRow(db: Database, principal: OperatorPrincipal, seq: number): Promise<AuditEntry | null> {
  const [row] = await db
    .select(entryColumns)
    .from(auditEventTable)
    .where(and(eq(auditEventTable.seq, seq), toCondition(principal, {})))
    .limit(1)
  return row ? toEntry(row) : null
}

export async function readAuditHead(db: Database): Promise<{ seq: number; hash: string }> {
  const [head] = await db.select({ seq: auditHeadTable.seq, hash: auditHeadTable.hash }).from(auditHeadTable).where(eq(auditHeadTable.id, 1))
  if (!head) throw new Error('the audit log has no head')
  return { seq: head.seq, hash: head.hash.toString('hex') }
}

/** A page of the whole chain in order, each entry as one line of JSON; the event's text is passed on untouched. */
export async function listAuditLines(db: Database, page: { after: number; upTo: number; limit: number }): Promise<{ lines: string[]; last: number }> {
  const rows = await db
    .select(entryColumns)
    .from(auditEventTable)
    .where(and(gt(auditEventTable.seq, page.after), lte(auditEventTable.seq, page.upTo)))
    .orderBy(asc(auditEventTable.seq))
    .limit(page.limit)
  const lines = rows.map(
    ({ seq, prev, hash, event }) => `{"seq":${seq},"prev":"${prev.toString('hex')}","hash":"${hash.toString('hex')}","event":${event}}\n`,
  )
  return { lines, last: rows.at(-1)?.seq ?? page.upTo }
}

/** Admins see all; others what they may see of runs and actions, what they did themselves, and what the system did. */
function toCondition(principal: OperatorPrincipal, filter: AuditFilter): SQL | undefined {
  const { executor_id, owner_operator_id, auth_principal_id, auth_principal_name, auth_principal_type } = auditEventTable
  return and(
    or(
      canSee(principal, { executorId: executor_id, ownerOperatorId: owner_operator_id }),
      and(eq(auth_principal_type, 'operator'), eq(auth_principal_id, principal.operatorId)),
      and(eq(auth_principal_type, 'system'), sql`${executor_id} IS NULL`, sql`${auditEventTable.run_id} IS NULL`),
    ),
    filter.actor === undefined ? undefined : or(eq(auth_principal_id, filter.actor), eq(auth_principal_name, filter.actor)),
    filter.event_type === undefined ? undefined : eq(auditEventTable.event_type, filter.event_type),
    filter.run_id === undefined ? undefined : eq(auditEventTable.run_id, filter.run_id),
    filter.approval_ref === undefined ? undefined : eq(auditEventTable.approval_ref_id, filter.approval_ref),
    filter.result === undefined ? undefined : (filter.result === 'refused' ? eq : ne)(auditEventTable.result_status, 'refused'),
    isWindowed(filter) ? sql`${auditEventTable.seq} > (SELECT head.seq FROM ${auditHeadTable} AS head) - ${searchWindow}::bigint` : undefined,
    filter.q === undefined || filter.q === '' ? undefined : sql`${auditEventTable.event} ILIKE ${`%${filter.q.replace(/[\\%_]/g, '\\$&')}%`}`,
  )
}

function toEntry(row: AuditRow): AuditEntry {
  return { seq: row.seq, prev: row.prev.toString('hex'), hash: row.hash.toString('hex'), event: JSON.parse(row.event) as AuditEvent }
}

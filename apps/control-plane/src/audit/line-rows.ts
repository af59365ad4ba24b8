import type { Queryable } from '@autopack/server-kit/open-database'
import { and, asc, eq, gt, lte } from 'drizzle-orm'
import { auditEventTable, auditHeadTable } from '../db/audit-tables.ts'

export async function readAuditHead(db: Queryable): Promise<{ seq: number; hash: string }> {
  const [head] = await db.select({ seq: auditHeadTable.seq, hash: auditHeadTable.hash }).from(auditHeadTable).where(eq(auditHeadTable.id, 1))
  if (!head) throw new Error('the audit log has no head')
  return { seq: head.seq, hash: head.hash.toString('hex') }
}

/** A page of the whole chain in order, each entry as one line of JSON; the event's text is passed on untouched. */
export async function listAuditLines(
  db: Queryable,
  page: { after: number; upTo: number; limit: number },
): Promise<{ lines: string[]; last: number }> {
  const rows = await db
    .select({ seq: auditEventTable.seq, prev: auditEventTable.prev, hash: auditEventTable.hash, event: auditEventTable.event })
    .from(auditEventTable)
    .where(and(gt(auditEventTable.seq, page.after), lte(auditEventTable.seq, page.upTo)))
    .orderBy(asc(auditEventTable.seq))
    .limit(page.limit)
  const lines = rows.map(
    ({ seq, prev, hash, event }) => `{"seq":${seq},"prev":"${prev.toString('hex')}","hash":"${hash.toString('hex')}","event":${event}}\n`,
  )
  return { lines, last: rows.at(-1)?.seq ?? page.upTo }
}

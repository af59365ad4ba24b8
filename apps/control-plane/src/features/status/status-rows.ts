import type { Database } from '@autopack/server-kit/open-database'
import { eq, sql } from 'drizzle-orm'
import { auditHeadTable } from '../../db/audit-tables.ts'
import { eventHeadTable } from '../../db/event-tables.ts'

export async function countMigrations(db: Database): Promise<number> {
  const counted = await db.execute(sql`SELECT count(*)::int AS counted FROM control_plane.migration`)
  return Number((counted.rows[0] as { counted: number }).counted)
}

/** Where the two logs stand, and the database's clock. */
export async function readHeads(db: Database): Promise<{ auditSeq: number; auditHash: string; lastEventId: number; now: Date }> {
  const [heads] = await db
    .select({
      auditSeq: auditHeadTable.seq,
      auditHash: auditHeadTable.hash,
      lastEventId: eventHeadTable.last_id,
      milliseconds: sql`floor(extract(epoch FROM clock_timestamp()) * 1000)::float8`.mapWith(Number),
    })
    .from(auditHeadTable)
    .innerJoin(eventHeadTable, eq(eventHeadTable.id, auditHeadTable.id))
    .limit(1)
  if (!heads) throw new Error('the logs have no heads')
  return { auditSeq: heads.auditSeq, auditHash: heads.auditHash.toString('hex'), lastEventId: heads.lastEventId, now: new Date(heads.milliseconds) }
}

import type { Queryable } from '@autopack/server-kit/open-database'
import { and, asc, eq, gt, inArray, isNull, lt, ne, sql } from 'drizzle-orm'
import { sessionTable } from '../db/bff-tables.ts'

export type SessionRow = typeof sessionTable.$inferSelect

/** Not revoked, not idle, not over at `now`. */
function isLive(now: Date) {
  return and(
    isNull(sessionTable.revoked_at),
    gt(sessionTable.absolute_expires_at, now),
    sql`${sessionTable.last_activity_at} + make_interval(secs => ${sessionTable.idle_seconds}) > ${sql.param(now, sessionTable.last_activity_at)}`,
  )
}

export async function createSessionRow(db: Queryable, row: SessionRow): Promise<void> {
  await db.insert(sessionTable).values(row)
}

export async function findLiveSession(db: Queryable, sidSha256: string, now: Date): Promise<SessionRow | null> {
  const [row] = await db
    .select()
    .from(sessionTable)
    .where(and(eq(sessionTable.sid_sha256, sidSha256), isLive(now)))
    .limit(1)
  return row ?? null
}

/** Which of these sessions are still live; at most 1,000 are asked for at once. */
export async function listLiveSessionIds(db: Queryable, sidSha256s: readonly string[], now: Date): Promise<Set<string>> {
  const rows = await db
    .select({ id: sessionTable.sid_sha256 })
    .from(sessionTable)
    .where(and(inArray(sessionTable.sid_sha256, [...sidSha256s]), isLive(now)))
    .limit(1_000)
  return new Set(rows.map((row) => row.id))
}

/** Oldest first. */
export async function listLiveSessions(db: Queryable, operatorId: string, now: Date): Promise<SessionRow[]> {
  return db
    .select()
    .from(sessionTable)
    .where(and(eq(sessionTable.operator_id, operatorId), isLive(now)))
    .orderBy(asc(sessionTable.signed_in_at), asc(sessionTable.sid_sha256))
    .limit(50)
}

/** Everybody's, oldest first; more than a console has. */
export async function listEveryLiveSession(db: Queryable, now: Date): Promise<SessionRow[]> {
  return db.select().from(sessionTable).where(isLive(now)).orderBy(asc(sessionTable.auth_time), asc(sessionTable.sid_sha256)).limit(50_000)
}

/** Returns the ids that were live until now. */
export async function revokeSessions(db: Queryable, sidSha256s: readonly string[], now: Date): Promise<string[]> {
  if (sidSha256s.length === 0) return []
  const rows = await db
    .update(sessionTable)
    .set({ revoked_at: now })
    .where(and(inArray(sessionTable.sid_sha256, [...sidSha256s]), isNull(sessionTable.revoked_at)))
    .returning({ id: sessionTable.sid_sha256 })
  return rows.map((row) => row.id)
}

/** Every session of this person but the kept one; null keeps none. */
export async function revokeOtherSessions(db: Queryable, operatorId: string, keptSidSha256: string | null, now: Date): Promise<string[]> {
  const rows = await db
    .update(sessionTable)
    .set({ revoked_at: now })
    .where(
      and(
        eq(sessionTable.operator_id, operatorId),
        keptSidSha256 === null ? undefined : ne(sessionTable.sid_sha256, keptSidSha256),
        isNull(sessionTable.revoked_at),
      ),
    )
    .returning({ id: sessionTable.sid_sha256 })
  return rows.map((row) => row.id)
}

/** Writes at most once a minute a session, however often it is called. */
export async function recordSessionActivity(db: Queryable, sidSha256: string, now: Date): Promise<void> {
  await db
    .update(sessionTable)
    .set({ last_activity_at: now })
    .where(and(eq(sessionTable.sid_sha256, sidSha256), lt(sessionTable.last_activity_at, new Date(now.getTime() - 60_000)), isLive(now)))
}

/** Sessions that ended more than a day ago tell nothing that the audit log does not. */
export async function deleteEndedSessions(db: Queryable, now: Date): Promise<void> {
  const before = new Date(now.getTime() - 24 * 3_600_000)
  await db.delete(sessionTable).where(lt(sessionTable.absolute_expires_at, before))
}

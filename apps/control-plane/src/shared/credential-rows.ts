import { timingSafeEqual } from 'node:crypto'
import type { Database, Queryable } from '@autopack/server-kit/open-database'
import { and, eq, isNull, lt, or, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { executorKeyTable, executorTable, operatorSeenTable, operatorTable, usedAssertionTable } from '../db/people-tables.ts'
import type { ExecutorPrincipal } from './principal.ts'

/** The executor of a live key, or null: unknown, another secret, expired and revoked look the same from outside. */
export async function findExecutorByKey(
  db: Database,
  key: { keyId: string; sha256: Buffer },
  now: SQL,
): Promise<{ principal: ExecutorPrincipal; useIsStale: boolean } | null> {
  const [row] = await db
    .select({
      key: executorKeyTable,
      executor: executorTable,
      ownerEnabled: operatorTable.enabled,
      live: sql`${executorKeyTable.revoked_at} IS NULL AND ${executorKeyTable.expires_at} > ${now}`.mapWith(Boolean),
      useIsStale: sql`${executorKeyTable.last_used_at} IS NULL OR ${executorKeyTable.last_used_at} < ${now} - interval '1 minute'`.mapWith(Boolean),
    })
    .from(executorKeyTable)
    .innerJoin(executorTable, eq(executorTable.executor_id, executorKeyTable.executor_id))
    .innerJoin(operatorTable, eq(operatorTable.operator_id, executorTable.owner_operator_id))
    .where(eq(executorKeyTable.key_id, key.keyId))
    .limit(1)
  if (!row || !timingSafeEqual(row.key.sha256, key.sha256) || !row.live) return null
  return {
    useIsStale: row.useIsStale,
    principal: {
      kind: 'executor',
      keyId: row.key.key_id,
      executorId: row.executor.executor_id,
      name: row.executor.name,
      ownerOperatorId: row.executor.owner_operator_id,
      ownerEnabled: row.ownerEnabled,
      sharedWithEveryone: row.executor.shared_with_everyone,
      scopes: row.key.scopes,
    },
  }
}

/** Notes that a key is in use, at most once a minute. */
export async function recordKeyUse(db: Database, keyId: string, now: SQL): Promise<void> {
  const stale = or(isNull(executorKeyTable.last_used_at), lt(executorKeyTable.last_used_at, sql`${now} - interval '1 minute'`))
  await db
    .update(executorKeyTable)
    .set({ last_used_at: sql`${now}` })
    .where(and(eq(executorKeyTable.key_id, keyId), stale))
}

export async function findOperator(db: Queryable, operatorId: string) {
  const [row] = await db.select().from(operatorTable).where(eq(operatorTable.operator_id, operatorId)).limit(1)
  return row ?? null
}

/** Who asks; `seenIsStale`: their last request was noted more than a minute ago. */
export async function findAskingOperator(db: Database, operatorId: string, now: SQL) {
  const [found] = await db
    .select({
      row: operatorTable,
      seenIsStale: sql`${operatorSeenTable.seen_at} IS NULL OR ${operatorSeenTable.seen_at} < ${now} - interval '1 minute'`.mapWith(Boolean),
    })
    .from(operatorTable)
    .leftJoin(operatorSeenTable, eq(operatorSeenTable.operator_id, operatorTable.operator_id))
    .where(eq(operatorTable.operator_id, operatorId))
    .limit(1)
  return found ?? null
}

/** Notes that somebody is here, at most once a minute. */
export async function recordSeen(db: Database, operatorId: string, now: SQL): Promise<void> {
  const seen_at = sql`${now}`
  await db
    .insert(operatorSeenTable)
    .values({ operator_id: operatorId, seen_at })
    .onConflictDoUpdate({ target: operatorSeenTable.operator_id, set: { seen_at } })
}

/** Spends an assertion's id; false when it was spent before. */
export async function spendAssertion(db: Database, jti: string, expiresAt: Date): Promise<boolean> {
  const spent = await db
    .insert(usedAssertionTable)
    .values({ jti, expires_at: expiresAt })
    .onConflictDoNothing()
    .returning({ jti: usedAssertionTable.jti })
  return spent.length === 1
}

import type { Scope } from '@autopack/contract/scopes'
import type { Queryable, Transaction } from '@autopack/server-kit/open-database'
import { and, asc, desc, eq, gt, isNull, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { executorKeyTable, executorTable, operatorTable } from '../../db/people-tables.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { whyNotManage } from './can-manage-executor.ts'
import { toExecutorKey } from './to-executor-key.ts'
import type { ExecutorKey } from './to-executor-key.ts'

/** The one in use and the one that replaces it. */
export const liveKeysPerExecutor = 2

/** More keys than a person can look through; the newest are listed. */
const listLimit = 500

/** The executor of this name, if there is one. Until the transaction ends nobody else changes it or makes one of this name. */
export async function lockExecutorNamed(
  tx: Transaction,
  name: string,
): Promise<(typeof executorTable.$inferSelect & { owner_enabled: boolean }) | null> {
  await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended('control_plane.executor ' || ${name}::text, 0))`)
  const [row] = await tx.select().from(executorTable).where(eq(executorTable.name, name)).limit(1).for('update')
  if (!row) return null
  // Not held: whoever is disabled meanwhile finds a key that begins nothing.
  const [owner] = await tx.select({ enabled: operatorTable.enabled }).from(operatorTable).where(eq(operatorTable.operator_id, row.owner_operator_id))
  return { ...row, owner_enabled: owner?.enabled ?? false }
}

/** The executor of this name, created when there is none, locked until the transaction ends. */
export async function findOrCreateExecutor(
  tx: Transaction,
  executor: { executorId: string; name: string; ownerOperatorId: string; sharedWithEveryone: boolean },
): Promise<{ row: typeof executorTable.$inferSelect; created: boolean }> {
  const created = await tx
    .insert(executorTable)
    .values({
      executor_id: executor.executorId,
      name: executor.name,
      owner_operator_id: executor.ownerOperatorId,
      shared_with_everyone: executor.sharedWithEveryone,
    })
    .onConflictDoNothing()
    .returning({ executorId: executorTable.executor_id })
  const [row] = await tx.select().from(executorTable).where(eq(executorTable.name, executor.name)).for('update')
  if (!row) throw new Error('an executor vanished')
  return { row, created: created.length === 1 }
}

export async function countLiveKeys(tx: Transaction, executorId: string, now: SQL): Promise<number> {
  const live = and(eq(executorKeyTable.executor_id, executorId), isNull(executorKeyTable.revoked_at), gt(executorKeyTable.expires_at, now))
  const [row] = await tx
    .select({ count: sql`count(*)`.mapWith(Number) })
    .from(executorKeyTable)
    .where(live)
  return row?.count ?? 0
}

export async function insertExecutorKey(
  tx: Transaction,
  key: { keyId: string; executorId: string; sha256: Buffer; scopes: Scope[]; expiresInDays: number },
  now: SQL,
): Promise<void> {
  await tx.insert(executorKeyTable).values({
    key_id: key.keyId,
    executor_id: key.executorId,
    sha256: key.sha256,
    scopes: key.scopes,
    created_at: sql`${now}`,
    expires_at: sql`${now} + make_interval(days => ${key.expiresInDays}::int)`,
  })
}

/**
 * A key with its executor, which is held until the transaction ends, so that one who changes its keys follows the other; null: there is
 * none, or it is not this person's to manage.
 */
export async function lockManagedKey(tx: Transaction, asking: Pick<OperatorPrincipal, 'operatorId' | 'role'>, keyId: string) {
  const [named] = await tx
    .select({ executorId: executorKeyTable.executor_id })
    .from(executorKeyTable)
    .where(eq(executorKeyTable.key_id, keyId))
    .limit(1)
  if (!named) return null
  const [executor] = await tx.select().from(executorTable).where(eq(executorTable.executor_id, named.executorId)).limit(1).for('no key update')
  if (!executor || whyNotManage('rotate', asking, executor) !== null) return null
  const [key] = await tx.select().from(executorKeyTable).where(eq(executorKeyTable.key_id, keyId)).limit(1)
  return key ? { key, executor } : null
}

export async function replaceKeyRow(tx: Transaction, keyId: string, change: { expires_at: Date } | { replaced_by: string }): Promise<void> {
  await tx.update(executorKeyTable).set(change).where(eq(executorKeyTable.key_id, keyId))
}

/** Revokes a key; false when it was revoked before or does not exist. */
export async function revokeKeyRow(tx: Transaction, keyId: string, now: SQL): Promise<boolean> {
  const revoked = await tx
    .update(executorKeyTable)
    .set({ revoked_at: sql`${now}` })
    .where(and(eq(executorKeyTable.key_id, keyId), isNull(executorKeyTable.revoked_at)))
    .returning({ keyId: executorKeyTable.key_id })
  return revoked.length === 1
}

export async function findExecutorKey(db: Queryable, keyId: string): Promise<ExecutorKey | null> {
  const [row] = await selectKeys(db).where(eq(executorKeyTable.key_id, keyId)).limit(1)
  return row ? toExecutorKey(row) : null
}

export async function listExecutorKeyRows(db: Queryable): Promise<ExecutorKey[]> {
  const rows = await selectKeys(db).orderBy(desc(executorKeyTable.created_at), asc(executorKeyTable.key_id)).limit(listLimit)
  return rows.map(toExecutorKey)
}

function selectKeys(db: Queryable) {
  return db
    .select({ key: executorKeyTable, executor: executorTable, owner: operatorTable })
    .from(executorKeyTable)
    .innerJoin(executorTable, eq(executorTable.executor_id, executorKeyTable.executor_id))
    .innerJoin(operatorTable, eq(operatorTable.operator_id, executorTable.owner_operator_id))
    .$dynamic()
}

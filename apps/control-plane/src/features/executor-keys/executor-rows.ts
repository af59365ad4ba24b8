import type { Queryable, Transaction } from '@autopack/server-kit/open-database'
import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm'
import { executorKeyTable, executorShareTable, executorTable, operatorTable } from '../../db/people-tables.ts'
import { canSee } from '../../shared/can-see.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'

type Viewer = Pick<OperatorPrincipal, 'operatorId' | 'role'>
export type ExecutorRow = typeof executorTable.$inferSelect
export type PersonRow = typeof operatorTable.$inferSelect

/** More executors than one console has. */
const listLimit = 2_000

/** Of an executor itself: whoever may see what it does. */
const visible = (viewer: Viewer) => canSee(viewer, { executorId: executorTable.executor_id, ownerOperatorId: executorTable.owner_operator_id })

export async function listExecutorRows(db: Queryable, viewer: Viewer, executorId?: string) {
  return db
    .select({ executor: executorTable, owner: operatorTable })
    .from(executorTable)
    .innerJoin(operatorTable, eq(operatorTable.operator_id, executorTable.owner_operator_id))
    .where(and(visible(viewer), executorId === undefined ? undefined : eq(executorTable.executor_id, executorId)))
    .orderBy(asc(executorTable.name))
    .limit(listLimit)
}

/** With whom each of these is shared, by name. */
export async function listShares(db: Queryable, executorIds: readonly string[]) {
  if (executorIds.length === 0) return []
  return db
    .select({ executor_id: executorShareTable.executor_id, operator_id: operatorTable.operator_id, name: operatorTable.name })
    .from(executorShareTable)
    .innerJoin(operatorTable, eq(operatorTable.operator_id, executorShareTable.operator_id))
    .where(inArray(executorShareTable.executor_id, [...executorIds]))
    .orderBy(asc(operatorTable.name))
    .limit(listLimit * 10)
}

/** Newest first, the 20 newest of each. */
export async function listNewestKeys(db: Queryable, executorIds: readonly string[]): Promise<(typeof executorKeyTable.$inferSelect)[]> {
  if (executorIds.length === 0) return []
  const ranked = db
    .select({
      key_id: executorKeyTable.key_id,
      nth: sql`row_number() OVER (PARTITION BY ${executorKeyTable.executor_id} ORDER BY ${executorKeyTable.created_at} DESC)`
        .mapWith(Number)
        .as('nth'),
    })
    .from(executorKeyTable)
    .where(inArray(executorKeyTable.executor_id, [...executorIds]))
    .as('ranked')
  const rows = await db
    .select({ key: executorKeyTable })
    .from(executorKeyTable)
    .innerJoin(ranked, eq(ranked.key_id, executorKeyTable.key_id))
    .where(sql`${ranked.nth} <= 20`)
    .orderBy(desc(executorKeyTable.created_at), asc(executorKeyTable.key_id))
    .limit(listLimit * 20)
  return rows.map(({ key }) => key)
}

/** An executor this person may see, held until the transaction ends; null: there is none, for them. */
export async function lockVisibleExecutor(tx: Transaction, viewer: Viewer, executorId: string): Promise<ExecutorRow | null> {
  const [row] = await tx
    .select()
    .from(executorTable)
    .where(and(eq(executorTable.executor_id, executorId), visible(viewer)))
    .limit(1)
    .for('no key update')
  return row ?? null
}

/** These people, held until the transaction ends, in the order in which everybody locks people. */
export async function lockOperators(tx: Transaction, operatorIds: readonly string[]): Promise<PersonRow[]> {
  if (operatorIds.length === 0) return []
  return tx
    .select()
    .from(operatorTable)
    .where(inArray(operatorTable.operator_id, [...operatorIds]))
    .orderBy(asc(operatorTable.operator_id))
    .for('share')
}

export async function updateExecutor(
  tx: Transaction,
  executorId: string,
  change: Partial<Pick<ExecutorRow, 'owner_operator_id' | 'shared_with_everyone'>>,
): Promise<ExecutorRow> {
  const [row] = await tx
    .update(executorTable)
    .set({ ...change, version: sql`${executorTable.version} + 1` })
    .where(eq(executorTable.executor_id, executorId))
    .returning()
  if (!row) throw new Error('a locked executor vanished')
  return row
}

export async function replaceShares(tx: Transaction, executorId: string, operatorIds: readonly string[]): Promise<void> {
  await tx.delete(executorShareTable).where(eq(executorShareTable.executor_id, executorId))
  if (operatorIds.length > 0) await tx.insert(executorShareTable).values(operatorIds.map((operator_id) => ({ executor_id: executorId, operator_id })))
}

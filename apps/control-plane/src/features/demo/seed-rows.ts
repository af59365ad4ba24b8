import type { Transaction } from '@autopack/server-kit/open-database'
import { eq, sql } from 'drizzle-orm'
import { executorKeyTable, executorTable, operatorTable } from '../../db/people-tables.ts'
import type { DemoSeed } from '../../shared/demo-seed.ts'

/** True: it was missing. Somebody with the id or the name is left as they are. */
export async function insertOperatorIfMissing(tx: Transaction, operator: DemoSeed['operators'][number]): Promise<boolean> {
  const inserted = await tx
    .insert(operatorTable)
    // Whoever reads the demo's passwords may make its passkeys: nothing of it is anybody's.
    .values({
      operator_id: operator.operator_id,
      name: operator.name,
      role: operator.role,
      may_enrol_until: sql`clock_timestamp() + interval '10 years'`,
    })
    .onConflictDoNothing()
    .returning({ id: operatorTable.operator_id })
  return inserted.length === 1
}

/** The id under which the executor's name is known from now on. */
export async function insertExecutorIfMissing(tx: Transaction, executor: DemoSeed['executors'][number]): Promise<string> {
  await tx
    .insert(executorTable)
    .values({
      executor_id: executor.executor_id,
      name: executor.name,
      owner_operator_id: executor.owner_operator_id,
      shared_with_everyone: executor.shared_with_everyone,
    })
    .onConflictDoNothing()
  const [row] = await tx.select({ id: executorTable.executor_id }).from(executorTable).where(eq(executorTable.name, executor.name))
  if (!row) throw new Error(`the demo's executor ${executor.name} has the id of another executor`)
  return row.id
}

/** True: it was missing. A key that was revoked stays revoked. */
export async function insertKeyIfMissing(
  tx: Transaction,
  key: Pick<typeof executorKeyTable.$inferInsert, 'key_id' | 'executor_id' | 'sha256' | 'scopes'>,
) {
  const inserted = await tx
    .insert(executorKeyTable)
    .values({ ...key, expires_at: sql`clock_timestamp() + interval '10 years'` })
    .onConflictDoNothing()
    .returning({ id: executorKeyTable.key_id })
  return inserted.length === 1
}

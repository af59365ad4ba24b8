import { executorKeySchema } from '@autopack/contract/executor-keys'
import * as z from 'zod/mini'
import type { executorKeyTable, executorTable, operatorTable } from '../../db/people-tables.ts'

export type ExecutorKey = z.infer<typeof executorKeySchema>
type Row = {
  key: typeof executorKeyTable.$inferSelect
  executor: Pick<typeof executorTable.$inferSelect, 'executor_id' | 'name'>
  owner: Pick<typeof operatorTable.$inferSelect, 'operator_id' | 'name'>
}

/** Nothing of the secret, not even its hash. */
export function toExecutorKey({ key, executor, owner }: Row): ExecutorKey {
  return z.parse(executorKeySchema, {
    key_id: key.key_id,
    executor: { executor_id: executor.executor_id, name: executor.name },
    owner: { operator_id: owner.operator_id, name: owner.name },
    scopes: key.scopes,
    created_at: key.created_at.toISOString(),
    expires_at: key.expires_at.toISOString(),
    revoked_at: key.revoked_at?.toISOString() ?? null,
    last_used_at: key.last_used_at?.toISOString() ?? null,
  })
}

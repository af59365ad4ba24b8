import type { Queryable } from '@autopack/server-kit/open-database'
import { and, eq, sql } from 'drizzle-orm'
import type { AnyColumn, SQL } from 'drizzle-orm'
import { externalActionTable } from '../db/ledger-tables.ts'
import { requestTable } from '../db/request-tables.ts'
import { runTable } from '../db/run-tables.ts'
import { canSee } from './can-see.ts'
import type { Principal } from './principal.ts'

/**
 * Whether what people decide about, an action or a request with this id, is an executor's own, or seen by this person. False where there is none,
 * and for everybody else.
 */
export async function isConcernOf(db: Queryable, principal: Principal, id: string): Promise<boolean> {
  const isTheirs = (executorId: AnyColumn): SQL | null => {
    if (principal.kind === 'executor') return eq(executorId, principal.executorId)
    return principal.kind === 'operator' ? canSee(principal, { executorId, ownerOperatorId: runTable.owner_operator_id }) : null
  }
  const ofAction = isTheirs(externalActionTable.executor_id)
  const ofRequest = isTheirs(requestTable.executor_id)
  if (ofAction === null || ofRequest === null) return false
  const one = { one: sql`1` }
  const actions = await db
    .select(one)
    .from(externalActionTable)
    .leftJoin(runTable, eq(runTable.run_id, externalActionTable.run_id))
    .where(and(eq(externalActionTable.action_id, id), ofAction))
    .limit(1)
  if (actions.length > 0) return true
  const requests = await db
    .select(one)
    .from(requestTable)
    .leftJoin(runTable, eq(runTable.run_id, requestTable.known_run_id))
    .where(and(eq(requestTable.request_id, id), ofRequest))
    .limit(1)
  return requests.length > 0
}

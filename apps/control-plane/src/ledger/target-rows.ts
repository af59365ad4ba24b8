import type { Queryable } from '@autopack/server-kit/open-database'
import { and, desc, eq, ne } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { actionAuthorizationTable, actionRevisionTable, externalActionTable } from '../db/ledger-tables.ts'
import { runTable } from '../db/run-tables.ts'
import { stillStands } from './precedent-rows.ts'

/** How far back it looks: among so many of the newest actions. */
const lookedAt = 2_000

/**
 * Targets of this provider that people have approved for this mode and nobody took back, as policy writes them, without those of one action itself. `among`: whose actions
 * count, so that nobody learns of targets that they may not see.
 */
export async function listApprovedTargets(
  db: Queryable,
  { provider, mode }: Pick<typeof actionRevisionTable.$inferSelect, 'provider' | 'mode'>,
  among: SQL,
  actionId: string | null,
): Promise<string[]> {
  const newest = db
    .select({ action_id: externalActionTable.action_id, revision: externalActionTable.revision })
    .from(externalActionTable)
    .leftJoin(runTable, eq(runTable.run_id, externalActionTable.run_id))
    .where(actionId === null ? among : and(among, ne(externalActionTable.action_id, actionId)))
    .orderBy(desc(externalActionTable.requested_at), desc(externalActionTable.action_id))
    .limit(lookedAt)
    .as('newest')
  const rows = await db
    .selectDistinct({ target_text: actionRevisionTable.target_text })
    .from(newest)
    .innerJoin(actionRevisionTable, and(eq(actionRevisionTable.action_id, newest.action_id), eq(actionRevisionTable.revision, newest.revision)))
    .innerJoin(
      actionAuthorizationTable,
      and(eq(actionAuthorizationTable.action_id, newest.action_id), eq(actionAuthorizationTable.revision, newest.revision)),
    )
    .where(
      and(eq(actionRevisionTable.provider, provider), eq(actionRevisionTable.mode, mode), eq(actionAuthorizationTable.kind, 'people'), stillStands),
    )
    .orderBy(actionRevisionTable.target_text)
    .limit(500)
  return rows.map((row) => row.target_text)
}

/** The actions of one executor. */
export function isOfExecutor(executorId: string): SQL {
  return eq(externalActionTable.executor_id, executorId)
}

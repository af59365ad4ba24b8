import type { BrakeScope } from '@autopack/contract/control'
import type { Queryable, Transaction } from '@autopack/server-kit/open-database'
import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import { actionRevisionTable, executionTable, externalActionTable } from '../../db/ledger-tables.ts'
import { executorTable } from '../../db/people-tables.ts'
import { runTable } from '../../db/run-tables.ts'
import { isVisible } from '../../ledger/action-rows.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { isInScope } from './brake-rows.ts'

/** Rows of one statement. */
const batchSize = 500

const ofRevision = and(
  eq(actionRevisionTable.action_id, externalActionTable.action_id),
  eq(actionRevisionTable.revision, externalActionTable.revision),
)

function inScope(scope: BrakeScope) {
  return isInScope(scope, {
    provider: sql`${actionRevisionTable.provider}`,
    runId: sql`${externalActionTable.run_id}`,
    executorId: sql`${externalActionTable.executor_id}`,
  })
}

/** What was handed out and has not ended, the oldest first, of what this operator may see. */
export async function listRunningExecutions(db: Queryable, viewer: OperatorPrincipal, scope: BrakeScope, limit: number) {
  return db
    .select({
      action_id: externalActionTable.action_id,
      execution_id: executionTable.execution_id,
      sentence: actionRevisionTable.sentence,
      executor: { executor_id: executorTable.executor_id, name: executorTable.name },
      claimed_at: executionTable.claimed_at,
      lease_until: externalActionTable.lease_until,
    })
    .from(externalActionTable)
    .innerJoin(actionRevisionTable, ofRevision)
    .innerJoin(
      executionTable,
      and(eq(executionTable.action_id, externalActionTable.action_id), eq(executionTable.revision, externalActionTable.revision)),
    )
    .innerJoin(executorTable, eq(executorTable.executor_id, externalActionTable.executor_id))
    .leftJoin(runTable, eq(runTable.run_id, externalActionTable.run_id))
    .where(and(eq(externalActionTable.state, 'EXECUTING'), inScope(scope), isVisible(viewer)))
    .orderBy(asc(executionTable.claimed_at), asc(executionTable.execution_id))
    .limit(limit)
}

/** How many were handed out and have not ended, whoever may see them. */
export async function countRunning(db: Queryable, scope: BrakeScope): Promise<number> {
  const [row] = await db
    .select({ count: sql`count(*)`.mapWith(Number) })
    .from(externalActionTable)
    .innerJoin(actionRevisionTable, ofRevision)
    .where(and(eq(externalActionTable.state, 'EXECUTING'), inScope(scope)))
  return row?.count ?? 0
}

/** How many actions that stand approved a brake over this scope stops, of what this operator may see. */
export async function countStopped(db: Queryable, viewer: OperatorPrincipal, scope: BrakeScope): Promise<number> {
  const [row] = await db
    .select({ count: sql`count(*)`.mapWith(Number) })
    .from(externalActionTable)
    .innerJoin(actionRevisionTable, ofRevision)
    .leftJoin(runTable, eq(runTable.run_id, externalActionTable.run_id))
    .where(and(eq(externalActionTable.state, 'APPROVED'), inScope(scope), isVisible(viewer)))
  return row?.count ?? 0
}

export type RestartedAction = { action_id: string; executor_id: string; run_id: string | null; version: number }

/** Lets the launch hold of every approved action of this scope run anew from `now`; a hold never ends earlier for it. Locks them in order. */
export async function restartHolds(tx: Transaction, scope: BrakeScope, now: Date): Promise<RestartedAction[]> {
  const restarted: RestartedAction[] = []
  for (let after = ''; ;) {
    const found = await tx.execute(sql`
      WITH batch AS (
        SELECT ${externalActionTable.action_id} AS action_id, ${now.toISOString()}::timestamptz + make_interval(secs => ${actionRevisionTable.hold_seconds}) AS hold_until
        FROM ${externalActionTable} JOIN ${actionRevisionTable} ON ${ofRevision}
        WHERE ${externalActionTable.state} = 'APPROVED' AND ${actionRevisionTable.hold_seconds} > 0 AND ${inScope(scope)}
          AND ${externalActionTable.action_id} > ${after}
        ORDER BY ${externalActionTable.action_id} LIMIT ${batchSize}
        FOR UPDATE OF external_action)
      UPDATE ${externalActionTable} AS held SET not_before = greatest(held.not_before, batch.hold_until), version = held.version + 1
      FROM batch WHERE held.action_id = batch.action_id
      RETURNING held.action_id, held.executor_id, held.run_id, held.version`)
    const rows = found.rows as RestartedAction[]
    restarted.push(...rows)
    if (rows.length < batchSize) return restarted.toSorted((one, other) => (one.action_id < other.action_id ? -1 : 1))
    after = rows.reduce((last, { action_id }) => (action_id > last ? action_id : last), after)
  }
}

export type MovedRun = { run_id: string; version: number; owner_operator_id: string | null }

/** New versions of runs whose actions changed; after the actions, as everywhere. */
export async function moveRunsOn(tx: Transaction, runIds: readonly string[]): Promise<MovedRun[]> {
  const moved: MovedRun[] = []
  for (let from = 0; from < runIds.length; from += batchSize) {
    const rows = await tx
      .update(runTable)
      .set({ version: sql`${runTable.version} + 1` })
      .where(inArray(runTable.run_id, runIds.slice(from, from + batchSize)))
      .returning({ run_id: runTable.run_id, version: runTable.version, owner_operator_id: runTable.owner_operator_id })
    moved.push(...rows)
  }
  return moved
}

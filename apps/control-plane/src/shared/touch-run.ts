/**
 * What other features change of a run: they hold its row, so that its counters and its version stay right. The lock is
 * FOR NO KEY UPDATE: rows that refer to the run share its key already, and two of them must not wait for each other.
 */
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Transaction } from '@autopack/server-kit/open-database'
import { and, eq, sql } from 'drizzle-orm'
import { externalActionTable } from '../db/ledger-tables.ts'
import { changeRequested } from '../ledger/change-requested.ts'
import type { RunRow } from '../db/run-tables.ts'
import { runTable } from '../db/run-tables.ts'
import { isEnded, runState } from './run-state.ts'

export type TouchedRun = { version: number; executorId: string; ownerOperatorId: string | null }

/** Locks the run of this executor until the transaction ends. Throws `not_found` for every other run. */
export async function lockRunOfExecutor(tx: Transaction, executorId: string, runId: string): Promise<RunRow> {
  const [run] = await tx
    .select()
    .from(runTable)
    .where(and(eq(runTable.run_id, runId), eq(runTable.executor_id, executorId)))
    .for('no key update')
  if (!run) throw new ProblemError('not_found', `Your executor has no run ${runId}.`)
  return run
}

/**
 * Counts again which actions of the run wait for a person, after one of them has changed, and gives the run its state
 * and a new version. One that a person wants changed waits for its executor. Lock order: the action first, then this. Null: there is no such run.
 */
export async function touchRunForAction(tx: Transaction, runId: string): Promise<TouchedRun | null> {
  const [run] = await tx.select().from(runTable).where(eq(runTable.run_id, runId)).for('no key update')
  if (!run) return null
  const [waiting] = await tx
    .select({ count: sql`count(*)`.mapWith(Number) })
    .from(externalActionTable)
    .where(and(eq(externalActionTable.run_id, runId), eq(externalActionTable.state, 'PENDING'), sql`NOT ${changeRequested}`))
  const actionsWaiting = waiting?.count ?? 0
  const counts = {
    total: run.phases_total,
    queued: run.phases_queued,
    completed: run.phases_completed,
    skipped: run.phases_skipped,
    failed: run.phases_failed,
  }
  const state = run.state === 'stopped' ? run.state : runState(counts, actionsWaiting)
  const version = run.version + 1
  await tx.update(runTable).set({ actions_waiting: actionsWaiting, state, version }).where(eq(runTable.run_id, runId))
  return { version, executorId: run.executor_id, ownerOperatorId: run.owner_operator_id }
}

/** For a new artifact version of a run that the caller has locked. */
export async function touchRunForArtifact(tx: Transaction, run: RunRow, added: { count: number; sizeBytes: number }, now: Date): Promise<TouchedRun> {
  const version = run.version + 1
  await tx
    .update(runTable)
    .set({
      artifacts_count: run.artifacts_count + added.count,
      artifacts_size_bytes: run.artifacts_size_bytes + added.sizeBytes,
      heard_at: now,
      version,
    })
    .where(eq(runTable.run_id, run.run_id))
  return { version, executorId: run.executor_id, ownerOperatorId: run.owner_operator_id }
}

/** Throws `run_closed` when the run ended more than `graceMs` ago. */
export function refuseClosedRun(run: RunRow, now: Date, graceMs: number): void {
  if (!isEnded(run.state) || run.completed_at === null || run.completed_at.getTime() + graceMs >= now.getTime()) return
  throw new ProblemError('run_closed', `The run ${run.run_id} ended at ${run.completed_at.toISOString()}; start a new one.`)
}

import type { Transaction } from '@autopack/server-kit/open-database'
import { and, eq } from 'drizzle-orm'
import { runTable } from '../../db/run-tables.ts'
import { isEnded } from '../../shared/run-state.ts'

/** Whether this executor's run is open; it cannot end until the transaction does. Null: there is no such run of this executor. */
export async function lockRunForProposal(tx: Transaction, executorId: string, runId: string): Promise<{ open: boolean } | null> {
  const [run] = await tx
    .select({ state: runTable.state })
    .from(runTable)
    .where(and(eq(runTable.run_id, runId), eq(runTable.executor_id, executorId)))
    .limit(1)
    .for('update')
  return run ? { open: !isEnded(run.state) } : null
}

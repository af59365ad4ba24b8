/** Runs, tiers, phases and usage in the database. */
import type { Queryable, Transaction } from '@autopack/server-kit/open-database'
import type { SQL } from 'drizzle-orm'
import { and, asc, desc, eq, sql } from 'drizzle-orm'
import { executorTable, operatorTable } from '../../db/people-tables.ts'
import type { PhaseRow, RunRow, TierRow } from '../../db/run-tables.ts'
import { runPhaseTable, runTable, runTierTable, runUsageTable } from '../../db/run-tables.ts'
import { canSee } from '../../shared/can-see.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'

export type NewRun = typeof runTable.$inferInsert
export type RunParts = { run: RunRow; tiers: TierRow[]; phases: PhaseRow[] }

/** False: the id is taken. */
export async function insertRun(tx: Transaction, run: NewRun): Promise<boolean> {
  const inserted = await tx.insert(runTable).values(run).onConflictDoNothing().returning({ run_id: runTable.run_id })
  return inserted.length === 1
}

/** Rows a statement: far below the 65,535 parameters that one statement may have. */
const rowsAtOnce = 500

export async function insertTiersAndPhases(
  tx: Transaction,
  tiers: (typeof runTierTable.$inferInsert)[],
  phases: (typeof runPhaseTable.$inferInsert)[],
): Promise<void> {
  if (tiers.length > 0) await tx.insert(runTierTable).values(tiers)
  for (let at = 0; at < phases.length; at += rowsAtOnce) await tx.insert(runPhaseTable).values(phases.slice(at, at + rowsAtOnce))
}

export async function findRun(db: Queryable, runId: string): Promise<RunRow | null> {
  const [run] = await db.select().from(runTable).where(eq(runTable.run_id, runId))
  return run ?? null
}

export async function findRunOfExecutor(db: Queryable, executorId: string, runId: string): Promise<RunRow | null> {
  const [run] = await db
    .select()
    .from(runTable)
    .where(and(eq(runTable.run_id, runId), eq(runTable.executor_id, executorId)))
  return run ?? null
}

/** Newest first. The total is exact: it is counted from an index of this executor's runs alone. */
export async function listRunsOfExecutor(
  db: Queryable,
  executorId: string,
  page: { limit: number; offset: number },
): Promise<{ rows: RunRow[]; total: number }> {
  const mine = eq(runTable.executor_id, executorId)
  const rows = await db
    .select()
    .from(runTable)
    .where(mine)
    .orderBy(desc(runTable.created_at), desc(runTable.run_id))
    .limit(page.limit)
    .offset(page.offset)
  const [counted] = await db
    .select({ total: sql`count(*)`.mapWith(Number) })
    .from(runTable)
    .where(mine)
  return { rows, total: counted?.total ?? 0 }
}

export async function listTiers(db: Queryable, runId: string): Promise<TierRow[]> {
  return db.select().from(runTierTable).where(eq(runTierTable.run_id, runId)).orderBy(asc(runTierTable.position))
}

export async function listPhases(db: Queryable, runId: string): Promise<PhaseRow[]> {
  return db.select().from(runPhaseTable).where(eq(runPhaseTable.run_id, runId)).orderBy(asc(runPhaseTable.position))
}

/** `set` may name the run's version itself; everything else is written as given. */
export async function updateRun(tx: Transaction, runId: string, set: Partial<Omit<NewRun, 'heard_at'>> & RunMoments): Promise<void> {
  await tx
    .update(runTable)
    .set(set as Partial<NewRun>)
    .where(eq(runTable.run_id, runId))
}
type RunMoments = { heard_at?: SQL | Date; heartbeat_at?: SQL | Date | null; heartbeat_event_at?: SQL | Date | null }

export async function updatePhase(
  tx: Transaction,
  runId: string,
  phaseId: string,
  set: Partial<typeof runPhaseTable.$inferInsert>,
): Promise<PhaseRow> {
  const [phase] = await tx
    .update(runPhaseTable)
    .set(set)
    .where(and(eq(runPhaseTable.run_id, runId), eq(runPhaseTable.phase_id, phaseId)))
    .returning()
  if (!phase) throw new Error('a phase that was read under the lock of its run is gone')
  return phase
}

export async function insertUsage(tx: Transaction, usage: typeof runUsageTable.$inferInsert): Promise<void> {
  await tx.insert(runUsageTable).values(usage)
}

/** The run with the names that belong to its ids, if the operator may see it. */
export async function findVisibleRun(db: Queryable, operator: OperatorPrincipal, runId: string) {
  const [row] = await db
    .select({ run: runTable, executor_name: executorTable.name, owner_name: operatorTable.name })
    .from(runTable)
    .innerJoin(executorTable, eq(executorTable.executor_id, runTable.executor_id))
    .leftJoin(operatorTable, eq(operatorTable.operator_id, runTable.owner_operator_id))
    .where(and(eq(runTable.run_id, runId), canSee(operator, { executorId: runTable.executor_id, ownerOperatorId: runTable.owner_operator_id })))
  return row ?? null
}

export type NamedRunRow = { run: RunRow; executor_name: string; owner_name: string | null }

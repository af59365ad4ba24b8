import type { BrakeScope } from '@autopack/contract/control'
import type { Queryable, Transaction } from '@autopack/server-kit/open-database'
import { and, eq, inArray, sql } from 'drizzle-orm'
import { brakeTable, capDayTable, controlTable } from '../db/control-tables.ts'
import { executorTable } from '../db/people-tables.ts'
import { runTable } from '../db/run-tables.ts'
import { canSee } from '../shared/can-see.ts'
import type { OperatorPrincipal } from '../shared/principal.ts'
import type { CapUse } from './daily-caps.ts'
import type { ControlRow, ControlState } from './effective-control.ts'
import { limitWaits } from '../shared/limit-waits.ts'

/** Everything operators set, as it is at this moment. */
export async function findControlState(db: Queryable): Promise<ControlState> {
  const [row] = await db.select().from(controlTable).where(eq(controlTable.id, 1)).limit(1)
  return withBrakesAndCaps(db, row ?? null)
}

/** Names the lock of lockControl among the advisory locks of the database. Any number, the same in every replica: "ctrl" in ASCII. */
const controlLockKey = 0x63_74_72_6c

/**
 * Everything operators set, which cannot change until the transaction ends. The first lock of every transaction that takes one.
 * `to_change`: whoever changes any of it excludes all others; the rest share it.
 *
 * Two locks. The row's keeps everybody from changing it. But whoever would share a row passes those who wait to change it, so claims
 * that overlap could hold the brake back without end; an advisory lock has a queue, in which nobody passes anybody.
 */
export async function lockControl(tx: Transaction, purpose: 'to_read' | 'to_change' = 'to_read'): Promise<ControlState> {
  // In a statement of its own: in one with the row, the row may be read before the lock is there.
  await tx.execute(
    purpose === 'to_change' ? sql`SELECT pg_advisory_xact_lock(${controlLockKey})` : sql`SELECT pg_advisory_xact_lock_shared(${controlLockKey})`,
  )
  const [row] = await tx
    .select()
    .from(controlTable)
    .where(eq(controlTable.id, 1))
    .limit(1)
    .for(purpose === 'to_change' ? 'update' : 'share')
  if (purpose === 'to_read') await limitWaits(tx, 'for_locks')
  // In a statement of its own: one that waited for the lock would go on seeing the brakes as they were when it began.
  return withBrakesAndCaps(tx, row ?? null)
}

async function withBrakesAndCaps(db: Queryable, row: ControlRow): Promise<ControlState> {
  const found = await db.execute(sql`SELECT
    coalesce((SELECT jsonb_agg(jsonb_build_object('kind', scope_kind, 'id', scope_id) ORDER BY engaged_at, brake_id)
      FROM control_plane.brake WHERE released_at IS NULL), '[]') AS brakes,
    coalesce((SELECT jsonb_object_agg(currency, cap) FROM control_plane.working_cap), '{}') AS working_caps`)
  const { brakes, working_caps } = found.rows[0] as { brakes: BrakeScope[]; working_caps: Record<string, number> }
  return { row, brakes, working_caps }
}

export async function listCapUse(db: Queryable, day: string): Promise<(CapUse & { scope: string; currency: string })[]> {
  return db
    .select({ scope: capDayTable.scope, currency: capDayTable.currency, used: capDayTable.used, reserved: capDayTable.reserved })
    .from(capDayTable)
    .where(eq(capDayTable.day, day))
    .limit(1_000)
}

export async function findCapUse(db: Queryable, day: string, scope: string, currency: string): Promise<CapUse> {
  const [row] = await db
    .select({ used: capDayTable.used, reserved: capDayTable.reserved })
    .from(capDayTable)
    .where(and(eq(capDayTable.day, day), eq(capDayTable.scope, scope), eq(capDayTable.currency, currency)))
    .limit(1)
  return row ?? { used: 0, reserved: 0 }
}

/** Which of these runs belong to an executor. */
export async function listRunsOfExecutor(db: Queryable, executorId: string, runIds: readonly string[]): Promise<string[]> {
  const rows = await db
    .select({ run_id: runTable.run_id })
    .from(runTable)
    .where(and(eq(runTable.executor_id, executorId), inArray(runTable.run_id, [...runIds])))
    .limit(runIds.length)
  return rows.map(({ run_id }) => run_id)
}

type Viewer = Pick<OperatorPrincipal, 'operatorId' | 'role'>

/** Which of these runs an operator may see. */
export async function listVisibleRuns(db: Queryable, viewer: Viewer, runIds: readonly string[]): Promise<string[]> {
  const seen = canSee(viewer, { executorId: runTable.executor_id, ownerOperatorId: runTable.owner_operator_id })
  const rows = await db
    .select({ run_id: runTable.run_id })
    .from(runTable)
    .where(and(inArray(runTable.run_id, [...runIds]), seen))
    .limit(runIds.length)
  return rows.map(({ run_id }) => run_id)
}

/** Which of these executors an operator may see. */
export async function listVisibleExecutors(db: Queryable, viewer: Viewer, executorIds: readonly string[]): Promise<string[]> {
  const seen = canSee(viewer, { executorId: executorTable.executor_id, ownerOperatorId: executorTable.owner_operator_id })
  const rows = await db
    .select({ executor_id: executorTable.executor_id })
    .from(executorTable)
    .where(and(inArray(executorTable.executor_id, [...executorIds]), seen))
    .limit(executorIds.length)
  return rows.map(({ executor_id }) => executor_id)
}

/** Whether a brake was engaged that the audit log does not know yet. */
export async function hasLateBrakes(db: Queryable): Promise<boolean> {
  const found = await db
    .select({ one: sql`1` })
    .from(brakeTable)
    .where(eq(brakeTable.audited, false))
    .limit(1)
  return found.length > 0
}

import { randomUUID } from 'node:crypto'
import type { BrakeScope } from '@autopack/contract/control'
import type { Queryable, Transaction } from '@autopack/server-kit/open-database'
import { and, asc, desc, eq, isNull, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { brakeTable } from '../../db/control-tables.ts'
import { executorTable, operatorTable } from '../../db/people-tables.ts'
import { runTable } from '../../db/run-tables.ts'
import { canSee } from '../../shared/can-see.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'

type Viewer = Pick<OperatorPrincipal, 'operatorId' | 'role'>

const engagedBy = alias(operatorTable, 'engaged_by_operator')
const releasedBy = alias(operatorTable, 'released_by_operator')

/** Brakes with the names of people and scopes. `visible`: whether this operator may see the run or executor that one is about. */
function selectBrakes(db: Queryable, viewer: Viewer) {
  const visible = sql`CASE ${brakeTable.scope_kind}
    WHEN 'run' THEN coalesce(${canSee(viewer, { executorId: runTable.executor_id, ownerOperatorId: runTable.owner_operator_id })}, false)
    WHEN 'executor' THEN coalesce(${canSee(viewer, { executorId: executorTable.executor_id, ownerOperatorId: executorTable.owner_operator_id })}, false)
    ELSE true END`
  return db
    .select({
      brake: brakeTable,
      engaged_by_name: engagedBy.name,
      released_by_name: releasedBy.name,
      run_name: runTable.name,
      executor_name: executorTable.name,
      visible: visible.mapWith(Boolean),
    })
    .from(brakeTable)
    .innerJoin(engagedBy, eq(engagedBy.operator_id, brakeTable.engaged_by))
    .leftJoin(releasedBy, eq(releasedBy.operator_id, brakeTable.released_by))
    .leftJoin(runTable, and(eq(brakeTable.scope_kind, 'run'), eq(runTable.run_id, brakeTable.scope_id)))
    .leftJoin(executorTable, and(eq(brakeTable.scope_kind, 'executor'), eq(executorTable.executor_id, brakeTable.scope_id)))
}

export type BrakeRow = Awaited<ReturnType<typeof selectBrakes>>[number]

/** All that are engaged, the oldest first. */
export async function listEngagedBrakes(db: Queryable, viewer: Viewer): Promise<BrakeRow[]> {
  return selectBrakes(db, viewer).where(isNull(brakeTable.released_at)).orderBy(asc(brakeTable.engaged_at), asc(brakeTable.brake_id)).limit(1_000)
}

/** A page of all there were, the newest first, one more than `limit` when there are more. `after`: the last of the page before. */
export async function listAllBrakes(db: Queryable, viewer: Viewer, after: { at: Date; id: string } | null, limit: number): Promise<BrakeRow[]> {
  return selectBrakes(db, viewer)
    .where(
      after === null ? undefined : sql`(${brakeTable.engaged_at}, ${brakeTable.brake_id}) < (${after.at.toISOString()}::timestamptz, ${after.id})`,
    )
    .orderBy(desc(brakeTable.engaged_at), desc(brakeTable.brake_id))
    .limit(limit + 1)
}

export async function findBrakeRow(db: Queryable, viewer: Viewer, brakeId: string): Promise<BrakeRow | null> {
  const [row] = await selectBrakes(db, viewer).where(eq(brakeTable.brake_id, brakeId)).limit(1)
  return row ?? null
}

/** The brake that is engaged over exactly this scope; null: none. */
export async function findEngagedBrake(db: Queryable, viewer: Viewer, scope: BrakeScope): Promise<BrakeRow | null> {
  const same = and(eq(brakeTable.scope_kind, scope.kind), eq(brakeTable.scope_id, scope.id), isNull(brakeTable.released_at))
  const [row] = await selectBrakes(db, viewer).where(same).limit(1)
  return row ?? null
}

/** Whether there is such a run or executor and this operator may see it; everything, and any provider, is there for everybody. */
export async function isScopeVisible(db: Queryable, viewer: Viewer, scope: BrakeScope): Promise<boolean> {
  if (scope.kind === 'run') {
    const seen = canSee(viewer, { executorId: runTable.executor_id, ownerOperatorId: runTable.owner_operator_id })
    return exists(
      db
        .select({ one: sql`1` })
        .from(runTable)
        .where(and(eq(runTable.run_id, scope.id), seen))
        .limit(1),
    )
  }
  if (scope.kind === 'executor') {
    const seen = canSee(viewer, { executorId: executorTable.executor_id, ownerOperatorId: executorTable.owner_operator_id })
    return exists(
      db
        .select({ one: sql`1` })
        .from(executorTable)
        .where(and(eq(executorTable.executor_id, scope.id), seen))
        .limit(1),
    )
  }
  return true
}

async function exists(query: PromiseLike<unknown[]>): Promise<boolean> {
  return (await query).length > 0
}

export async function insertBrake(
  tx: Transaction,
  brake: { brake_id: string; scope: BrakeScope; engaged_at: Date; engaged_by: string; engaged_reason: string; audited: boolean },
): Promise<void> {
  const { scope, ...row } = brake
  await tx.insert(brakeTable).values({ ...row, scope_kind: scope.kind, scope_id: scope.id })
}

export function createBrakeId(): string {
  return `brk_${randomUUID()}`
}

/** After the audit head is locked: whoever writes late brakes into the log changes their rows under that lock. */
export async function releaseBrakeRow(tx: Transaction, brakeId: string, released: { at: Date; by: string; reason: string }): Promise<void> {
  await tx
    .update(brakeTable)
    .set({ released_at: released.at, released_by: released.by, released_reason: released.reason })
    .where(eq(brakeTable.brake_id, brakeId))
}

/** Of what a brake stops, in a query that has the action, its revision and nothing else by these names. */
export function isInScope(scope: BrakeScope, columns: { provider: SQL; runId: SQL; executorId: SQL }): SQL {
  switch (scope.kind) {
    case 'all':
      return sql`true`
    case 'provider':
      return sql`${columns.provider} = ${scope.id}`
    case 'run':
      return sql`${columns.runId} = ${scope.id}`
    case 'executor':
      return sql`${columns.executorId} = ${scope.id}`
  }
}

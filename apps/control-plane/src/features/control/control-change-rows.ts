import type { ControlSwitch, KillSwitch } from '@autopack/contract/control'
import type { Queryable, Transaction } from '@autopack/server-kit/open-database'
import { and, eq, inArray, sql } from 'drizzle-orm'
import { controlTable, workingCapTable } from '../../db/control-tables.ts'
import { actionRevisionTable, externalActionTable } from '../../db/ledger-tables.ts'
import { operatorTable } from '../../db/people-tables.ts'
import { runTable } from '../../db/run-tables.ts'
import { isVisible } from '../../ledger/action-rows.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'

type Viewer = Pick<OperatorPrincipal, 'operatorId' | 'role'>

const theRow = eq(controlTable.id, 1)

/** A new version of everything operators set; 0 when the row is missing, which stops everything by itself. */
export async function moveControlOn(tx: Transaction): Promise<number> {
  const [row] = await tx
    .update(controlTable)
    .set({ version: sql`${controlTable.version} + 1` })
    .where(theRow)
    .returning({ version: controlTable.version })
  return row?.version ?? 0
}

/** The row's word on a switch. Says nothing of what is in force: the environment is the ceiling. */
export async function changeSwitch(tx: Transaction, name: ControlSwitch, on: boolean): Promise<void> {
  await tx.update(controlTable).set(toColumns(name, on)).where(theRow)
}

function toColumns(name: ControlSwitch, on: boolean) {
  if (name === 'EXTERNAL_ACTIONS_ENABLED') return { external_actions_enabled: on }
  if (name === 'DRY_RUN') return { dry_run: on }
  return { kill_switches: sql<Record<KillSwitch, boolean>>`${controlTable.kill_switches} || jsonb_build_object(${name}::text, ${on}::boolean)` }
}

/** `currency` empty: the count of actions. */
export async function putWorkingCap(tx: Transaction, row: typeof workingCapTable.$inferInsert): Promise<void> {
  const { currency: _, ...change } = row
  await tx.insert(workingCapTable).values(row).onConflictDoUpdate({ target: workingCapTable.currency, set: change })
}

export async function listWorkingCaps(db: Queryable) {
  return db
    .select({
      currency: workingCapTable.currency,
      cap: workingCapTable.cap,
      set_at: workingCapTable.set_at,
      set_by: workingCapTable.set_by,
      name: operatorTable.name,
    })
    .from(workingCapTable)
    .innerJoin(operatorTable, eq(operatorTable.operator_id, workingCapTable.set_by))
    .limit(1_000)
}

export type Waiting = { descriptor_id: string | null; granted: boolean; currency: string | null; count: number; amount_minor: number }

/** The live actions that wait for a person or a claim, of what this operator may see, by kind, by whether a grant covers them, and by the currency of their cost. */
export async function listWaiting(db: Queryable, viewer: Viewer): Promise<Waiting[]> {
  const granted = sql`${actionRevisionTable.tier} <> 'C' AND NOT ${actionRevisionTable.blind}`
  return db
    .select({
      descriptor_id: actionRevisionTable.descriptor_id,
      granted: granted.mapWith(Boolean),
      currency: actionRevisionTable.cost_currency,
      count: sql`count(*)`.mapWith(Number),
      amount_minor: sql`coalesce(sum(${actionRevisionTable.cost_amount_minor}), 0)`.mapWith(Number),
    })
    .from(externalActionTable)
    .innerJoin(
      actionRevisionTable,
      and(eq(actionRevisionTable.action_id, externalActionTable.action_id), eq(actionRevisionTable.revision, externalActionTable.revision)),
    )
    .leftJoin(runTable, eq(runTable.run_id, externalActionTable.run_id))
    .where(and(inArray(externalActionTable.state, ['PENDING', 'APPROVED']), eq(actionRevisionTable.mode, 'live'), isVisible(viewer)))
    .groupBy(actionRevisionTable.descriptor_id, granted, actionRevisionTable.cost_currency)
    .limit(1_000)
}

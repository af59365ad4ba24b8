/**
 * The inbox in the database: one statement for the page, one for all counts. Every order is read from a plain ascending
 * index, every count stops at 10,001, and nothing is looked up row by row.
 */
import { exactCountLimit, silentAfterMs } from '@autopack/contract/limits'
import type { RunState } from '@autopack/contract/runs'
import { runStates } from '@autopack/contract/runs'
import type { Queryable } from '@autopack/server-kit/open-database'
import type { SQL } from 'drizzle-orm'
import { and, asc, desc, eq, gte, or, sql } from 'drizzle-orm'
import { executorTable, operatorTable } from '../../db/people-tables.ts'
import { runTable } from '../../db/run-tables.ts'
import { canSee } from '../../shared/can-see.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import type { NamedRunRow } from './run-rows.ts'

export type RunFilter = {
  state: RunState | 'silent' | null
  /** In lower case, without spaces around it; null: everything. */
  search: string | null
  ownerOperatorId: string | null
  executorId: string | null
  since: Date | null
  needsHuman: boolean | null
}

/** The place after which the page starts. */
export type RunPlace =
  | { sort: 'started'; createdAt: Date; runId: string }
  | { sort: 'name'; nameSort: string; runId: string }
  | { sort: 'state'; stateRank: number; createdAt: Date; runId: string }

export type Total = { count: number; exact: boolean }

/** As the generated column has them (migration 0001). */
const stateRanks: Record<RunState, number> = { waiting: 6, failed: 5, running: 4, queued: 3, stopped: 2, done: 1 }

export async function listRunRows(
  db: Queryable,
  operator: OperatorPrincipal,
  filter: RunFilter,
  page: { sort: RunPlace['sort']; after: RunPlace | null; limit: number; now: SQL },
): Promise<NamedRunRow[]> {
  const orders = {
    started: [desc(runTable.created_at), desc(runTable.run_id)],
    name: [asc(runTable.name_sort), asc(runTable.run_id)],
    state: [desc(runTable.state_rank), desc(runTable.created_at), desc(runTable.run_id)],
  }
  return db
    .select({ run: runTable, executor_name: executorTable.name, owner_name: operatorTable.name })
    .from(runTable)
    .innerJoin(executorTable, eq(executorTable.executor_id, runTable.executor_id))
    .leftJoin(operatorTable, eq(operatorTable.operator_id, runTable.owner_operator_id))
    .where(and(toCondition(operator, filter, page.now), page.after ? after(page.after) : undefined))
    .orderBy(...orders[page.sort])
    .limit(page.limit)
}

/** How many fit the filter, and how many of all visible runs are in each state; and the database's clock. */
export async function countRunRows(
  db: Queryable,
  operator: OperatorPrincipal,
  filter: RunFilter,
  now: SQL,
): Promise<{ total: Total; byState: Record<RunState | 'silent', Total>; now: Date }> {
  const facets = [...runStates, 'silent'] as const
  const bounded = (condition: SQL) =>
    sql`(SELECT count(*)::int FROM (SELECT 1 FROM ${runTable} WHERE ${condition} LIMIT ${exactCountLimit + 1}) AS bounded)`
  const everything = { state: null, search: null, ownerOperatorId: null, executorId: null, since: null, needsHuman: null }
  const columns = [
    sql`${bounded(toCondition(operator, filter, now))} AS total`,
    ...facets.map((state) => sql`${bounded(toCondition(operator, { ...everything, state }, now))} AS ${sql.identifier(state)}`),
    sql`floor(extract(epoch FROM ${now}) * 1000)::float8 AS now_ms`,
  ]
  const counted = await db.execute(sql`SELECT ${sql.join(columns, sql`, `)}`)
  const row = counted.rows[0] as Record<string, number>
  const byState = Object.fromEntries(facets.map((state) => [state, toTotal(row[state])])) as Record<RunState | 'silent', Total>
  return { total: toTotal(row['total']), byState, now: new Date(Number(row['now_ms'])) }
}

export async function findExecutorIdByName(db: Queryable, name: string): Promise<string | null> {
  const [row] = await db.select({ id: executorTable.executor_id }).from(executorTable).where(eq(executorTable.name, name))
  return row?.id ?? null
}

/** By id or by name. */
export async function findOperatorId(db: Queryable, idOrName: string): Promise<string | null> {
  const [row] = await db
    .select({ id: operatorTable.operator_id })
    .from(operatorTable)
    .where(or(eq(operatorTable.operator_id, idOrName), eq(operatorTable.name, idOrName)))
    .limit(1)
  return row?.id ?? null
}

function toCondition(operator: OperatorPrincipal, filter: RunFilter, now: SQL): SQL {
  const conditions = [canSee(operator, { executorId: runTable.executor_id, ownerOperatorId: runTable.owner_operator_id })]
  if (filter.state === 'silent') {
    conditions.push(eq(runTable.state_rank, stateRanks.running), sql`${runTable.heard_at} < ${now} - make_interval(secs => ${silentAfterMs / 1000})`)
  } else if (filter.state !== null) conditions.push(eq(runTable.state_rank, stateRanks[filter.state]))
  if (filter.search !== null) conditions.push(sql`${runTable.search_text} LIKE ${toPattern(filter.search)}`)
  if (filter.ownerOperatorId !== null) conditions.push(eq(runTable.owner_operator_id, filter.ownerOperatorId))
  if (filter.executorId !== null) conditions.push(eq(runTable.executor_id, filter.executorId))
  if (filter.since !== null) conditions.push(gte(runTable.created_at, filter.since))
  if (filter.needsHuman !== null) conditions.push(filter.needsHuman ? sql`${runTable.actions_waiting} > 0` : eq(runTable.actions_waiting, 0))
  return sql.join(conditions, sql` AND `)
}

/** One or two characters are looked for where words begin: a trigram index has nothing for them elsewhere. */
function toPattern(search: string): string {
  const escaped = search.replace(/[\\%_]/g, (character) => `\\${character}`)
  return [...search].length < 3 ? `% ${escaped}%` : `%${escaped}%`
}

function after(place: RunPlace): SQL {
  switch (place.sort) {
    case 'started':
      return sql`(${runTable.created_at}, ${runTable.run_id}) < (${place.createdAt.toISOString()}::timestamptz, ${place.runId})`
    case 'name':
      return sql`(${runTable.name_sort}, ${runTable.run_id}) > (${place.nameSort}, ${place.runId})`
    case 'state':
      return sql`(${runTable.state_rank}, ${runTable.created_at}, ${runTable.run_id}) <
        (${place.stateRank}::smallint, ${place.createdAt.toISOString()}::timestamptz, ${place.runId})`
  }
}

function toTotal(counted: number | undefined): Total {
  const count = Number(counted)
  return count > exactCountLimit ? { count: exactCountLimit, exact: false } : { count, exact: true }
}

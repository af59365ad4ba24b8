import { runIdSchema } from '@autopack/contract/primitives'
import type { listRuns as route } from '@autopack/contract/operator-runs'
import type { runSorts } from '@autopack/contract/operator-runs'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import * as z from 'zod/mini'
import type { Deps } from '../../deps.ts'
import { decodeCursor, encodeCursor, toCursorMoment } from '../../shared/cursor.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import type { RunFilter, RunPlace } from './run-list-rows.ts'
import { countRunRows, findExecutorIdByName, findOperatorId, listRunRows } from './run-list-rows.ts'
import type { NamedRunRow } from './run-rows.ts'
import { findRun } from './run-rows.ts'
import { toRunSummary } from './to-run.ts'

type Input = Pick<RouteInput<typeof route, OperatorPrincipal>, 'principal' | 'query'>
type Sort = (typeof runSorts)[number]

const pageDefault = 50
/** Matches nobody: ids of ours have a prefix. */
const nobody = ''

/** The inbox. `started`: newest first; `name`: A to Z; `state`: what needs a person first, newest first within. */
export async function listRuns(deps: Deps, { principal, query }: Input) {
  const filter = await toFilter(deps, query)
  const sort = query.sort ?? 'started'
  const after = query.cursor === undefined ? null : await readPlace(deps, sort, query.cursor)
  const limit = query.limit ?? pageDefault
  const rows = await listRunRows(deps.db, principal, filter, { sort, after, limit: limit + 1, now: deps.now })
  const counted = await countRunRows(deps.db, principal, filter, deps.now)
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: shown.map((row) => toRunSummary(row, counted.now)),
    total: counted.total,
    next_cursor: rows.length > limit && last ? writePlace(sort, last) : null,
    by_state: counted.byState,
    now: counted.now.toISOString(),
  }
}

async function toFilter(deps: Deps, query: Input['query']): Promise<RunFilter> {
  for (const name of ['q', 'owner'] as const)
    if (query[name]?.includes('\0')) throw new ProblemError('invalid_request', `query ${name}: cannot hold a NUL character.`)
  return {
    state: query.state ?? null,
    search: query.q?.trim().toLowerCase() || null,
    ownerOperatorId: query.owner === undefined ? null : ((await findOperatorId(deps.db, query.owner)) ?? nobody),
    executorId: query.executor === undefined ? null : ((await findExecutorIdByName(deps.db, query.executor)) ?? nobody),
    since: query.since === undefined ? null : toSince(query.since),
    needsHuman: query.needs_human === undefined ? null : query.needs_human === 'true',
  }
}

/** The contract checks the form; `2026-02-30` and the year 0, which PostgreSQL does not have, are caught here. */
function toSince(text: string): Date {
  const since = new Date(text)
  if (Number.isNaN(since.getTime()) || since.toISOString() !== text || since.getTime() < 0)
    throw new ProblemError('invalid_request', 'query since: is not a moment after 1970.')
  return since
}

/** The cursor holds no name: it may be longer than a cursor may. */
function writePlace(sort: Sort, { run }: NamedRunRow): string {
  if (sort === 'name') return encodeCursor([sort, run.run_id])
  const createdAt = run.created_at.toISOString()
  return sort === 'state' ? encodeCursor([sort, run.state_rank, createdAt, run.run_id]) : encodeCursor([sort, createdAt, run.run_id])
}

async function readPlace(deps: Deps, sort: Sort, cursor: string): Promise<RunPlace> {
  const kinds = { name: ['string', 'string'], started: ['string', 'string', 'string'], state: ['string', 'number', 'string', 'string'] } as const
  const values = decodeCursor(cursor, kinds[sort])
  const runId = values.at(-1)
  const createdAt = values.at(-2)
  const otherList = new ProblemError('invalid_request', 'query cursor: is not a cursor of this list; start again without it.')
  if (values[0] !== sort || typeof runId !== 'string' || !z.safeParse(runIdSchema, runId).success) throw otherList
  if (sort === 'name') {
    const run = await findRun(deps.db, runId)
    if (!run) throw otherList
    return { sort, nameSort: run.name_sort, runId }
  }
  const at = toCursorMoment(createdAt ?? null)
  if (at.getTime() < 0) throw otherList
  if (sort === 'started') return { sort, createdAt: at, runId }
  const stateRank = Number(values[1])
  if (stateRank < 1 || stateRank > 6) throw otherList
  return { sort, stateRank, createdAt: at, runId }
}

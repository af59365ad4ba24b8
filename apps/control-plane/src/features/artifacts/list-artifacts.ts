import type { listArtifacts as route } from '@autopack/contract/artifacts'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Deps } from '../../deps.ts'
import { decodeCursor, encodeCursor } from '../../shared/cursor.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { findArtifactPath, findVisibleRun, listNewestArtifacts } from './artifact-rows.ts'
import { toArtifact } from './to-artifact.ts'

type Input = Pick<RouteInput<typeof route, OperatorPrincipal>, 'principal' | 'params' | 'query'>

const pageDefault = 100

/** By path, the newest version of each. */
export async function listArtifacts(deps: Deps, { principal, params, query }: Input) {
  const run = await findVisibleRun(deps.db, principal, params.run_id)
  if (!run) throw new ProblemError('not_found', 'There is no such run, or you may not see it.')
  const afterPath = query.cursor === undefined ? null : await readPlace(deps, run.run_id, query.cursor)
  const limit = query.limit ?? pageDefault
  const rows = await listNewestArtifacts(deps.db, run.run_id, { afterPath, limit: limit + 1 })
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: shown.map((row) => toArtifact(row, principal)),
    total: { count: run.artifacts_count, exact: true },
    // The row's number stands for its path, which may be longer than a cursor may be.
    next_cursor: rows.length > limit && last ? encodeCursor([last.id]) : null,
    total_size_bytes: run.artifacts_size_bytes,
  }
}

async function readPlace(deps: Deps, runId: string, cursor: string): Promise<string> {
  const [id] = decodeCursor(cursor, ['number'])
  const path = await findArtifactPath(deps.db, runId, Number(id))
  if (path === null) throw new ProblemError('invalid_request', 'query cursor: is not a cursor of this list; start again without it.')
  return path
}

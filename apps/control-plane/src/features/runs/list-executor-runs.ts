import type { listExecutorRuns as route } from '@autopack/contract/runs'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import type { Deps } from '../../deps.ts'
import type { ExecutorPrincipal } from '../../shared/principal.ts'
import { autopackRunState } from './autopack-run-state.ts'
import { listRunsOfExecutor } from './run-rows.ts'

type Input = Pick<RouteInput<typeof route, ExecutorPrincipal>, 'principal' | 'query'>

/** As the old server: 20 at a time, a limit out of 1..100 is moved into it rather than refused. */
export async function listExecutorRuns(deps: Deps, { principal, query }: Input) {
  const limit = Math.min(100, Math.max(1, query.limit ?? 20))
  const offset = query.offset ?? 0
  const { rows, total } = await listRunsOfExecutor(deps.db, principal.executorId, { limit, offset })
  return {
    runs: rows.map((run) => ({
      id: run.run_id,
      state: autopackRunState(run),
      created_at: run.created_at.toISOString(),
      tokens_used: run.tokens_used,
      token_cap: run.token_cap,
      phases_total: run.phases_total,
      phases_completed: run.phases_completed,
      current_phase_name: run.current_phase_name,
    })),
    total,
    limit,
    offset,
  }
}

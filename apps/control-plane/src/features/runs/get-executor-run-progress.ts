import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Deps } from '../../deps.ts'
import type { ExecutorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { autopackRunState } from './autopack-run-state.ts'
import { findRunOfExecutor, listPhases } from './run-rows.ts'
import { isActive } from './summarise-phases.ts'

/** Time stands still when the run has ended; every phase that works counts as in progress, not only EXECUTING ones. */
export async function getExecutorRunProgress(deps: Deps, input: { principal: ExecutorPrincipal; params: { run_id: string } }) {
  const run = await findRunOfExecutor(deps.db, input.principal.executorId, input.params.run_id)
  if (!run) throw new ProblemError('not_found', `Your executor has no run ${input.params.run_id}.`)
  const phases = await listPhases(deps.db, run.run_id)
  const until = run.completed_at ?? (await readClock(deps.db, deps.now))
  return {
    run_id: run.run_id,
    state: autopackRunState(run),
    started_at: run.started_at?.toISOString() ?? null,
    completed_at: run.completed_at?.toISOString() ?? null,
    elapsed_seconds: run.started_at && Math.max(0, Math.floor((until.getTime() - run.started_at.getTime()) / 1000)),
    tokens_used: run.tokens_used,
    token_cap: run.token_cap,
    phases_total: run.phases_total,
    phases_completed: run.phases_completed,
    phases_in_progress: phases.filter((phase) => isActive(phase.state)).length,
    phases_pending: run.phases_queued,
    phases: phases.map((phase) => ({
      phase_id: phase.phase_id,
      name: phase.name,
      state: phase.state,
      phase_index: phase.phase_index,
      tokens_used: phase.tokens_used,
      builder_attempts: phase.attempts,
    })),
  }
}

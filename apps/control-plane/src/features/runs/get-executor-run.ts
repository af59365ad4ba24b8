import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Deps } from '../../deps.ts'
import type { ExecutorPrincipal } from '../../shared/principal.ts'
import { findRunOfExecutor, listPhases, listTiers } from './run-rows.ts'
import { toAutopackRun } from './to-autopack-run.ts'

export async function getExecutorRun(deps: Deps, input: { principal: ExecutorPrincipal; params: { run_id: string } }) {
  const run = await findRunOfExecutor(deps.db, input.principal.executorId, input.params.run_id)
  if (!run) throw new ProblemError('not_found', `Your executor has no run ${input.params.run_id}.`)
  return toAutopackRun({ run, tiers: await listTiers(deps.db, run.run_id), phases: await listPhases(deps.db, run.run_id) })
}

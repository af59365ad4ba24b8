import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Deps } from '../../deps.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { findVisibleRun, listPhases, listTiers } from './run-rows.ts'
import { toRunDetail } from './to-run.ts'

export async function getRun(deps: Deps, input: { principal: OperatorPrincipal; params: { run_id: string } }) {
  const named = await findVisibleRun(deps.db, input.principal, input.params.run_id)
  if (!named) throw new ProblemError('not_found', 'There is no such run, or you may not see it.')
  const tiers = await listTiers(deps.db, named.run.run_id)
  const phases = await listPhases(deps.db, named.run.run_id)
  return toRunDetail(named, tiers, phases, await readClock(deps.db, deps.now))
}

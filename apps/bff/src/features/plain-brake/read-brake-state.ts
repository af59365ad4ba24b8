import { getControl } from '@autopack/contract/operator-control'
import type { Control } from '@autopack/contract/operator-control'
import type { ExternalActionSummary } from '@autopack/contract/external-actions'
import { listExternalActions } from '@autopack/contract/operator-actions'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Deps } from '../../deps.ts'
import type { Passage } from '../../upstream/control-plane.ts'

/** Whoever wants to stop something must not wait for numbers. */
const patienceMs = 4_000

/** `null`: the control plane did not say, and `problem` says why. */
export type BrakeState = {
  control: Control | null
  /** At most the first fifty of `total`. */
  executing: { items: readonly ExternalActionSummary[]; total: { count: number; exact: boolean } } | null
  problem: ProblemError | null
}

/** Reads what is stopped and what runs. What cannot be read is missing in the answer; only the end of the session throws. */
export async function readBrakeState(deps: Deps, asked: Passage): Promise<BrakeState> {
  const passage = { ...asked, signal: AbortSignal.any([asked.signal, AbortSignal.timeout(patienceMs)]) }
  const [control, executing] = await Promise.allSettled([
    deps.controlPlane.call(getControl, {}, passage),
    deps.controlPlane.call(listExternalActions, { query: { state: 'EXECUTING', limit: 50 } }, passage),
  ])
  const problems = [control, executing].flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []))
  const fatal = problems.find((each) => !(each instanceof ProblemError) || each.code === 'operator_disabled')
  if (fatal !== undefined) throw fatal
  return {
    control: control.status === 'fulfilled' ? control.value.data! : null,
    executing: executing.status === 'fulfilled' ? executing.value.data! : null,
    problem: (problems[0] as ProblemError | undefined) ?? null,
  }
}

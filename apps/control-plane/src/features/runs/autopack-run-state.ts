import type { autopackRunStates, PhaseState, RunState } from '@autopack/contract/runs'

type AutopackRunState = (typeof autopackRunStates)[number]

/** The run in Autopack's words: real while it works, where the old server said RUN_CREATED until the end. */
export function autopackRunState(state: RunState, phases: readonly PhaseState[]): AutopackRunState {
  if (state === 'done') return 'DONE_SUCCESS'
  if (state === 'failed' || state === 'stopped') return 'DONE_FAILED_REQUIRES_HUMAN_REVIEW'
  if (phases.includes('EXECUTING')) return 'PHASE_EXECUTION'
  if (phases.includes('CI_RUNNING')) return 'CI_RUNNING'
  if (phases.includes('GATE')) return 'GATE'
  return phases.every((phase) => phase === 'QUEUED') ? 'RUN_CREATED' : 'PHASE_QUEUEING'
}

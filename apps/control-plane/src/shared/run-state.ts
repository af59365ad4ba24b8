/** What a person sees of a run, from its phases and its waiting actions alone. Pure. */
import type { PhaseState, RunState } from '@autopack/contract/runs'

export type PhaseCounts = { total: number; queued: number; completed: number; skipped: number; failed: number }

export function countPhases(states: readonly PhaseState[]): PhaseCounts {
  const of = (state: PhaseState) => states.filter((at) => at === state).length
  return { total: states.length, queued: of('QUEUED'), completed: of('COMPLETE'), skipped: of('SKIPPED'), failed: of('FAILED') }
}

/**
 * A run without phases stays queued: nothing says that it has begun or ended. A run ends with its last phase; an
 * action that still waits then is counted, but no longer holds the run.
 */
export function runState(counts: PhaseCounts, actionsWaiting: number): RunState {
  const ended = counts.total > 0 && counts.completed + counts.skipped + counts.failed === counts.total
  if (ended) return counts.failed > 0 ? 'failed' : 'done'
  if (actionsWaiting > 0) return 'waiting'
  return counts.queued === counts.total ? 'queued' : 'running'
}

export function isEnded(state: RunState): boolean {
  return state === 'done' || state === 'failed' || state === 'stopped'
}

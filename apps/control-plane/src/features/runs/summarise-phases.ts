/** Everything a run row says about its phases, recomputed whenever one of them changes. Pure. */
import type { PhaseState } from '@autopack/contract/runs'
import { countPhases, runState } from '../../shared/run-state.ts'
import { toPhaseLetters } from './phase-letters.ts'

export type SummarisedPhase = { name: string; state: PhaseState; failure_reason: string | null }

/** `phases` in order of their position. */
export function summarisePhases(phases: readonly SummarisedPhase[], actionsWaiting: number) {
  const states = phases.map((phase) => phase.state)
  const counts = countPhases(states)
  const state = runState(counts, actionsWaiting)
  const failed = state === 'failed' ? phases.find((phase) => phase.state === 'FAILED') : undefined
  // A failed phase is never "current": either it is tried again, or the next one is.
  const current = phases.find((phase) => isActive(phase.state)) ?? phases.find((phase) => phase.state === 'QUEUED')
  return {
    state,
    phases_total: counts.total,
    phases_queued: counts.queued,
    phases_completed: counts.completed,
    phases_skipped: counts.skipped,
    phases_failed: counts.failed,
    phase_states: toPhaseLetters(states),
    current_phase_name: current?.name ?? null,
    failure_reason: failed ? (failed.failure_reason ?? `The phase “${failed.name}” failed; the executor gave no reason.`) : null,
  }
}

export function isActive(state: PhaseState): boolean {
  return state === 'EXECUTING' || state === 'GATE' || state === 'CI_RUNNING'
}

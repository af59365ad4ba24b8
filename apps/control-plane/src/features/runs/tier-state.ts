import type { PhaseState, TierState } from '@autopack/contract/runs'

/** The state of a tier, from its phases alone. A failed phase may be tried again, so a tier fails only when all have ended. */
export function tierState(phases: readonly PhaseState[]): TierState {
  if (phases.every((state) => state === 'QUEUED')) return 'PENDING'
  if (phases.every((state) => state === 'SKIPPED')) return 'SKIPPED'
  if (!phases.every(isEndedPhase)) return 'IN_PROGRESS'
  return phases.includes('FAILED') ? 'FAILED' : 'COMPLETE'
}

export function isEndedPhase(state: PhaseState): boolean {
  return state === 'COMPLETE' || state === 'FAILED' || state === 'SKIPPED'
}

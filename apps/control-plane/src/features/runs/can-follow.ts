import type { PhaseState } from '@autopack/contract/runs'

const followers: Record<PhaseState, readonly PhaseState[]> = {
  QUEUED: ['EXECUTING', 'SKIPPED'],
  EXECUTING: ['GATE', 'CI_RUNNING', 'COMPLETE', 'FAILED', 'SKIPPED'],
  GATE: ['EXECUTING', 'COMPLETE', 'FAILED'],
  CI_RUNNING: ['COMPLETE', 'FAILED'],
  FAILED: ['QUEUED', 'EXECUTING'],
  COMPLETE: [],
  SKIPPED: [],
}

/** The same state again is a repeated report, not a transition. */
export function canFollow(from: PhaseState, to: PhaseState): boolean {
  return from === to || followers[from].includes(to)
}

/** In words, for the refusal. */
export function whatMayFollow(from: PhaseState): string {
  return followers[from].length === 0 ? 'nothing may follow it' : `only ${followers[from].join(', ')} may follow it`
}

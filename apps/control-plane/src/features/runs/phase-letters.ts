/** The states of the first 60 phases in one short text, so that a million run rows stay small. */
import type { PhaseState } from '@autopack/contract/runs'

const letters: Record<PhaseState, string> = { QUEUED: 'Q', EXECUTING: 'E', GATE: 'G', CI_RUNNING: 'I', COMPLETE: 'C', FAILED: 'F', SKIPPED: 'S' }
const states = new Map(Object.entries(letters).map(([state, letter]) => [letter, state as PhaseState]))
const shownPhasesLimit = 60

export function toPhaseLetters(phases: readonly PhaseState[]): string {
  return phases
    .slice(0, shownPhasesLimit)
    .map((state) => letters[state])
    .join('')
}

export function fromPhaseLetters(text: string): PhaseState[] {
  return [...text].map((letter) => {
    const state = states.get(letter)
    if (!state) throw new Error(`a phase state is never written as ${JSON.stringify(letter)}`)
    return state
  })
}

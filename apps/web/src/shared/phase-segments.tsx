import type { PhaseState } from '@autopack/contract/runs'

const letters: Record<PhaseState, string> = {
  COMPLETE: 'd',
  EXECUTING: 'r',
  CI_RUNNING: 'r',
  GATE: 'n',
  FAILED: 'f',
  SKIPPED: 'k',
  QUEUED: '',
}

/** One mark a phase: filled done, outlined running, warm waiting, hatched skipped; the numbers beside it tell the same. */
export function PhaseSegments({ states, done, total }: { states: readonly PhaseState[]; done: number; total: number }) {
  return (
    <span className="ph">
      <span className="segs" aria-hidden="true">
        {states.map((state, index) => (
          <i key={index} className={letters[state]} />
        ))}
      </span>
      <span className="muted tn">
        {done}/{total}
      </span>
    </span>
  )
}

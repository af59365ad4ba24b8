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

const mostSegments = 40

/** One mark a phase: filled done, outlined running, warm waiting, hatched skipped; the numbers beside it tell the same. More phases than fit are one bar. */
export function PhaseSegments({ states, done, total, failed }: { states: readonly PhaseState[]; done: number; total: number; failed?: number }) {
  if (total === 0) return <span className="muted">no phases</span>
  const marks = toMarks(states, { done, total, failed: failed ?? states.filter((state) => state === 'FAILED').length })
  return (
    <span className="ph">
      <span className="segs" aria-hidden="true">
        {marks.map(({ state, share }, index) => (
          <i key={index} className={letters[state]} style={share === 1 ? undefined : { flexGrow: share }} />
        ))}
      </span>
      <span className="muted tn">
        {done}/{total}
      </span>
    </span>
  )
}

/** The answer names the states of the first sixty phases; of a longer run only the counts tell, and a bar of the first sixty would lie. */
export function toMarks(
  states: readonly PhaseState[],
  { done, failed, total }: { done: number; failed: number; total: number },
): { state: PhaseState; share: number }[] {
  if (states.length < total) {
    const parts = [
      { state: 'COMPLETE', share: done },
      { state: 'FAILED', share: failed },
      { state: 'QUEUED', share: total - done - failed },
    ] as const
    return parts.filter(({ share }) => share > 0)
  }
  return states.length <= mostSegments ? states.map((state) => ({ state, share: 1 })) : sumByState(states)
}

const barOrder: readonly PhaseState[] = ['COMPLETE', 'SKIPPED', 'FAILED', 'GATE', 'EXECUTING', 'CI_RUNNING', 'QUEUED']

/** One mark a state, as wide as its share; the states that are there, done first. */
export function sumByState(states: readonly PhaseState[]): { state: PhaseState; share: number }[] {
  return barOrder.map((state) => ({ state, share: states.filter((each) => each === state).length })).filter(({ share }) => share > 0)
}

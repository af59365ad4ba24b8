/** A mistake somebody could make in the ledger, and the invariant of safety.md that it breaks. */
export type ScheduleMutant = {
  name: string
  invariant: string
  mistake: string
  file: string
  /** Stands exactly once in the file; `put` comes in its place, and is valid code. */
  remove: string
  put: string
  /** The pair of operations whose schedules must find it: `claim/brake`. */
  pair: string
}

/** One of the guards of `scripts/prove-guards/`: taking it away is the mistake, and a test finds it. */
export type GuardMutant = { guard: string; invariant: string }

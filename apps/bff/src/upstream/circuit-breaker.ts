/** Five calls without an answer within ten seconds: for five seconds nothing is tried, then one call tries. */
import { ProblemError } from '@autopack/server-kit/problem-error'

const failuresToOpen = 5
const windowMs = 10_000
const openMs = 5_000

export type CircuitBreaker = {
  /** Throws `control_plane_unreachable` while open. */
  check: () => void
  recordAnswer: () => void
  recordFailure: () => void
}

export function createCircuitBreaker(now: () => number): CircuitBreaker {
  let failures: number[] = []
  let openUntil = 0
  return {
    check: () => {
      const left = openUntil - now()
      if (left > 0) throw unreachable(left / 1_000)
      // Half open: this call tries, the others go on waiting for what it finds.
      if (openUntil > 0) openUntil = now() + openMs
    },
    recordAnswer: () => {
      failures = []
      openUntil = 0
    },
    recordFailure: () => {
      failures = [...failures.filter((at) => at > now() - windowMs), now()]
      if (failures.length >= failuresToOpen || openUntil > 0) openUntil = now() + openMs
    },
  }
}

export function unreachable(retryAfterSeconds = 3): ProblemError {
  return new ProblemError(
    'control_plane_unreachable',
    'The control plane cannot be reached; nothing was decided or changed here. Try again in a few seconds.',
    {
      retryAfterSeconds,
    },
  )
}

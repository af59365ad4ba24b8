import type { RateClass } from '@autopack/contract/route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'

/** A principal's requests per minute (security.md, "Limits"). The safety lane has no entry: nothing may exhaust it. */
export const requestsPerMinute: Readonly<Partial<Record<RateClass, number>>> = {
  read: 600,
  list: 240,
  artifact: 120,
  mutation: 60,
  report: 300,
  execution: 120,
  decision: 30,
  run_start: 10,
  proposal: 60,
  stream: 60,
}

export type RateLimits = {
  /** Counts one request; throws `rate_limited` with the time to wait when there were too many. */
  count: (rateClass: RateClass, principalId: string) => Promise<void>
}

export function createRateLimits(limits: Readonly<Partial<Record<RateClass, number>>> = requestsPerMinute): RateLimits {
  const limiters = new Map(
    Object.entries(limits).map(([rateClass, points]) => [rateClass, new RateLimiterMemory({ keyPrefix: rateClass, points, duration: 60 })]),
  )
  return {
    count: async (rateClass, principalId) => {
      try {
        await limiters.get(rateClass)?.consume(principalId)
      } catch (refused) {
        if (!(refused instanceof RateLimiterRes)) throw refused
        const retryAfterSeconds = Math.max(1, Math.ceil(refused.msBeforeNext / 1000))
        throw new ProblemError('rate_limited', `Too many requests of this kind in a minute. Try again in ${retryAfterSeconds} s.`, {
          retryAfterSeconds,
        })
      }
    },
  }
}

/** Requests of signed-in people, by the rate class of the route. Reads are counted in memory, changes in the database. */
import type { RateClass } from '@autopack/contract/route'
import type { Database } from '@autopack/server-kit/open-database'
import { ProblemError } from '@autopack/server-kit/problem-error'
import { RateLimiterDrizzle, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { throttleTable } from '../db/bff-tables.ts'

export type RateLimits = { take: (rateClass: RateClass, operatorId: string) => Promise<void> }

/** Per person and minute; classes that are not here have limits of their own or none (`safety`). */
export const requestsPerMinute = { read: 600, list: 240, artifact: 120, mutation: 60, decision: 30 } as const

/** `take` throws the problem `rate_limited` with the seconds to wait. */
export function createRateLimits(db: Database): RateLimits {
  const minute = (rateClass: keyof typeof requestsPerMinute) => ({
    keyPrefix: `rate-${rateClass}`,
    points: requestsPerMinute[rateClass],
    duration: 60,
  })
  const store = { storeClient: db, schema: throttleTable, clearExpiredByTimeout: false }
  const limiters: Partial<Record<RateClass, RateLimiterMemory | RateLimiterDrizzle>> = {
    read: new RateLimiterMemory(minute('read')),
    list: new RateLimiterMemory(minute('list')),
    artifact: new RateLimiterMemory(minute('artifact')),
    mutation: new RateLimiterDrizzle({ ...store, ...minute('mutation') }),
    decision: new RateLimiterDrizzle({ ...store, ...minute('decision') }),
  }
  return {
    take: async (rateClass, operatorId) => {
      try {
        await limiters[rateClass]?.consume(operatorId)
      } catch (error) {
        if (!(error instanceof RateLimiterRes)) throw error
        const limit = requestsPerMinute[rateClass as keyof typeof requestsPerMinute]
        throw new ProblemError('rate_limited', `At most ${limit} requests of this kind a minute are answered. Wait a moment.`, {
          retryAfterSeconds: error.msBeforeNext / 1_000,
        })
      }
    },
  }
}

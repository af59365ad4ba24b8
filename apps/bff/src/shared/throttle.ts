/**
 * Failed sign-ins, counted in the database so that a restart forgets nothing and no flood evicts a key. A guess is paid
 * for before it is checked: guesses sent at the same moment cannot all slip under the limit.
 */
import { createHash } from 'node:crypto'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Database } from '@autopack/server-kit/open-database'
import { RateLimiterDrizzle, RateLimiterRes } from 'rate-limiter-flexible'
import { throttleTable } from '../db/bff-tables.ts'

const windowSeconds = 15 * 60
const failuresPerPerson = 10
const failuresPerAddress = 50
/** Of one network: a page that is left open begins one every two minutes. */
const challengesPerAddress = 300
const longestBlockSeconds = 4 * 3_600

/** `key` says who is throttled, `progressive` whether each further block is twice as long as the one before. */
export type Bucket = { key: string; progressive: boolean; kind: 'person' | 'address' | 'challenge' }

const refusalWords: Readonly<Record<Bucket['kind'], string>> = {
  person: 'Too many failed attempts for this name. Wait, or sign in on a browser where you have signed in before.',
  address: 'Too many failed attempts from this network. Wait and try again.',
  challenge: 'Too many sign-ins with a passkey were begun from this network. Wait, or use the password.',
}

export type Throttle = {
  /** Throws `too_many_attempts` when one of the buckets is empty; otherwise one attempt is taken from each. */
  take: (buckets: readonly Bucket[]) => Promise<void>
  /** Gives the attempt back: it was not a failure. */
  giveBack: (buckets: readonly Bucket[]) => Promise<void>
  /** Forgets the failures of these buckets. */
  forget: (buckets: readonly Bucket[]) => Promise<void>
}

export function createThrottle(db: Database): Throttle {
  // Expired rows are deleted by the upkeep of the process, not by a timer of the library.
  const store = { storeClient: db, schema: throttleTable, clearExpiredByTimeout: false }
  const limiters = {
    person: new RateLimiterDrizzle({ ...store, keyPrefix: 'person', points: failuresPerPerson, duration: windowSeconds }),
    address: new RateLimiterDrizzle({ ...store, keyPrefix: 'address', points: failuresPerAddress, duration: windowSeconds }),
    challenge: new RateLimiterDrizzle({ ...store, keyPrefix: 'challenge', points: challengesPerAddress, duration: windowSeconds }),
  }
  const blocks = new RateLimiterDrizzle({ ...store, keyPrefix: 'blocks', points: 1_000_000, duration: 24 * 3_600 })

  const refuse = (bucket: Bucket, milliseconds: number): never => {
    throw new ProblemError('too_many_attempts', refusalWords[bucket.kind], { retryAfterSeconds: Math.ceil(milliseconds / 1_000) })
  }

  return {
    take: async (buckets) => {
      const taken: Bucket[] = []
      for (const bucket of buckets) {
        const limiter = limiters[bucket.kind]
        try {
          await limiter.consume(hashKey(bucket))
          taken.push(bucket)
        } catch (error) {
          if (!(error instanceof RateLimiterRes)) throw error
          for (const each of taken) await limiters[each.kind].reward(hashKey(each))
          // The first refusal after the last allowed attempt sets the length of the block.
          if (bucket.progressive && error.consumedPoints === failuresPerPerson + 1) {
            const earlier = await blocks.consume(hashKey(bucket))
            const seconds = Math.min(longestBlockSeconds, windowSeconds * 2 ** (earlier.consumedPoints - 1))
            await limiter.block(hashKey(bucket), seconds)
            refuse(bucket, seconds * 1_000)
          }
          refuse(bucket, error.msBeforeNext)
        }
      }
    },
    giveBack: async (buckets) => {
      for (const bucket of buckets) await limiters[bucket.kind].reward(hashKey(bucket))
    },
    forget: async (buckets) => {
      for (const bucket of buckets) {
        await limiters[bucket.kind].delete(hashKey(bucket))
        await blocks.delete(hashKey(bucket))
      }
    },
  }
}

/** What was typed may be long, odd or a password in the wrong field: it is never a key as it is. */
function hashKey(bucket: Bucket): string {
  return createHash('sha256').update(`${bucket.kind}\n${bucket.key}`).digest('base64url')
}

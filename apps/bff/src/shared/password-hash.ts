/** argon2id (RFC 9106) with bounded memory: at most four at once, a short queue, and then a clear refusal. */
import { hash, verify } from '@node-rs/argon2'
import { ProblemError } from '@autopack/server-kit/problem-error'

const fullCost = { memoryCost: 64 * 1024, timeCost: 3, parallelism: 1 }
const atOnceLimit = 4
const queueLimit = 8

export type PasswordHasher = {
  /** Throws the problem `login_busy` when four are running and eight wait. */
  hash: (password: string) => Promise<string>
  /** Does the same work for `passwordHash` null, and answers false. Throws `login_busy` too. */
  verify: (passwordHash: string | null, password: string) => Promise<boolean>
}

/** `cost` is for tests of other things than the cost; no setting reaches it. */
export async function createPasswordHasher(cost = fullCost): Promise<PasswordHasher> {
  const turn = createTurns()
  // Nobody knows this password, and a hash of the right form costs what a real one costs.
  const nobody = await hash(crypto.randomUUID(), cost)
  return {
    hash: (password) => turn(() => hash(password.normalize('NFKC'), cost)),
    verify: (passwordHash, password) =>
      turn(async () => {
        const right = await verify(passwordHash ?? nobody, password.normalize('NFKC'))
        return right && passwordHash !== null
      }),
  }
}

function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0
  const waiting: (() => void)[] = []
  return async (work) => {
    if (running >= atOnceLimit) {
      if (waiting.length >= queueLimit) {
        throw new ProblemError('login_busy', 'Too many people are signing in at this moment. Try again in a few seconds.', { retryAfterSeconds: 3 })
      }
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else running += 1
    try {
      return await work()
    } finally {
      // The place is handed on, not given back, so nobody overtakes the queue.
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }
}

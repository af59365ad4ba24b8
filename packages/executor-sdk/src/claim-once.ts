import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Call } from '@autopack/api-client/call'
import { ApiProblem } from '@autopack/api-client/errors'
import { claimExternalAction } from '@autopack/contract/executor-actions'
import type { ExecutorAction } from '@autopack/contract/executor-actions'
import type { AnswerOf } from '@autopack/contract/route'
import { mayPass } from './may-pass.ts'

export type Claim = AnswerOf<typeof claimExternalAction>
/** The answer that handed the action out was lost, and its repetition was refused: held, but nothing to send. */
export type Withheld = Pick<Claim, 'action_id' | 'fence'> & { refusal: ApiProblem }

/**
 * Claims under a new key, which only the repetitions of this very request share: they may get the same execution again. Waits for the
 * end of a launch hold until `signal` aborts, however often it is asked to come back; the fourth failure in a row ends it.
 */
export async function claimOnce(call: Call, action: ExecutorAction, signal: AbortSignal | undefined): Promise<Claim | Withheld> {
  const idempotencyKey = randomUUID()
  for (let failures = 0; ;) {
    try {
      return await call(claimExternalAction, {
        params: { action_id: action.action_id },
        body: { revision: action.revision, payload_hash: action.payload_hash },
        idempotencyKey,
      })
    } catch (error) {
      if (error instanceof ApiProblem && error.problem.fence !== undefined) {
        return { action_id: action.action_id, fence: error.problem.fence, refusal: error }
      }
      if (error instanceof ApiProblem && error.code === 'in_hold') {
        failures = 0
        await delay((error.retryAfterSeconds ?? 1) * 1_000, undefined, { signal })
        continue
      }
      failures += 1
      if (!mayPass(error) || failures >= 4) throw error
      await delay(failures * 500)
    }
  }
}

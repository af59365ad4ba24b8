import type { heartbeatExternalAction } from '@autopack/contract/executor-actions'
import { leaseMs } from '@autopack/contract/limits'
import type { AnswerOf } from '@autopack/contract/route'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Deps } from '../../deps.ts'
import { extendLease, lockOwnAction } from '../../ledger/action-rows.ts'
import type { ExecutorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { actionNotFound } from './present-executor-action.ts'

/** Extends the lease of an execution. A lease that is over is over, swept or not: whoever hears so must not send any more. */
export async function heartbeatAction(
  deps: Deps,
  input: RouteInput<typeof heartbeatExternalAction, ExecutorPrincipal>,
): Promise<AnswerOf<typeof heartbeatExternalAction>> {
  return deps.db.transaction(async (tx) => {
    const action = await lockOwnAction(tx, input.principal.executorId, input.params.action_id)
    if (!action) throw actionNotFound()
    if (action.state !== 'EXECUTING') throw new ProblemError('not_executing', `The action is ${action.state}: do not send anything.`)
    if (action.fence !== input.body.fence) throw new ProblemError('stale_fence', `Fence ${action.fence} is in force: do not send anything.`)
    const now = await readClock(tx, deps.now)
    if (action.lease_until! <= now) throw new ProblemError('not_executing', 'The lease is over: do not send anything.')
    const leaseUntil = new Date(now.getTime() + leaseMs)
    await extendLease(tx, action.action_id, leaseUntil)
    return { action_id: action.action_id, lease_until: leaseUntil.toISOString() }
  })
}

import type { ExecutorAction, cancelExternalAction } from '@autopack/contract/executor-actions'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Deps } from '../../deps.ts'
import { changeAction, getRevision, lockOwnAction } from '../../ledger/action-rows.ts'
import { recordActionChange, toActionFacts } from '../../ledger/record-action-change.ts'
import type { ExecutorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { actionNotFound, presentExecutorAction } from './present-executor-action.ts'

/** Withdraws an own proposal that was not claimed. Allowed whatever control says; racing a claim, one wins. */
export async function cancelAction(deps: Deps, input: RouteInput<typeof cancelExternalAction, ExecutorPrincipal>): Promise<ExecutorAction> {
  const { principal, params, body } = input
  await deps.db.transaction(async (tx) => {
    const action = await lockOwnAction(tx, principal.executorId, params.action_id)
    if (!action) throw actionNotFound()
    if (action.state === 'CANCELLED') return
    if (action.state !== 'PENDING' && action.state !== 'APPROVED') {
      throw new ProblemError('not_open', `The action is ${action.state}; it can no longer be withdrawn.`)
    }
    const now = await readClock(tx, deps.now)
    const revision = await getRevision(tx, action)
    const changed = await changeAction(tx, action, { state: 'CANCELLED', at: now })
    const event = { event_type: 'external_action.cancelled', result_status: 'CANCELLED', completed_at: now.toISOString(), reason: body.reason }
    await recordActionChange(tx, principal, changed, { ...toActionFacts(changed, revision), ...event }, input)
  })
  return presentExecutorAction(deps.db, principal, params.action_id)
}

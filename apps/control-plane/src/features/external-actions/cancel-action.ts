import type { ExecutorAction, cancelExternalAction } from '@autopack/contract/executor-actions'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import { recordAudit } from '../../audit/record-audit.ts'
import type { Deps } from '../../deps.ts'
import { changeAction, getRevision, lockOwnAction } from '../../ledger/action-rows.ts'
import { recordActionChange, toActionFacts } from '../../ledger/record-action-change.ts'
import { AuditedRefusal } from '../../shared/audited-refusal.ts'
import type { ExecutorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { actionNotFound, presentExecutorAction } from './present-executor-action.ts'

/** Withdraws an own proposal that was not claimed. Allowed whatever control says; racing a claim, one wins. */
export async function cancelAction(deps: Deps, input: RouteInput<typeof cancelExternalAction, ExecutorPrincipal>): Promise<ExecutorAction> {
  const { principal, params, body } = input
  const refusal = await deps.db.transaction(async (tx): Promise<AuditedRefusal | null> => {
    const action = await lockOwnAction(tx, principal.executorId, params.action_id)
    if (!action) throw actionNotFound()
    if (action.state === 'CANCELLED') return null
    const now = await readClock(tx, deps.now)
    const revision = await getRevision(tx, action)
    const facts = { ...toActionFacts(action, revision), reason: body.reason }
    if (action.state !== 'PENDING' && action.state !== 'APPROVED') {
      const detail = `The action is ${action.state}; it can no longer be withdrawn.`
      const event = { event_type: 'external_action.cancel_refused' as const, result_status: 'refused', error_code: 'not_open', error_summary: detail }
      await recordAudit(tx, principal, { ...facts, ...event }, input)
      return new AuditedRefusal('not_open', detail)
    }
    const changed = await changeAction(tx, action, { state: 'CANCELLED', at: now })
    const event = { event_type: 'external_action.cancelled' as const, result_status: 'CANCELLED', completed_at: now.toISOString() }
    await recordActionChange(tx, principal, changed, { ...facts, ...event }, input)
    return null
  })
  if (refusal) throw refusal
  return presentExecutorAction(deps.db, principal, params.action_id)
}

import { transferExecutor as route } from '@autopack/contract/executors'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Deps } from '../../deps.ts'
import { toProofFacts } from '../../shared/act-proof.ts'
import type { AuditedRefusal } from '../../shared/audited-refusal.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { requireControlStepUp } from '../../shared/require-step-up.ts'
import { lockVisibleExecutor, updateExecutor } from './executor-rows.ts'
import { lockAsking } from './lock-asking.ts'
import { recordExecutorChange } from './record-executor-change.ts'
import { refuseExecutorChange } from './refuse-executor-change.ts'

/**
 * Makes somebody else accountable. What its runs did until now stays theirs who owned it. Throws `not_found`, `operator_not_enabled`,
 * `role_missing`, and what stands between a session and such an act.
 */
export async function transferExecutor(
  deps: Pick<Deps, 'db' | 'now' | 'settings'>,
  { principal, params, body, requestId }: Pick<RouteInput<typeof route, OperatorPrincipal>, 'principal' | 'params' | 'body' | 'requestId'>,
): Promise<void> {
  const refusal = await deps.db.transaction(async (tx): Promise<AuditedRefusal | null> => {
    const asking = await lockAsking(tx, principal, [body.owner_operator_id])
    const executor = await lockVisibleExecutor(tx, asking, params.executor_id)
    if (!executor) throw new ProblemError('not_found', 'There is no executor with this id.')
    const owner = asking.people.find(({ operator_id }) => operator_id === body.owner_operator_id)
    const summary = `${executor.name}: ${executor.owner_operator_id} → ${body.owner_operator_id}`

    const now = await readClock(tx, deps.now)
    const { signature } = body
    const refused = { event_type: 'executor.change_refused' as const, action_type: 'executor.transfer' }
    const about = { ...refused, external_object_id: executor.executor_id, payload_summary: summary, reason: body.reason }
    const attempt = { principal, facts: about, ownerOperatorId: executor.owner_operator_id, requestId, signature, now }
    if (asking.role !== 'admin') {
      return refuseExecutorChange(tx, attempt, { code: 'role_missing', detail: 'An admin hands an executor to somebody else.' })
    }
    if (!owner?.enabled) {
      const detail = 'An executor belongs to somebody who is enabled here. Choose another owner.'
      return refuseExecutorChange(tx, attempt, { code: 'operator_not_enabled', detail })
    }
    if (owner.operator_id === executor.owner_operator_id) return null
    const subject = { executor_id: executor.executor_id, owner_operator_id: owner.operator_id }
    const act = { route, facts: { purpose: 'executor_transfer', subject }, signature } as const
    const stepUp = await requireControlStepUp(tx, deps.settings, principal, act, now)
    if (!stepUp.ok) return refuseExecutorChange(tx, attempt, stepUp)
    const changed = await updateExecutor(tx, executor.executor_id, { owner_operator_id: owner.operator_id })
    const facts = { event_type: 'executor.transferred' as const, payload_summary: summary, reason: body.reason, proof: toProofFacts(stepUp.proof) }
    // Both hear of it: who has it now by owning it, who had it by this.
    await recordExecutorChange(tx, principal, changed, facts, { requestId, alsoTell: executor.owner_operator_id })
    return null
  })
  if (refusal) throw refusal
}

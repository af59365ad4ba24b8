import type { transferExecutor as route } from '@autopack/contract/executors'
import type { ProblemCode } from '@autopack/contract/problems'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import { recordAudit } from '../../audit/record-audit.ts'
import type { Deps } from '../../deps.ts'
import { AuditedRefusal } from '../../shared/audited-refusal.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { lockOperators, lockVisibleExecutor, updateExecutor } from './executor-rows.ts'
import { recordExecutorChange } from './record-executor-change.ts'

/** Makes somebody else accountable. What its runs did until now stays theirs who owned it. Throws `not_found`, `operator_not_enabled`, `role_missing`. */
export async function transferExecutor(
  deps: Pick<Deps, 'db'>,
  { principal, params, body, requestId }: Pick<RouteInput<typeof route, OperatorPrincipal>, 'principal' | 'params' | 'body' | 'requestId'>,
): Promise<void> {
  const refusal = await deps.db.transaction(async (tx): Promise<AuditedRefusal | null> => {
    const people = await lockOperators(tx, [principal.operatorId, body.owner_operator_id])
    const asking = people.find(({ operator_id }) => operator_id === principal.operatorId)
    const executor = await lockVisibleExecutor(tx, principal, params.executor_id)
    if (!executor) throw new ProblemError('not_found', 'There is no executor with this id.')
    const owner = people.find(({ operator_id }) => operator_id === body.owner_operator_id)
    const summary = `${executor.name}: ${executor.owner_operator_id} → ${body.owner_operator_id}`

    const refuse = async (code: ProblemCode, detail: string) => {
      const refused = {
        event_type: 'executor.change_refused',
        result_status: 'refused',
        action_type: 'executor.transfer',
        error_code: code,
        error_summary: detail,
      }
      const about = { external_object_id: executor.executor_id, payload_summary: summary, reason: body.reason }
      await recordAudit(tx, principal, { ...refused, ...about }, { requestId, ownerOperatorId: executor.owner_operator_id })
      return new AuditedRefusal(code, detail)
    }
    if (!asking?.enabled || asking.role !== 'admin') return refuse('role_missing', 'An admin hands an executor to somebody else.')
    if (!owner?.enabled) return refuse('operator_not_enabled', 'An executor belongs to somebody who is enabled here. Choose another owner.')
    if (owner.operator_id === executor.owner_operator_id) return null
    const changed = await updateExecutor(tx, executor.executor_id, { owner_operator_id: owner.operator_id })
    const facts = { event_type: 'executor.transferred', payload_summary: summary, reason: body.reason }
    // Both hear of it: who has it now by owning it, who had it by this.
    await recordExecutorChange(tx, principal, changed, facts, { requestId, alsoTell: executor.owner_operator_id })
    return null
  })
  if (refusal) throw refusal
}

import type { shareExecutor as route } from '@autopack/contract/executors'
import type { ProblemCode } from '@autopack/contract/problems'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import { recordAudit } from '../../audit/record-audit.ts'
import type { Deps } from '../../deps.ts'
import { AuditedRefusal } from '../../shared/audited-refusal.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { whyNotManage } from './can-manage-executor.ts'
import { listShares, lockVisibleExecutor, replaceShares, updateExecutor } from './executor-rows.ts'
import { lockAsking } from './lock-asking.ts'
import { recordExecutorChange } from './record-executor-change.ts'

/** Says anew who else sees what an executor does. Throws `not_found` (also to whoever may not), `operator_not_enabled`. */
export async function shareExecutor(
  deps: Pick<Deps, 'db'>,
  { principal, params, body, requestId }: Pick<RouteInput<typeof route, OperatorPrincipal>, 'principal' | 'params' | 'body' | 'requestId'>,
): Promise<void> {
  const refusal = await deps.db.transaction(async (tx): Promise<AuditedRefusal | null> => {
    const wanted = [...new Set(body.shared_with)].toSorted()
    const asking = await lockAsking(tx, principal, wanted)
    const executor = await lockVisibleExecutor(tx, asking, params.executor_id)
    if (!executor) throw new ProblemError('not_found', 'There is no executor with this id, or you may not see it.')
    const present = (await listShares(tx, [executor.executor_id])).map(({ operator_id }) => operator_id)
    const summary = `${executor.name}: ${toWords(executor.shared_with_everyone, present)} → ${toWords(body.shared_with_everyone, wanted)}`

    const refuse = async (code: ProblemCode, detail: string) => {
      const refused = {
        event_type: 'executor.change_refused' as const,
        result_status: 'refused',
        action_type: 'executor.share',
        error_code: code,
        error_summary: detail,
      }
      const about = { external_object_id: executor.executor_id, payload_summary: summary }
      await recordAudit(tx, principal, { ...refused, ...about }, { requestId, ownerOperatorId: executor.owner_operator_id })
      return new AuditedRefusal(code, detail)
    }
    const why = whyNotManage('share', asking, executor)
    if (why !== null) return refuse('role_missing', why)
    // Somebody who was disabled meanwhile may stay on the list: they see nothing anyway, and saying the rest again must not fail for it.
    const missing = wanted.find((id) => !present.includes(id) && !asking.people.some(({ operator_id, enabled }) => operator_id === id && enabled))
    if (missing !== undefined) return refuse('operator_not_enabled', 'An executor is shared with people who are enabled here. Choose others.')
    if (executor.shared_with_everyone === body.shared_with_everyone && present.toSorted().join() === wanted.join()) return null
    await replaceShares(tx, executor.executor_id, wanted)
    const changed = await updateExecutor(tx, executor.executor_id, { shared_with_everyone: body.shared_with_everyone })
    await recordExecutorChange(tx, principal, changed, { event_type: 'executor.shared' as const, payload_summary: summary }, { requestId })
    return null
  })
  if (refusal) throw refusal
}

function toWords(withEveryone: boolean, people: readonly string[]): string {
  return withEveryone ? 'everyone' : people.length === 0 ? 'nobody' : people.join(', ')
}

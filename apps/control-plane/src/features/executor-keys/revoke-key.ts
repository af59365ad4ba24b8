import { ProblemError } from '@autopack/server-kit/problem-error'
import { recordAudit } from '../../audit/record-audit.ts'
import type { Deps } from '../../deps.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { findExecutorKey, revokeKeyRow } from './executor-key-rows.ts'
import type { ExecutorKey } from './executor-key-rows.ts'

/** Makes a key unusable from the next request on. Revoking it again changes nothing. Throws `not_found`. */
export async function revokeKey(deps: Deps, input: { principal: OperatorPrincipal; keyId: string; requestId: string }): Promise<ExecutorKey> {
  return deps.db.transaction(async (tx) => {
    const revoked = await revokeKeyRow(tx, input.keyId, deps.now)
    const key = await findExecutorKey(tx, input.keyId)
    if (!key) throw new ProblemError('not_found', 'There is no key with this id.')
    if (revoked)
      await recordAudit(
        tx,
        input.principal,
        {
          event_type: 'executor_key.revoked',
          result_status: 'ok',
          requested_by: input.principal.operatorId,
          external_object_id: key.key_id,
          payload_summary: `${key.key_id} of ${key.executor.name}`,
        },
        { requestId: input.requestId },
      )
    return key
  })
}

import type { revokeExecutorKey as route } from '@autopack/contract/executor-keys'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Deps } from '../../deps.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { findExecutorKey, lockManagedKey, revokeKeyRow } from './executor-key-rows.ts'
import { recordExecutorChange } from './record-executor-change.ts'
import type { ExecutorKey } from './to-executor-key.ts'

type Input = Pick<RouteInput<typeof route, OperatorPrincipal>, 'principal' | 'params' | 'body' | 'requestId'>

/**
 * Makes a key unusable from the next request on. Revoking it again changes nothing. By the executor's owner or an admin; to anybody
 * else the key does not exist. Throws `not_found`.
 */
export async function revokeKey(deps: Deps, { principal, params, body, requestId }: Input): Promise<ExecutorKey> {
  return deps.db.transaction(async (tx) => {
    const held = await lockManagedKey(tx, principal, params.key_id)
    if (!held) throw new ProblemError('not_found', 'There is no key with this id, or it is not yours to revoke.')
    const revoked = await revokeKeyRow(tx, params.key_id, deps.now)
    const key = (await findExecutorKey(tx, params.key_id))!
    const facts = {
      event_type: 'executor_key.revoked' as const,
      payload_summary: `${key.key_id} of ${key.executor.name}`,
      external_object_id: key.key_id,
    }
    if (revoked) await recordExecutorChange(tx, principal, held.executor, { ...facts, reason: body.reason ?? null }, { requestId })
    return key
  })
}

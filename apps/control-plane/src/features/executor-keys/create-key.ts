import { randomUUID } from 'node:crypto'
import type { createExecutorKey } from '@autopack/contract/executor-keys'
import type { BodyOf } from '@autopack/contract/route'
import { createExecutorKey as createKeyText, readExecutorKey } from '@autopack/server-kit/executor-key'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Deps } from '../../deps.ts'
import { lockOperator } from '../../ledger/action-rows.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { countLiveKeys, findExecutorKey, findOrCreateExecutor, insertExecutorKey, liveKeysPerExecutor } from './executor-key-rows.ts'
import { recordExecutorChange } from './record-executor-change.ts'
import type { ExecutorKey } from './to-executor-key.ts'

type Input = { principal: OperatorPrincipal; body: BodyOf<typeof createExecutorKey>; requestId: string }

/**
 * Creates a key, and with the first key its executor, owned by the person named or the admin who asks. The secret is in the
 * answer and nowhere else. An executor that exists keeps its owner and its sharing. Throws `too_many_keys`, `operator_not_enabled`.
 */
export async function createKey(deps: Deps, { principal, body, requestId }: Input): Promise<{ key: ExecutorKey; secret: string }> {
  const { keyId, text } = createKeyText()
  const key = await deps.db.transaction(async (tx) => {
    const ownerOperatorId = body.owner_operator_id ?? principal.operatorId
    if (!(await lockOperator(tx, ownerOperatorId))?.enabled)
      throw new ProblemError('operator_not_enabled', 'An executor belongs to somebody who is enabled here. Choose another owner.')
    const executor = await findOrCreateExecutor(tx, {
      executorId: `exr_${randomUUID()}`,
      name: body.executor_name,
      ownerOperatorId,
      sharedWithEveryone: body.shared_with_everyone,
    })
    if ((await countLiveKeys(tx, executor.row.executor_id, deps.now)) >= liveKeysPerExecutor)
      throw new ProblemError(
        'too_many_keys',
        `${body.executor_name} has ${liveKeysPerExecutor} live keys, enough to change from one to the other. Revoke one of them first.`,
      )
    const scopes = [...new Set(body.scopes)]
    const sha256 = readExecutorKey(text)!.sha256
    await insertExecutorKey(tx, { keyId, executorId: executor.row.executor_id, sha256, scopes, expiresInDays: body.expires_in_days }, deps.now)
    const created = await findExecutorKey(tx, keyId)
    const summary =
      `${keyId} for ${executor.created ? 'the new executor ' : ''}${body.executor_name}: ` +
      `${scopes.join(', ')}; valid for ${body.expires_in_days} days${executor.created && body.shared_with_everyone ? '; shared with everyone' : ''}`
    const facts = { event_type: 'executor_key.created', payload_summary: summary, external_object_id: keyId }
    await recordExecutorChange(tx, principal, executor.row, facts, { requestId })
    return created
  })
  return { key: key!, secret: text }
}

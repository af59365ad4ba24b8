import { randomUUID } from 'node:crypto'
import { createExecutorKey } from '@autopack/contract/executor-keys'
import type { BodyOf } from '@autopack/contract/route'
import { toScopeList } from '@autopack/contract/scopes'
import { createExecutorKey as createKeyText, readExecutorKey } from '@autopack/server-kit/executor-key'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Deps } from '../../deps.ts'
import { toProofFacts } from '../../shared/act-proof.ts'
import { AuditedRefusal } from '../../shared/audited-refusal.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { requireControlStepUp } from '../../shared/require-step-up.ts'
import {
  countLiveKeys,
  findExecutorKey,
  findOrCreateExecutor,
  insertExecutorKey,
  liveKeysPerExecutor,
  lockExecutorNamed,
} from './executor-key-rows.ts'
import { lockAsking } from './lock-asking.ts'
import { recordExecutorChange } from './record-executor-change.ts'
import { refuseExecutorChange } from './refuse-executor-change.ts'
import type { ExecutorKey } from './to-executor-key.ts'

type Input = { principal: OperatorPrincipal; body: BodyOf<typeof createExecutorKey>; requestId: string }

/**
 * Creates a key, and with the first key its executor, owned by the person named or the admin who asks. The secret is in the
 * answer and nowhere else. An executor that exists keeps its owner and its sharing. Throws `too_many_keys`,
 * `operator_not_enabled`, `role_missing`, and what stands between a session and such an act.
 */
export async function createKey(deps: Deps, { principal, body, requestId }: Input): Promise<{ key: ExecutorKey; secret: string }> {
  const { keyId, text } = createKeyText()
  const result = await deps.db.transaction(async (tx): Promise<ExecutorKey | AuditedRefusal> => {
    const ownerOperatorId = body.owner_operator_id ?? principal.operatorId
    const asking = await lockAsking(tx, principal, [ownerOperatorId])
    if (asking.role !== 'admin') throw new ProblemError('role_missing', `This needs the role admin; you are ${asking.role}.`)
    const scopes = [...new Set(body.scopes)]
    const now = await readClock(tx, deps.now)
    const about = { action_type: 'executor_key.create', external_object_id: null, payload_summary: `for ${body.executor_name}: ${scopes.join(', ')}` }
    const attempt = { principal, facts: { event_type: 'executor_key.change_refused' as const, ...about }, requestId, signature: body.signature, now }
    const there = await lockExecutorNamed(tx, body.executor_name)
    const accountable = there?.owner_operator_id ?? ownerOperatorId
    const refuse = (refusal: Parameters<typeof refuseExecutorChange>[2]) =>
      refuseExecutorChange(tx, { ...attempt, ownerOperatorId: accountable }, refusal)
    if (!(there?.owner_enabled ?? asking.people.find(({ operator_id }) => operator_id === ownerOperatorId)?.enabled))
      return refuse({ code: 'operator_not_enabled', detail: 'An executor belongs to somebody who is enabled here. Choose another owner.' })
    if (there && (await countLiveKeys(tx, there.executor_id, deps.now)) >= liveKeysPerExecutor) {
      const detail = `${body.executor_name} has ${liveKeysPerExecutor} live keys, enough to change from one to the other. Revoke one of them first.`
      return refuse({ code: 'too_many_keys', detail })
    }
    const subject = {
      act: 'create',
      key_id: null,
      executor_name: body.executor_name,
      owner_operator_id: accountable,
      shared_with_everyone: there?.shared_with_everyone ?? body.shared_with_everyone,
      scopes: toScopeList(scopes),
      expires_in_days: body.expires_in_days,
      old_key_hours: null,
    }
    const signed = { route: createExecutorKey, facts: { purpose: 'executor_key', subject }, signature: body.signature } as const
    const stepUp = await requireControlStepUp(tx, deps.settings, principal, signed, now)
    if (!stepUp.ok) return refuse(stepUp)

    const executor = await findOrCreateExecutor(tx, {
      executorId: `exr_${randomUUID()}`,
      name: body.executor_name,
      ownerOperatorId,
      sharedWithEveryone: body.shared_with_everyone,
    })
    const sha256 = readExecutorKey(text)!.sha256
    await insertExecutorKey(tx, { keyId, executorId: executor.row.executor_id, sha256, scopes, expiresInDays: body.expires_in_days }, deps.now)
    const created = await findExecutorKey(tx, keyId)
    const summary =
      `${keyId} for ${executor.created ? 'the new executor ' : ''}${body.executor_name}: ` +
      `${scopes.join(', ')}; valid for ${body.expires_in_days} days${executor.created && body.shared_with_everyone ? '; shared with everyone' : ''}`
    const facts = {
      event_type: 'executor_key.created' as const,
      payload_summary: summary,
      external_object_id: keyId,
      proof: toProofFacts(stepUp.proof),
    }
    await recordExecutorChange(tx, principal, executor.row, facts, { requestId })
    return created!
  })
  if (result instanceof AuditedRefusal) throw result
  return { key: result, secret: text }
}

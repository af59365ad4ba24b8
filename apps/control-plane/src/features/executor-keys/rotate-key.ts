import { rotateExecutorKey as route } from '@autopack/contract/executor-keys'
import type { ProblemCode } from '@autopack/contract/problems'
import { toScopeList } from '@autopack/contract/scopes'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import { createExecutorKey as createKeyText, readExecutorKey } from '@autopack/server-kit/executor-key'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Deps } from '../../deps.ts'
import { toProofFacts } from '../../shared/act-proof.ts'
import { AuditedRefusal } from '../../shared/audited-refusal.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { requireControlStepUp } from '../../shared/require-step-up.ts'
import { countLiveKeys, findExecutorKey, insertExecutorKey, liveKeysPerExecutor, lockManagedKey, replaceKeyRow } from './executor-key-rows.ts'
import { lockAsking } from './lock-asking.ts'
import { recordExecutorChange } from './record-executor-change.ts'
import { refuseExecutorChange } from './refuse-executor-change.ts'
import type { ExecutorKey } from './to-executor-key.ts'

type Input = Pick<RouteInput<typeof route, OperatorPrincipal>, 'principal' | 'params' | 'body' | 'requestId'>
export type Rotated = { key: ExecutorKey; secret: string; replaced: ExecutorKey }

/**
 * One act: a new key of the same executor, and the end of the old one, at most a week away and never later than it had anyway. By
 * the executor's owner or an admin; to anybody else the key does not exist. Throws `not_found`, `key_not_live`, `too_many_keys`,
 * `scope_widened`, and what stands between a session and such an act.
 */
export async function rotateKey(deps: Deps, { principal, params, body, requestId }: Input): Promise<Rotated> {
  const { keyId, text } = createKeyText()
  const result = await deps.db.transaction(async (tx): Promise<Omit<Rotated, 'secret'> | AuditedRefusal> => {
    const asking = await lockAsking(tx, principal)
    const held = await lockManagedKey(tx, asking, params.key_id)
    if (!held) throw new ProblemError('not_found', 'There is no key with this id, or it is not yours to replace.')
    const { key: old, executor } = held
    const now = await readClock(tx, deps.now)
    const scopes = [...new Set(body.scopes ?? old.scopes)]
    const ends = new Date(Math.min(now.getTime() + body.old_key_hours * 3_600_000, old.expires_at.getTime()))
    const summary =
      `${old.key_id} → ${keyId} of ${executor.name}: ${scopes.join(', ')}; valid for ${body.expires_in_days} days; ` +
      `the old one until ${ends.toISOString()}`

    const about = { action_type: 'executor_key.rotate', external_object_id: old.key_id, payload_summary: `${old.key_id} of ${executor.name}` }
    const attempt = {
      principal,
      facts: { event_type: 'executor_key.change_refused' as const, ...about },
      ownerOperatorId: executor.owner_operator_id,
      requestId,
      signature: body.signature,
      now,
    }
    const refuse = (code: ProblemCode, detail: string) => refuseExecutorChange(tx, attempt, { code, detail })
    if (old.revoked_at !== null || old.expires_at <= now || old.replaced_by !== null)
      return refuse(
        'key_not_live',
        'This key is expired, revoked or replaced already. Replace the one that is in use, or ask an admin for a new one.',
      )
    const widened = scopes.filter((scope) => !old.scopes.includes(scope))
    if (widened.length > 0 && asking.role !== 'admin')
      return refuse('scope_widened', `The key does not have ${widened.join(', ')}. Ask an admin for a key that may do more.`)
    // Ended at once, the old one takes no place.
    const taken = (await countLiveKeys(tx, executor.executor_id, deps.now)) - (body.old_key_hours === 0 ? 1 : 0)
    if (taken >= liveKeysPerExecutor)
      return refuse(
        'too_many_keys',
        `${executor.name} has ${liveKeysPerExecutor} live keys, enough to change from one to the other. Revoke one of them first.`,
      )

    const subject = {
      act: 'rotate',
      key_id: old.key_id,
      executor_name: executor.name,
      owner_operator_id: executor.owner_operator_id,
      shared_with_everyone: executor.shared_with_everyone,
      scopes: toScopeList(scopes),
      expires_in_days: body.expires_in_days,
      old_key_hours: body.old_key_hours,
    }
    const signed = { route, facts: { purpose: 'executor_key', subject }, signature: body.signature } as const
    const stepUp = await requireControlStepUp(tx, deps.settings, principal, signed, now)
    if (!stepUp.ok) return refuseExecutorChange(tx, attempt, stepUp)

    await replaceKeyRow(tx, old.key_id, { expires_at: ends })
    const sha256 = readExecutorKey(text)!.sha256
    await insertExecutorKey(tx, { keyId, executorId: executor.executor_id, sha256, scopes, expiresInDays: body.expires_in_days }, deps.now)
    await replaceKeyRow(tx, old.key_id, { replaced_by: keyId })
    const answer = { key: (await findExecutorKey(tx, keyId))!, replaced: (await findExecutorKey(tx, old.key_id))! }
    const facts = {
      event_type: 'executor_key.rotated' as const,
      payload_summary: summary,
      external_object_id: keyId,
      proof: toProofFacts(stepUp.proof),
    }
    await recordExecutorChange(tx, principal, executor, facts, { requestId })
    return answer
  })
  if (result instanceof AuditedRefusal) throw result
  return { ...result, secret: text }
}

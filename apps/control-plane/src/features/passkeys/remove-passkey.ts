import { removePasskey as route } from '@autopack/contract/passkeys'
import type { Passkey } from '@autopack/contract/passkeys'
import type { ProblemCode } from '@autopack/contract/problems'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import { recordAudit } from '../../audit/record-audit.ts'
import type { Deps } from '../../deps.ts'
import { toProofFacts } from '../../shared/act-proof.ts'
import { AuditedRefusal } from '../../shared/audited-refusal.ts'
import { listPasskeys, lockOperatorsToChange, removePasskeyRow } from '../../shared/passkey-rows.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { requireStepUp } from '../../shared/require-step-up.ts'
import { burnSignature } from '../../shared/verify-signed-act.ts'
import { toPasskey } from './to-passkey.ts'

/**
 * Takes one of the own passkeys out of use, with the signature of one of them: a session alone could lock its person out. What it approved
 * before stands (docs/decisions/0026).
 */
export async function removePasskey(deps: Deps, input: RouteInput<typeof route, OperatorPrincipal>): Promise<Passkey> {
  const { principal, body } = input
  const { credential_id } = body
  const result = await deps.db.transaction(async (tx): Promise<Passkey | AuditedRefusal> => {
    const operator = (await lockOperatorsToChange(tx, [principal.operatorId])).get(principal.operatorId)
    if (!operator?.enabled) throw new ProblemError('operator_disabled', 'This operator is disabled. An admin can enable it again.')
    const now = await readClock(tx, deps.now)
    const passkeys = await listPasskeys(tx, operator.operator_id)
    const passkey = passkeys.find((one) => one.credential_id === credential_id)
    if (passkey === undefined) throw new ProblemError('not_found', 'You have no such passkey.')
    const facts = { action_type: 'passkey.remove', external_object_id: credential_id, payload_summary: passkey.name, requested_at: now.toISOString() }

    const refuse = async (code: ProblemCode, detail: string, extra: ProblemError['extra'] = {}, cause: string | null = null) => {
      const error_summary = cause === null ? detail : `${detail} (${cause})`
      const event = { event_type: 'passkey.remove_refused' as const, result_status: 'refused', error_code: code, error_summary }
      await recordAudit(tx, principal, { ...facts, ...event }, input)
      return new AuditedRefusal(code, detail, extra)
    }

    if (passkeys.length === 1 && deps.settings.stepUp === 'passkey') {
      await burnSignature(tx, operator.operator_id, body.signature, now)
      return refuse('last_passkey', 'People work with passkeys here, and this is your only one. Add another one first.')
    }
    const act = { purpose: 'passkey_remove', subject: { credential_id } } as const
    const stepUp = await requireStepUp(tx, deps.settings, { principal, operator }, { route, facts: act, signature: body.signature }, now)
    if (!stepUp.ok) return refuse(stepUp.code, stepUp.detail, stepUp.extra, stepUp.cause)
    const removed = await removePasskeyRow(tx, credential_id, { at: now, by: operator.operator_id })
    const event = { event_type: 'passkey.removed' as const, result_status: 'ok', completed_at: now.toISOString() }
    await recordAudit(tx, principal, { ...facts, ...event, proof: toProofFacts(stepUp.proof) }, input)
    return toPasskey(removed)
  })
  if (result instanceof AuditedRefusal) throw result
  return result
}

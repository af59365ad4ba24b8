import { recordSha256 } from '@autopack/approval-proof/evidence-records'
import { mostPasskeysPerOperator } from '@autopack/contract/limits'
import type { Passkey, addPasskey as addPasskeyRoute } from '@autopack/contract/passkeys'
import type { ProblemCode } from '@autopack/contract/problems'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import { recordAudit } from '../../audit/record-audit.ts'
import type { Deps } from '../../deps.ts'
import { toProofFacts } from '../../shared/act-proof.ts'
import { AuditedRefusal } from '../../shared/audited-refusal.ts'
import { checkAttestation } from '../../shared/check-attestation.ts'
import { closeEnrolment, insertPasskeyIfNew, listPasskeys, lockOperatorsToChange } from '../../shared/passkey-rows.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { burnChallenge, spendChallenge } from '../../shared/spend-challenge.ts'
import { toPasskeyRecord } from '../../shared/to-passkey-record.ts'
import { verifySignedAct } from '../../shared/verify-signed-act.ts'
import { findEnrolmentRefusal } from './find-enrolment-refusal.ts'
import { toPasskey } from './to-passkey.ts'

/**
 * Enrols a passkey of this person: the first while that is allowed, every further one with the signature of one there is, over the id and the
 * name of the new one. One after the other, so that two first ones cannot be made at once.
 */
export async function addPasskey(deps: Deps, input: RouteInput<typeof addPasskeyRoute, OperatorPrincipal>): Promise<Passkey> {
  const { principal, body } = input
  const { credential_id } = body.attestation
  const result = await deps.db.transaction(async (tx): Promise<Passkey | AuditedRefusal> => {
    const operator = (await lockOperatorsToChange(tx, [principal.operatorId])).get(principal.operatorId)
    if (!operator?.enabled) throw new ProblemError('operator_disabled', 'This operator is disabled. An admin can enable it again.')
    const now = await readClock(tx, deps.now)
    const passkeys = await listPasskeys(tx, operator.operator_id)
    const facts = { action_type: 'passkey.add', external_object_id: credential_id, payload_summary: body.name, requested_at: now.toISOString() }

    const refuse = async (code: ProblemCode, detail: string, extra: ProblemError['extra'] = {}, cause: string | null = null) => {
      // Whatever was wrong: what was made for this nonce does not count a moment later.
      await burnChallenge(tx, body.nonce, operator.operator_id, now)
      const error_summary = cause === null ? detail : `${detail} (${cause})`
      await recordAudit(
        tx,
        principal,
        { ...facts, event_type: 'passkey.add_refused' as const, result_status: 'refused', error_code: code, error_summary },
        input,
      )
      return new AuditedRefusal(code, detail, extra)
    }

    const isFirst = passkeys.length === 0
    const closed = isFirst ? findEnrolmentRefusal(operator, principal, now) : null
    if (closed !== null) return refuse('enrolment_closed', closed)
    if (passkeys.length >= mostPasskeysPerOperator) {
      return refuse('too_many_passkeys', `You have ${passkeys.length} passkeys, as many as anybody may have. Remove one first.`)
    }
    if (!isFirst && body.signature === undefined) {
      return refuse('step_up_required', 'One of the passkeys you have has to sign that there is another one.', { needs: 'passkey' })
    }
    const signed =
      body.signature === undefined
        ? null
        : await verifySignedAct(
            tx,
            deps.settings,
            operator,
            body.signature,
            { purpose: 'passkey_add', subject: { credential_id, name: body.name }, asked: {}, nonce: body.nonce },
            now,
          )
    if (signed?.ok === false) return refuse(signed.code, signed.detail, signed.extra, signed.cause)
    const spent =
      signed === null ? await spendChallenge(tx, body.nonce, { operatorId: operator.operator_id, purpose: 'passkey_add', subject: '{}' }, now) : null
    if (spent !== null) return refuse('challenge_refused', spent)
    const made = await checkAttestation(deps.settings, body.attestation, body.nonce)
    if (!made.ok) return refuse('signature_refused', 'This passkey was not made at this console, or without checking who you are.', {}, made.cause)

    const row = {
      credential_id,
      operator_id: operator.operator_id,
      name: body.name,
      public_key: made.passkey.publicKey,
      algorithm: made.passkey.algorithm,
      counter: made.passkey.counter,
      transports: body.attestation.transports,
      backed_up: made.passkey.backedUp,
      attestation_object: Buffer.from(body.attestation.attestation_object, 'base64url'),
      client_data: Buffer.from(body.attestation.client_data, 'base64url'),
      created_at: now,
      last_used_at: null,
      removed_at: null,
      removed_by: null,
      rp_id: deps.settings.rpId,
      origin: deps.settings.consoleOrigin,
      endorsed_by: signed?.proof.signedActId ?? null,
    }
    if (!(await insertPasskeyIfNew(tx, row))) return refuse('passkey_exists', 'This passkey is or was enrolled here. Make another one.')
    if (isFirst) await closeEnrolment(tx, operator.operator_id)
    const event = {
      event_type: 'passkey.added' as const,
      result_status: 'ok',
      completed_at: now.toISOString(),
      record_sha256: recordSha256(toPasskeyRecord(row, signed?.proof.act ?? null)!),
    }
    await recordAudit(tx, principal, { ...facts, ...event, proof: signed === null ? null : toProofFacts(signed.proof) }, input)
    return toPasskey(row)
  })
  if (result instanceof AuditedRefusal) throw result
  return result
}

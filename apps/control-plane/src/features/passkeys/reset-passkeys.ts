import { resetPasskeys as route } from '@autopack/contract/passkeys'
import type { ProblemCode } from '@autopack/contract/problems'
import type { AnswerOf } from '@autopack/contract/route'
import { hasRole } from '@autopack/contract/roles'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import { recordAudit } from '../../audit/record-audit.ts'
import type { Deps } from '../../deps.ts'
import { recordEvent } from '../../events/record-event.ts'
import { toProofFacts } from '../../shared/act-proof.ts'
import { AuditedRefusal } from '../../shared/audited-refusal.ts'
import { endInvitesBy, toEndedWords } from '../../shared/invite-rows.ts'
import { lockOperatorsToChange, openEnrolmentAgain, removeAllPasskeys } from '../../shared/passkey-rows.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { requireControlStepUp } from '../../shared/require-step-up.ts'
import { burnSignature } from '../../shared/verify-signed-act.ts'

type Answer = AnswerOf<typeof route>

const enrolmentHours = 24

/**
 * For somebody who lost their passkeys, or whose passkeys somebody else has: all are out of use at once, sessions of before are over, what they
 * signed and nobody claimed counts no more (docs/decisions/0026), invites they made are void, and they may make a first one within a day.
 */
export async function resetPasskeys(deps: Deps, input: RouteInput<typeof route, OperatorPrincipal>): Promise<Answer> {
  const { principal, body } = input
  const { operator_id } = input.params
  const result = await deps.db.transaction(async (tx): Promise<Answer | AuditedRefusal> => {
    const people = await lockOperatorsToChange(tx, [principal.operatorId, operator_id])
    const admin = people.get(principal.operatorId)
    if (!admin?.enabled) throw new ProblemError('operator_disabled', 'This operator is disabled. An admin can enable it again.')
    if (!hasRole(admin.role, 'admin')) throw new ProblemError('role_missing', `This needs the role admin; you are ${admin.role}.`)
    const person = people.get(operator_id)
    if (!person) throw new ProblemError('not_found', 'There is no such person.')
    const now = await readClock(tx, deps.now)
    const facts = { action_type: 'passkey.reset', external_object_id: operator_id, requested_at: now.toISOString(), reason: body.reason }

    const refuse = async (code: ProblemCode, detail: string, extra: ProblemError['extra'] = {}, cause: string | null = null) => {
      const error_summary = cause === null ? detail : `${detail} (${cause})`
      const event = {
        event_type: 'passkey.reset_refused' as const,
        result_status: 'refused',
        error_code: code,
        error_summary,
        payload_summary: person.name,
      }
      await recordAudit(tx, principal, { ...facts, ...event }, input)
      return new AuditedRefusal(code, detail, extra)
    }

    if (operator_id === admin.operator_id) {
      await burnSignature(tx, admin.operator_id, body.signature, now)
      return refuse('self_approval', 'Nobody resets their own passkeys. Ask another admin, or remove them one by one in your settings.')
    }
    const act = { purpose: 'passkey_reset', subject: { operator_id } } as const
    const stepUp = await requireControlStepUp(tx, deps.settings, principal, { route, facts: act, signature: body.signature }, now)
    if (!stepUp.ok) return refuse(stepUp.code, stepUp.detail, stepUp.extra, stepUp.cause)
    const removed_count = await removeAllPasskeys(tx, operator_id, { at: now, by: admin.operator_id })
    const until = new Date(now.getTime() + enrolmentHours * 3_600_000)
    const version = await openEnrolmentAgain(tx, operator_id, { at: now, until, by: admin.operator_id, reason: body.reason })
    const invites = toEndedWords(await endInvitesBy(tx, operator_id, now))
    const payload_summary = `${person.name}: ${removed_count} passkeys out of use; a first one may be made until ${until.toISOString()}${invites}`
    const event = { event_type: 'passkey.reset' as const, result_status: 'ok', completed_at: now.toISOString(), payload_summary }
    await recordAudit(tx, principal, { ...facts, ...event, proof: toProofFacts(stepUp.proof) }, input)
    await recordEvent(tx, {
      type: 'operator.changed',
      resource: { kind: 'operator', id: operator_id },
      version,
      executorId: null,
      ownerOperatorId: operator_id,
    })
    return { removed_count, may_enrol_until: until.toISOString() }
  })
  if (result instanceof AuditedRefusal) throw result
  return result
}

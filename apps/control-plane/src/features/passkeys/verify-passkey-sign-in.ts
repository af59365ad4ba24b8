import { signInChallenge } from '@autopack/approval-proof/sign-in-challenge'
import type { Operator } from '@autopack/contract/operators'
import type { verifyPasskeySignIn as verifyPasskeySignInRoute } from '@autopack/contract/passkeys'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import { recordAudit } from '../../audit/record-audit.ts'
import type { Deps } from '../../deps.ts'
import { AuditedRefusal } from '../../shared/audited-refusal.ts'
import { checkPasskeySignature } from '../../shared/check-passkey-signature.ts'
import { findOperator } from '../../shared/credential-rows.ts'
import { lockPasskey, recordPasskeyUse } from '../../shared/passkey-rows.ts'
import type { ConsolePrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { spendChallenge } from '../../shared/spend-challenge.ts'

/** Whoever asks learns only whether to use another nonce. */
const refusedWords = 'No passkey that may sign in here signed this.'

/**
 * The person whose passkey signed this nonce, by our own table. Every refusal of a signature says the same, whatever was wrong with it; of a
 * passkey that we know the audit log says what. The sign-in itself is reported by the console, like every other.
 */
export async function verifyPasskeySignIn(deps: Deps, input: RouteInput<typeof verifyPasskeySignInRoute, ConsolePrincipal>): Promise<Operator> {
  const { principal, body } = input
  const { credential_id } = body.assertion
  const result = await deps.db.transaction(async (tx): Promise<Operator | AuditedRefusal | ProblemError> => {
    const now = await readClock(tx, deps.now)
    const spent = await spendChallenge(tx, body.nonce, { operatorId: null, purpose: 'sign_in', subject: '{}' }, now)
    if (spent !== null) return new ProblemError('challenge_refused', spent)
    const passkey = await lockPasskey(tx, credential_id)
    if (passkey === null) return new ProblemError('signature_refused', refusedWords)
    const operator = await findOperator(tx, passkey.operator_id)
    const checked = await checkPasskeySignature(deps.settings, passkey, body.assertion, await signInChallenge(body.nonce))

    const refuse = async (error_summary: string) => {
      const facts = { action_type: 'passkey.sign_in', external_object_id: credential_id, payload_summary: operator?.name ?? null }
      const refused = { event_type: 'passkey.sign_in_refused' as const, result_status: 'refused', error_code: 'signature_refused', error_summary }
      await recordAudit(tx, principal, { ...facts, ...refused }, input)
      return new AuditedRefusal('signature_refused', refusedWords)
    }

    if (!checked.ok) return refuse(`${checked.detail} (${checked.cause})`)
    if (passkey.removed_at !== null) return refuse('This passkey was taken out of use.')
    if (!operator?.enabled) return refuse('This operator is disabled.')
    await recordPasskeyUse(tx, credential_id, { counter: checked.counter, at: now, backedUp: checked.backedUp })
    return { operator_id: operator.operator_id, name: operator.name, role: operator.role, enabled: true }
  })
  if (!(result instanceof ProblemError)) return result
  if (result instanceof AuditedRefusal) throw result
  // Anybody can send one, of anything: counted, and listed with their addresses by the console.
  deps.refusals.note(principal, result.code)
  throw new AuditedRefusal(result.code, result.detail)
}

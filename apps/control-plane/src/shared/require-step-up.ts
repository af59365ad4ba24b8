import type { SignedAct, StepUp } from '@autopack/contract/webauthn'
import type { Transaction } from '@autopack/server-kit/open-database'
import type { ActProof } from './act-proof.ts'
import type { RelyingParty } from './check-passkey-signature.ts'
import type { OperatorRow } from './passkey-rows.ts'
import type { OperatorPrincipal } from './principal.ts'
import { freshSeconds, isFreshlyAuthenticated, toSessionStrength } from './session-strength.ts'
import { verifySignedAct } from './verify-signed-act.ts'
import type { ActFacts, ActRefusal } from './verify-signed-act.ts'

/**
 * What stands between a session and an act that lets more happen: a signature over exactly this act, or, where that is enough, the password
 * typed a moment ago. A signature that was sent has to hold, also where none is asked for. Record a refusal in the audit log and commit it:
 * its challenge is used. `operator` is locked by the caller.
 */
export async function requireStepUp(
  tx: Transaction,
  settings: RelyingParty,
  who: { principal: OperatorPrincipal; operator: Pick<OperatorRow, 'operator_id' | 'enabled'> },
  act: { needed: StepUp; facts: ActFacts; signature: SignedAct | undefined },
  now: Date,
): Promise<{ ok: true; proof: ActProof } | ActRefusal> {
  if (act.signature !== undefined) return verifySignedAct(tx, settings, who.operator, act.signature, act.facts, now)
  if (act.needed === 'passkey') return refuse('passkey', 'This needs a signature with one of your passkeys.')
  if (act.needed === 'preferred' && !isFreshlyAuthenticated(who.principal)) {
    return refuse('password', `You showed who you are more than ${freshSeconds / 60} minutes ago. Type your password again, or sign with a passkey.`)
  }
  return { ok: true, proof: { strength: toSessionStrength(who.principal), signedActId: null, credentialId: null } }
}

/** The same for acts about the deployment and its people, which take what the deployment says (`AUTOPACK_STEP_UP`). */
export async function requireControlStepUp(
  tx: Transaction,
  settings: RelyingParty & { stepUp: StepUp },
  principal: OperatorPrincipal,
  act: { facts: ActFacts; signature: SignedAct | undefined },
  now: Date,
): Promise<{ ok: true; proof: ActProof } | ActRefusal> {
  // Whoever calls has found this person enabled, and holds their row.
  const operator = { operator_id: principal.operatorId, enabled: true }
  return requireStepUp(tx, settings, { principal, operator }, { ...act, needed: settings.stepUp }, now)
}

function refuse(needs: 'passkey' | 'password', detail: string): ActRefusal {
  return { ok: false, code: 'step_up_required', detail, extra: { needs }, cause: null }
}

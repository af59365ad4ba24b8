import type { StepUpRule } from '@autopack/contract/route'
import type { SignedAct, StepUp } from '@autopack/contract/webauthn'
import type { Transaction } from '@autopack/server-kit/open-database'
import type { ActProof } from './act-proof.ts'
import type { RelyingParty } from './check-passkey-signature.ts'
import type { OperatorRow } from './passkey-rows.ts'
import type { OperatorPrincipal } from './principal.ts'
import { freshSeconds, isFreshlyAuthenticated, toSessionStrength } from './session-strength.ts'
import { verifySignedAct } from './verify-signed-act.ts'
import type { ActFacts, ActRefusal } from './verify-signed-act.ts'

/** A route whose policy says that its act asks: a handler that asks where its route says that it never does is no program. */
type Asks<R extends StepUpRule> = { readonly policy: { readonly step_up: R } }
type Signed = { facts: ActFacts; signature: SignedAct | undefined }

/** An act that asks what the deployment says (`AUTOPACK_STEP_UP`), and the route that says so. */
export type ControlAct = Signed & { route: Asks<'control' | 'control_for_more'> }

/**
 * What stands between a session and an act that lets more happen: a signature over exactly this act, or, where that is enough, the password
 * typed a moment ago. A signature that was sent has to hold, also where none is asked for. Record a refusal in the audit log and commit it:
 * its challenge is used. `operator` is locked by the caller.
 */
export async function requireStepUp(
  tx: Transaction,
  settings: RelyingParty,
  who: { principal: OperatorPrincipal; operator: Pick<OperatorRow, 'operator_id' | 'enabled'> },
  act: Signed & ({ route: Asks<'passkey'> } | { route: Asks<'action_to_approve'>; needed: StepUp }),
  now: Date,
): Promise<{ ok: true; proof: ActProof } | ActRefusal> {
  return checkStepUp(tx, settings, who, { ...act, needed: 'needed' in act ? act.needed : 'passkey' }, now)
}

/** The same for acts about the deployment and its people, which take what the deployment says (`AUTOPACK_STEP_UP`). */
export async function requireControlStepUp(
  tx: Transaction,
  settings: RelyingParty & { stepUp: StepUp },
  principal: OperatorPrincipal,
  act: ControlAct,
  now: Date,
): Promise<{ ok: true; proof: ActProof } | ActRefusal> {
  // Whoever calls has found this person enabled, and holds their row.
  const operator = { operator_id: principal.operatorId, enabled: true }
  return checkStepUp(tx, settings, { principal, operator }, { ...act, needed: settings.stepUp }, now)
}

async function checkStepUp(
  tx: Transaction,
  settings: RelyingParty,
  who: { principal: OperatorPrincipal; operator: Pick<OperatorRow, 'operator_id' | 'enabled'> },
  act: Signed & { needed: StepUp },
  now: Date,
): Promise<{ ok: true; proof: ActProof } | ActRefusal> {
  if (act.signature !== undefined) return verifySignedAct(tx, settings, who.operator, act.signature, act.facts, now)
  if (act.needed === 'passkey') return refuse('passkey', 'This needs a signature with one of your passkeys.')
  if (act.needed === 'preferred' && !isFreshlyAuthenticated(who.principal)) {
    return refuse('password', `You showed who you are more than ${freshSeconds / 60} minutes ago. Type your password again, or sign with a passkey.`)
  }
  return { ok: true, proof: { strength: toSessionStrength(who.principal), signedActId: null, credentialId: null, act: null } }
}

function refuse(needs: 'passkey' | 'password', detail: string): ActRefusal {
  return { ok: false, code: 'step_up_required', detail, extra: { needs }, cause: null }
}

import { actChallenge, toActStatement } from '@autopack/approval-proof/act-statement'
import { toActSubject } from '@autopack/approval-proof/act-subject'
import { createChallenge } from '@autopack/contract/passkeys'
import type { SignedAct } from '@autopack/contract/webauthn'
import { call } from '../call.ts'
import { getAssertion } from '../passkeys/get-assertion.ts'
import type { SignableAct } from './signable-act.ts'
import { StepUpStopped } from './step-up-stopped.ts'

/**
 * Has one of the person's passkeys sign exactly this act, over a nonce of the control plane. Null: the prompt ended without a signature. Throws
 * StepUpStopped when there is no passkey to ask for, ApiProblem, Unreachable, and DOMException: see passkey-words.ts.
 */
export async function signAct(act: SignableAct, operatorId: string, signal: AbortSignal): Promise<SignedAct | null> {
  const { nonce, rp_id, credentials } = await call(createChallenge, { body: act, signal })
  if (credentials.length === 0) throw new StepUpStopped('You have no passkey yet, and this takes one.', 'Make one in your settings, then come back.')
  const { purpose } = act
  const statement = toActStatement({ purpose, subject: toActSubject(act), operator: { sub: operatorId }, nonce })
  const assertion = await getAssertion({ challenge: actChallenge(statement), rp_id, credentials, signal })
  return assertion && { statement, assertion }
}

import { signInChallenge } from '@autopack/approval-proof/sign-in-challenge'
import type { Session } from '@autopack/contract/auth'
import { loginWithPasskey, startPasskeyLogin } from '@autopack/contract/passkey-sign-in'
import { call } from '../../shared/call.ts'
import { toBase64url } from '../../shared/passkeys/base64url.ts'

/**
 * Signs in with whichever passkey of this console the person picks. `offered`: the browser offers them in the name field, and the promise waits
 * until somebody picks one. Throws DOMException (see passkey-words.ts), ApiProblem, Unreachable.
 */
export async function signInWithPasskey({ offered, signal }: { offered: boolean; signal: AbortSignal }): Promise<Session> {
  const { nonce, rp_id } = await call(startPasskeyLogin, { body: {}, signal })
  const credential = await navigator.credentials.get({
    // No list of keys: nobody is told who has one.
    publicKey: { challenge: await signInChallenge(nonce), rpId: rp_id, userVerification: 'required', timeout: 110_000 },
    mediation: offered ? 'conditional' : 'optional',
    signal,
  })
  if (credential === null) throw new DOMException('', 'NotAllowedError')
  const { rawId, response } = credential as PublicKeyCredential & { response: AuthenticatorAssertionResponse }
  const assertion = {
    credential_id: toBase64url(rawId),
    authenticator_data: toBase64url(response.authenticatorData),
    client_data: toBase64url(response.clientDataJSON),
    signature: toBase64url(response.signature),
  }
  return call(loginWithPasskey, { body: { nonce, assertion }, signal })
}

/** Whether this browser offers passkeys while a name is typed. */
export async function canOfferPasskeys(): Promise<boolean> {
  return typeof PublicKeyCredential === 'function' && (await PublicKeyCredential.isConditionalMediationAvailable?.()) === true
}

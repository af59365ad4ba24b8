import type { Assertion } from '@autopack/contract/webauthn'
import { verifyAuthenticationResponse } from '@simplewebauthn/server'
import { decodeClientDataJSON } from '@simplewebauthn/server/helpers'
import type { PasskeyRow } from './passkey-rows.ts'

/** Where a passkey belongs: the origin of the console, and its host (WebAuthn Level 3, relying party id). */
export type RelyingParty = { rpId: string; consoleOrigin: string }

export type SignatureCheck =
  | { ok: true; counter: number; backedUp: boolean }
  /** `detail` is for the person; `cause`, for the audit log, may repeat what they sent. */
  | { ok: false; detail: string; cause: string }

/**
 * Whether this passkey signed exactly these bytes, at our origin, after its owner showed it who they are. The counter has to have moved on,
 * where the authenticator counts at all (WebAuthn Level 3, section 6.1.1). Never throws.
 */
export async function checkPasskeySignature(
  party: RelyingParty,
  passkey: Pick<PasskeyRow, 'credential_id' | 'public_key' | 'counter'>,
  assertion: Assertion,
  challenge: Uint8Array,
): Promise<SignatureCheck> {
  try {
    // A page of ours inside a page of others is not where anybody decides.
    if (decodeClientDataJSON(assertion.client_data).crossOrigin === true) return refuse('signed inside a page of another origin')
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: {
        id: assertion.credential_id,
        rawId: assertion.credential_id,
        type: 'public-key',
        clientExtensionResults: {},
        response: { clientDataJSON: assertion.client_data, authenticatorData: assertion.authenticator_data, signature: assertion.signature },
      },
      expectedChallenge: Buffer.from(challenge).toString('base64url'),
      expectedOrigin: party.consoleOrigin,
      expectedRPID: party.rpId,
      requireUserVerification: true,
      // Zero, because the counter is judged below: only of a signature that holds.
      credential: { id: passkey.credential_id, publicKey: new Uint8Array(passkey.public_key), counter: 0 },
    })
    if (!verified) return refuse('the signature is not by this key over these bytes')
    const counter = authenticationInfo.newCounter
    if ((counter > 0 || passkey.counter > 0) && counter <= passkey.counter) {
      const detail = 'The counter of this passkey did not move on: somebody may have a copy of it. Remove it, or ask an admin to reset your passkeys.'
      return { ok: false, detail, cause: `counter ${counter} after ${passkey.counter}` }
    }
    return { ok: true, counter, backedUp: authenticationInfo.credentialBackedUp }
  } catch (error) {
    return refuse(error instanceof Error ? error.message : 'unreadable')
  }
}

function refuse(cause: string): SignatureCheck {
  return { ok: false, detail: 'It was not made by this passkey, at this console, over what is in force here.', cause: cause.slice(0, 300) }
}

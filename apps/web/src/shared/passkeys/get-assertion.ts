import type { Assertion } from '@autopack/contract/webauthn'
import { fromBase64url, toBase64url } from './base64url.ts'

type Asked = {
  /** What is signed: raw bytes, never a text. */
  challenge: Uint8Array<ArrayBuffer>
  rp_id: string
  /** base64url; empty: whichever key of this site the person picks. */
  credentials: readonly { credential_id: string; transports?: readonly string[] }[]
  /** Ends the browser's prompt. */
  signal?: AbortSignal
}

/**
 * Has a passkey of this site sign, by a person whom the authenticator has recognised. Null: nothing was signed, because the person closed
 * the prompt, let it run out, or has none of these keys at hand; browsers do not tell which. Throws where WebAuthn itself is missing.
 */
export async function getAssertion({ challenge, rp_id, credentials, signal }: Asked): Promise<Assertion | null> {
  try {
    const credential = await navigator.credentials.get({
      publicKey: {
        challenge,
        rpId: rp_id,
        userVerification: 'required',
        timeout: 110_000,
        allowCredentials: credentials.map(({ credential_id, transports }) => ({
          type: 'public-key',
          id: fromBase64url(credential_id),
          transports: transports as AuthenticatorTransport[],
        })),
      },
      ...(signal && { signal }),
    })
    if (credential === null) return null
    const { rawId, response } = credential as PublicKeyCredential & { response: AuthenticatorAssertionResponse }
    return {
      credential_id: toBase64url(rawId),
      authenticator_data: toBase64url(response.authenticatorData),
      client_data: toBase64url(response.clientDataJSON),
      signature: toBase64url(response.signature),
    }
  } catch (error) {
    if (error instanceof DOMException && (error.name === 'NotAllowedError' || error.name === 'AbortError')) return null
    throw error
  }
}

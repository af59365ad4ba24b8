import type { attestationSchema } from '@autopack/contract/webauthn'
import type * as z from 'zod/mini'
import { fromBase64url, toBase64url } from './base64url.ts'

export type Attestation = z.infer<typeof attestationSchema>

type Asked = {
  /** base64url: what the control plane gave for exactly this. */
  nonce: string
  rp_id: string
  user: { id: string; name: string }
  /** The person's own passkeys: a device that holds one of them makes no second. */
  credentials: readonly { credential_id: string }[]
  signal?: AbortSignal
}

/** ES256, EdDSA, RS256 (COSE). */
const algorithms = [-7, -8, -257]

/** Makes a passkey on whatever device the person picks. Throws DOMException: see passkey-words.ts. */
export async function createPasskey({ nonce, rp_id, user, credentials, signal }: Asked): Promise<Attestation> {
  const made = await navigator.credentials.create({
    publicKey: {
      challenge: fromBase64url(nonce),
      rp: { id: rp_id, name: 'Autopack Console' },
      user: { id: fromBase64url(user.id), name: user.name, displayName: user.name },
      pubKeyCredParams: algorithms.map((alg) => ({ type: 'public-key', alg })),
      excludeCredentials: credentials.map(({ credential_id }) => ({ type: 'public-key', id: fromBase64url(credential_id) })),
      // Found without a name, so that it signs in on its own; used only by somebody whom the device has recognised.
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      attestation: 'none',
      timeout: 110_000,
    },
    ...(signal && { signal }),
  })
  if (made === null) throw new DOMException('', 'NotAllowedError')
  const { rawId, response } = made as PublicKeyCredential & { response: AuthenticatorAttestationResponse }
  return {
    credential_id: toBase64url(rawId),
    client_data: toBase64url(response.clientDataJSON),
    attestation_object: toBase64url(response.attestationObject),
    transports: response
      .getTransports()
      .filter((transport) => /^[a-z-]{1,20}$/.test(transport))
      .slice(0, 10),
  }
}

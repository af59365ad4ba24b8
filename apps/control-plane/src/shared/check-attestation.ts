import type { attestationSchema } from '@autopack/contract/webauthn'
import { verifyRegistrationResponse } from '@simplewebauthn/server'
import { decodeAttestationObject, decodeClientDataJSON, decodeCredentialPublicKey } from '@simplewebauthn/server/helpers'
import type * as z from 'zod/mini'
import type { RelyingParty } from './check-passkey-signature.ts'

/** COSE: ES256, EdDSA, RS256. */
const passkeyAlgorithms = [-7, -8, -257] as const
/** COSE_Key, label 3 (RFC 9052, section 7.1). */
const algorithmLabel = 3

export type NewPasskey = { publicKey: Buffer; algorithm: number; counter: number; backedUp: boolean }
export type AttestationCheck = { ok: true; passkey: NewPasskey } | { ok: false; cause: string }

/**
 * Whether an authenticator made this key for this nonce, at our origin, after its owner showed it who they are. No maker is believed or asked
 * for: with certificates the library would fetch revocation lists from addresses that the request names. Never throws.
 */
export async function checkAttestation(
  party: RelyingParty,
  attestation: z.infer<typeof attestationSchema>,
  nonce: string,
): Promise<AttestationCheck> {
  try {
    const made = decodeAttestationObject(new Uint8Array(Buffer.from(attestation.attestation_object, 'base64url')))
    if (made.get('attStmt').get('x5c') !== undefined) return { ok: false, cause: 'an attestation with certificates' }
    if (!['none', 'packed'].includes(made.get('fmt'))) return { ok: false, cause: `an attestation of the format ${made.get('fmt')}` }
    if (decodeClientDataJSON(attestation.client_data).crossOrigin === true) return { ok: false, cause: 'made inside a page of another origin' }
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: {
        id: attestation.credential_id,
        rawId: attestation.credential_id,
        type: 'public-key',
        clientExtensionResults: {},
        response: { clientDataJSON: attestation.client_data, attestationObject: attestation.attestation_object },
      },
      expectedChallenge: nonce,
      expectedOrigin: party.consoleOrigin,
      expectedRPID: party.rpId,
      requireUserVerification: true,
      supportedAlgorithmIDs: [...passkeyAlgorithms],
    })
    if (!verified) return { ok: false, cause: 'it does not verify' }
    const { credential, credentialBackedUp } = registrationInfo
    if (credential.id !== attestation.credential_id) return { ok: false, cause: 'it is about another key' }
    const publicKey = Buffer.from(credential.publicKey)
    const algorithm = Number(decodeCredentialPublicKey(credential.publicKey).get(algorithmLabel))
    return { ok: true, passkey: { publicKey, algorithm, counter: credential.counter, backedUp: credentialBackedUp } }
  } catch (error) {
    return { ok: false, cause: (error instanceof Error ? error.message : 'unreadable').slice(0, 300) }
  }
}

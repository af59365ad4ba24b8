import { sha256 } from '@noble/hashes/sha2.js'
import { readAuthenticatorData } from './authenticator-data.ts'
import { fromBase64url, toBase64url } from './base64.ts'
import { findForeignAuthenticator, findForeignClientData, readClientData } from './check-ceremony.ts'
import { readCoseKey } from './cose-key.ts'
import { readDerSignature } from './der-signature.ts'
import { toUtf8 } from './hashes.ts'
import type { PasskeyRecord, SignatureRecord } from './receipt.ts'
import { verifyWith } from './web-crypto.ts'

/**
 * Why a statement was not signed by this passkey at its relying party, over SHA-256(domain ‖ 0x00 ‖ statement); null: it was. The passkey's
 * public key has to be one. Throws MissingWebCryptoError.
 */
export async function findAssertionFault(signature: SignatureRecord, passkey: PasskeyRecord, domain: string): Promise<string | null> {
  const clientDataBytes = fromBase64url(signature.client_data)!
  const clientData = readClientData(clientDataBytes)
  if (typeof clientData === 'string') return clientData
  const foreign = findForeignClientData(clientData, 'webauthn.get', passkey.relying_party.origin)
  if (foreign !== null) return foreign
  const challenge = toBase64url(sha256(toUtf8(`${domain}\0${signature.statement}`)))
  if (clientData['challenge'] !== challenge) return 'it was made for another statement'
  const authenticatorBytes = fromBase64url(signature.authenticator_data)!
  try {
    const unchecked = findForeignAuthenticator(readAuthenticatorData(authenticatorBytes), passkey.relying_party.id)
    if (unchecked !== null) return unchecked
  } catch (error) {
    return (error as Error).message
  }
  const message = new Uint8Array(authenticatorBytes.length + 32)
  message.set(authenticatorBytes)
  message.set(sha256(clientDataBytes), authenticatorBytes.length)
  const { key, kind, algorithm } = readCoseKey(fromBase64url(passkey.public_key)!)
  const sent = fromBase64url(signature.signature)!
  const plain = kind === 'ES256' ? readDerSignature(sent) : sent
  if (plain === null || !(await verifyWith(key, algorithm, plain, message))) return 'it is not valid for the key of this passkey'
  return null
}

import { readAuthenticatorData } from './authenticator-data.ts'
import { fromBase64url } from './base64.ts'
import { readCbor } from './cbor.ts'
import { findForeignAuthenticator, findForeignClientData, readClientData } from './check-ceremony.ts'
import { readCoseKey } from './cose-key.ts'
import { sameBytes } from './hashes.ts'
import type { Check } from './receipt-check.ts'
import type { PasskeyRecord, Receipt } from './receipt.ts'

/** Each passkey was made at this console, by an authenticator that checked its owner. */
export const checkEnrolment: Check<never> = ({ passkeys, relying_party }) => {
  for (const [place, passkey] of passkeys.entries()) {
    const detail = findFault(passkey, relying_party)
    if (detail !== null) return { where: `passkeys[${place}]`, detail }
  }
  return {}
}

function findFault(passkey: PasskeyRecord, party: Receipt['relying_party']): string | null {
  const clientData = readClientData(fromBase64url(passkey.client_data)!)
  if (typeof clientData === 'string') return clientData
  const foreign = findForeignClientData(clientData, 'webauthn.create', party.origin)
  if (foreign !== null) return foreign
  try {
    const data = readAuthenticatorData(readAttestation(fromBase64url(passkey.attestation_object)!))
    const unchecked = findForeignAuthenticator(data, party.id)
    if (unchecked !== null) return unchecked
    if (data.attested === null) return 'the attestation is about no key'
    if (!sameBytes(data.attested.credentialId, fromBase64url(passkey.credential_id)!)) return 'the attestation is about another credential'
    const publicKey = fromBase64url(passkey.public_key)!
    if (!sameBytes(data.attested.publicKey, publicKey)) return 'the attestation is about another key'
    readCoseKey(publicKey)
    return null
  } catch (error) {
    return `the attestation cannot be read: ${(error as Error).message}`
  }
}

/** The authenticator data of an attestation object. No maker is believed, so none may be named. */
function readAttestation(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const { value, end } = readCbor(bytes)
  if (!(value instanceof Map) || end !== bytes.length || [...value.keys()].toSorted().join() !== 'attStmt,authData,fmt') {
    throw new Error('it does not hold exactly fmt, attStmt and authData')
  }
  const [format, statement, data] = [value.get('fmt'), value.get('attStmt'), value.get('authData')]
  if (format !== 'none' && format !== 'packed') throw new Error('it is in a format that is not taken')
  if (!(statement instanceof Map) || statement.has('x5c')) throw new Error('it names a maker by certificates')
  if (!(data instanceof Uint8Array)) throw new Error('its authData is no bytes')
  return data
}

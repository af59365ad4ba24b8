import { readAuthenticatorData } from './authenticator-data.ts'
import { fromBase64url } from './base64.ts'
import { toCanonicalEvent } from './canonical-event.ts'
import { readCbor } from './cbor.ts'
import { findAssertionFault } from './check-assertion.ts'
import { findForeignAuthenticator, findForeignClientData, readClientData } from './check-ceremony.ts'
import { readCoseKey } from './cose-key.ts'
import { sameBytes } from './hashes.ts'
import { readJson } from './read-json.ts'
import type { Findings, ReceiptFault } from './receipt-check.ts'
import type { PasskeyRecord, Receipt, SignatureRecord } from './receipt.ts'
import { anyText, members, oneOf, text } from './shape.ts'

const domain = 'autopack-act/1'

/**
 * Each passkey was made at one and the same console, by an authenticator that checked its owner, and endorsed by one that its owner had
 * before, unless it is their first. Throws MissingWebCryptoError.
 */
export async function checkEnrolment({ passkeys }: Receipt, { seqs }: Pick<Findings, 'seqs'>): Promise<ReceiptFault | Record<never, never>> {
  for (const [place, passkey] of passkeys.entries()) {
    const { id, origin } = passkeys[0]!.relying_party
    const elsewhere = passkey.relying_party.id !== id || passkey.relying_party.origin !== origin
    const detail = elsewhere ? 'it is of another relying party than the first' : findFault(passkey)
    if (detail !== null) return { where: `passkeys[${place}]`, detail }
  }
  for (const [place, passkey] of passkeys.entries()) {
    const { endorsement } = passkey
    const detail = endorsement === null ? null : await findNoEndorsement(passkey, endorsement, passkeys, seqs)
    if (detail !== null) return { where: `passkeys[${place}].endorsement`, detail }
  }
  return {}
}

/** Why a passkey that its owner had before did not sign that there is this one, too; null: it did. */
async function findNoEndorsement(
  passkey: PasskeyRecord,
  endorsement: SignatureRecord,
  passkeys: readonly PasskeyRecord[],
  seqs: ReadonlyMap<object, number>,
): Promise<string | null> {
  const by = passkeys.find(({ credential_id }) => credential_id === endorsement.credential_id)
  if (by === undefined) return 'the passkey that endorsed it is not in the receipt'
  if (by.operator_id !== passkey.operator_id) return 'a passkey of somebody else endorsed it'
  if (seqs.get(by)! >= seqs.get(passkey)!) return 'the passkey that endorsed it was not enrolled before it'
  const act = members({
    v: oneOf(domain),
    purpose: oneOf('passkey_add'),
    subject: members({ credential_id: oneOf(passkey.credential_id), name: anyText }),
    operator: members({ sub: oneOf(passkey.operator_id) }),
    nonce: text(/^[A-Za-z0-9_-]{16,200}$/, 'a nonce'),
  })
  try {
    const said = readJson(endorsement.statement, 16)
    const misfit = act(said, '')
    if (misfit !== null) return `its statement says something else: ${misfit.where}: ${misfit.detail}`
    if (toCanonicalEvent(said) !== endorsement.statement) return 'its statement is not in its canonical form'
  } catch (error) {
    return `its statement cannot be read: ${(error as Error).message}`
  }
  return findAssertionFault(endorsement, by, domain)
}

function findFault(passkey: PasskeyRecord): string | null {
  const party = passkey.relying_party
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

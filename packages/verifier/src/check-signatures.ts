import { sha256 } from '@noble/hashes/sha2.js'
import { readAuthenticatorData } from './authenticator-data.ts'
import { fromBase64url, toBase64url } from './base64.ts'
import { findForeignAuthenticator, findForeignClientData, readClientData } from './check-ceremony.ts'
import { readCoseKey } from './cose-key.ts'
import { toUtf8 } from './hashes.ts'
import { readDerSignature } from './der-signature.ts'
import type { Findings, ReceiptFault } from './receipt-check.ts'
import type { PasskeyRecord, Receipt, SignatureRecord } from './receipt.ts'
import { verifyWith } from './web-crypto.ts'

const domain = 'autopack-approval/1'

/** Every signature is by a passkey of that person, enrolled before, over exactly its statement. Throws MissingWebCryptoError. */
export async function checkSignatures(
  receipt: Receipt,
  { approvals, enrolments }: Pick<Findings, 'approvals' | 'enrolments'>,
): Promise<ReceiptFault | Record<never, never>> {
  for (const [place, decision] of receipt.decisions.entries()) {
    if (decision.record !== 'decision') continue
    const where = `decisions[${place}].signature`
    const { signature } = decision
    if ((signature !== null) !== (decision.strength === 'passkey')) {
      return { where, detail: `the decision was made by ${decision.strength}, and ${signature === null ? 'nothing is' : 'it is'} signed` }
    }
    if (signature === null) continue
    const seq = approvals.find((approval) => approval.where === `decisions[${place}]`)?.seq
    if (seq === undefined) return { where, detail: 'only approvals are signed' }
    const passkey = receipt.passkeys.find(({ credential_id }) => credential_id === signature.credential_id)
    if (passkey === undefined) return { where: `${where}.credential_id`, detail: 'its passkey is not in the receipt' }
    if (passkey.operator_id !== decision.operator_id) return { where, detail: 'the passkey belongs to somebody else' }
    if (enrolments.get(passkey)! >= seq) return { where, detail: 'the passkey was enrolled after it signed' }
    const detail = await findFault(signature, passkey, receipt.relying_party)
    if (detail !== null) return { where, detail }
  }
  return {}
}

async function findFault(signature: SignatureRecord, passkey: PasskeyRecord, party: Receipt['relying_party']): Promise<string | null> {
  const clientDataBytes = fromBase64url(signature.client_data)!
  const clientData = readClientData(clientDataBytes)
  if (typeof clientData === 'string') return clientData
  const foreign = findForeignClientData(clientData, 'webauthn.get', party.origin)
  if (foreign !== null) return foreign
  const challenge = toBase64url(sha256(toUtf8(`${domain}\0${signature.statement}`)))
  if (clientData['challenge'] !== challenge) return 'it was made for another statement'
  const authenticatorBytes = fromBase64url(signature.authenticator_data)!
  try {
    const unchecked = findForeignAuthenticator(readAuthenticatorData(authenticatorBytes), party.id)
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

import { fromBase64 } from './base64.ts'
import { isEd25519Point } from './ed25519-point.ts'
import { sameBytes, toUtf8 } from './hashes.ts'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { verifyEd25519 } from './web-crypto.ts'

/** A signed note (c2sp.org/signed-note): what was signed, up to and including its last line feed, and by whom. */
export type SignedNote = { text: string; signatures: readonly NoteSignature[] }
/** `keyId`: 8 lower-case hex digits. */
export type NoteSignature = { name: string; keyId: string; signature: Uint8Array<ArrayBuffer> }
/** A verifier key for Ed25519; `text` is its published form, `name+keyid+base64`. */
export type VerifierKey = { name: string; keyId: string; publicKey: Uint8Array<ArrayBuffer>; text: string }

/** Why a note, a key or what it says is not believed; the message is a whole sentence. */
export class NoteError extends Error {
  override readonly name = 'NoteError'
}

const ed25519 = 0x01
const maxCharacters = 65_536
const maxSignatures = 100
/** No character of which two readers could think differently. */
const keyName = /^[!-*,-~]{1,200}$/

/** Reads a published key. Throws {@link NoteError}. */
export function readVerifierKey(text: string): VerifierKey {
  const [name = '', keyId = '', ...others] = text.split('+')
  const bytes = fromBase64(others.join('+'))
  if (!keyName.test(name) || !/^[0-9a-f]{8}$/.test(keyId) || bytes === null) throw new NoteError('A key is not name+keyid+base64.')
  if (bytes.length !== 33 || bytes[0] !== ed25519) throw new NoteError(`The key ${name}+${keyId} is not one for Ed25519.`)
  const publicKey = bytes.subarray(1)
  if (!isEd25519Point(publicKey)) throw new NoteError(`The key ${name}+${keyId} is of small order, or not in its only form.`)
  if (toKeyId(name, publicKey) !== keyId) throw new NoteError(`The key ${name}+${keyId} has the id of another key.`)
  return { name, keyId, publicKey, text }
}

/** The first 4 bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public key) in hex. */
function toKeyId(name: string, publicKey: Uint8Array): string {
  const hash = sha256
    .create()
    .update(toUtf8(`${name}\n`))
    .update(Uint8Array.of(ed25519))
    .update(publicKey)
  return bytesToHex(hash.digest().subarray(0, 4))
}

/** Reads a note; no signature is checked yet. Throws {@link NoteError}. */
export function readSignedNote(note: string): SignedNote {
  if (note.length > maxCharacters) throw new NoteError('The note is too long.')
  if (!note.isWellFormed() || /[\0-\x09\x0b-\x1f\x7f]/.test(note)) throw new NoteError('The note has a control character.')
  const end = note.lastIndexOf('\n\n')
  if (end === -1 || !note.endsWith('\n') || end + 2 === note.length) throw new NoteError('The note has no signatures after an empty line.')
  const lines = note.slice(end + 2, -1).split('\n')
  if (lines.length > maxSignatures) throw new NoteError(`The note has more than ${maxSignatures} signatures.`)
  return { text: note.slice(0, end + 1), signatures: lines.map(readSignatureLine) }
}

function readSignatureLine(line: string): NoteSignature {
  const [dash, name = '', code = '', ...others] = line.split(' ')
  const bytes = fromBase64(code)
  if (dash !== '—' || !keyName.test(name) || others.length > 0 || bytes === null || bytes.length < 5) {
    throw new NoteError('A line of signature of the note is not “— name base64”.')
  }
  return { name, keyId: bytesToHex(bytes.subarray(0, 4)), signature: bytes.subarray(4) }
}

/**
 * Those of `keys` that signed the note. Signatures by other keys are skipped; one that says it is by a key of these and is not valid is
 * refused, as is a second one by the same key. Throws {@link NoteError}, and MissingWebCryptoError.
 */
export async function listSigners<K extends VerifierKey>({ text, signatures }: SignedNote, keys: readonly K[]): Promise<K[]> {
  const message = toUtf8(text)
  const signers: K[] = []
  for (const { name, keyId, signature } of signatures) {
    const key = keys.find((known) => known.name === name && known.keyId === keyId)
    if (key === undefined) continue
    if (signers.includes(key)) throw new NoteError(`The key ${name}+${keyId} signed twice.`)
    if (signature.length !== 64 || !(await verifyEd25519(key.publicKey, signature, message))) {
      throw new NoteError(`The signature of the key ${name}+${keyId} is not valid.`)
    }
    signers.push(key)
  }
  return signers
}

/** Whether two keys are one. */
export function isSameKey(one: VerifierKey, other: VerifierKey): boolean {
  return one.name === other.name && sameBytes(one.publicKey, other.publicKey)
}

/** Signed notes (https://c2sp.org/signed-note): a text that ends with a line feed, an empty line, and a line for each signature. */
import { sign, verify } from 'node:crypto'
import type { PrivateNoteKey, VerifierKey } from './note-keys.ts'
import { isKeyName } from './note-keys.ts'

export type SignedNote = {
  /** What is signed: up to and including the line feed before the empty line. */
  text: string
  signatures: { name: string; /** 8 hex digits. */ keyId: string; signature: Buffer }[]
}

/** Longer notes are not read. */
export const noteLimitBytes = 2_000
const mostSignatures = 16

/** The note over `text`, which ends with a line feed, signed with each of `keys`. */
export function signNote(text: string, keys: readonly PrivateNoteKey[]): string {
  const lines = keys.map(({ verifierKey, privateKey }) => {
    const signed = Buffer.concat([Buffer.from(verifierKey.keyId, 'hex'), sign(null, Buffer.from(text), privateKey)])
    return `— ${verifierKey.name} ${signed.toString('base64')}\n`
  })
  return `${text}\n${lines.join('')}`
}

/** Null: not a signed note. Who signed it is another question. */
export function readSignedNote(note: string): SignedNote | null {
  if (Buffer.byteLength(note) > noteLimitBytes || !note.isWellFormed()) return null
  // Control characters would let two readers see two notes.
  // oxlint-disable-next-line no-control-regex -- that is what is looked for
  if (/[\u0000-\u0009\u000b-\u001f\u007f]/.test(note)) return null
  const split = note.lastIndexOf('\n\n')
  if (split < 1 || !note.endsWith('\n')) return null
  const lines = note.slice(split + 2, -1).split('\n')
  if (lines.length > mostSignatures) return null
  const signatures = lines.map(readSignature)
  return signatures.every((signature) => signature !== null) ? { text: note.slice(0, split + 1), signatures } : null
}

/**
 * Which of `keys` signed it, in their order. Nobody, where one of them did not sign what stands there in its name: no other line makes that good.
 * Lines of other keys are skipped.
 */
export function listSigners(note: SignedNote, keys: readonly VerifierKey[]): VerifierKey[] {
  const signers: VerifierKey[] = []
  for (const key of keys) {
    const own = note.signatures.filter(({ name, keyId }) => name === key.name && keyId === key.keyId)
    if (own.length === 0) continue
    if (own.length > 1 || !verify(null, Buffer.from(note.text), key.publicKey, own[0]!.signature)) return []
    signers.push(key)
  }
  return signers
}

function readSignature(line: string): SignedNote['signatures'][number] | null {
  const [, name, base64] = /^— (\S+) ([A-Za-z0-9+/=]+)$/.exec(line) ?? []
  if (name === undefined || base64 === undefined || !isKeyName(name)) return null
  const bytes = Buffer.from(base64, 'base64')
  // Of another algorithm a signature may have another length; it is skipped, not refused.
  if (bytes.length < 5 || bytes.toString('base64') !== base64) return null
  return { name, keyId: bytes.subarray(0, 4).toString('hex'), signature: bytes.subarray(4) }
}

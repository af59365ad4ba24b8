/** The announcement of a new checkpoint key by the old one (docs/evidence.md, "A new key"): a signed note, signed by both. */
import { readVerifierKey } from './note-keys.ts'
import type { PrivateNoteKey, VerifierKey } from './note-keys.ts'
import { readSignedNote, signNote } from './signed-note.ts'
import type { SignedNote } from './signed-note.ts'

export type Rotation = {
  origin: string
  newKey: VerifierKey
  /** The old key is not believed above it, the new one is, from there on. */
  size: number
}

const firstLine = 'autopack-checkpoint-key/1'

export function signRotation(size: number, oldKey: PrivateNoteKey, newKey: PrivateNoteKey): string {
  return signNote(`${firstLine}\n${newKey.verifierKey.name}\n${newKey.verifierKey.text}\n${size}\n`, [oldKey, newKey])
}

/** Null: not a rotation, or of a key that does not belong to its log. Who signed it is another question. */
export function readRotationNote(text: string): { note: SignedNote; rotation: Rotation } | null {
  const note = readSignedNote(text)
  if (!note) return null
  const [, first, origin, keyText, size] = /^([^\n]+)\n([^\n]+)\n([^\n]+)\n([1-9]\d{0,14})\n$/.exec(note.text) ?? []
  if (first !== firstLine || origin === undefined || keyText === undefined || size === undefined) return null
  const newKey = readVerifierKey(keyText)
  return newKey && newKey.name === origin ? { note, rotation: { origin, newKey, size: Number(size) } } : null
}

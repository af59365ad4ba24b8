import { readCheckpointNote } from './checkpoint-note.ts'
import { readVerifierKey } from './note-keys.ts'
import { readRotationNote } from './rotation-note.ts'
import { listSigners } from './signed-note.ts'

/**
 * Of these verifier keys and rotation notes, those a reader of this checkpoint needs: the keys that signed it, and the rotations that lead to them
 * with the keys they name. Whatever else was stored, readable or not, is left out; the order stays.
 */
export function listKeysBehind(
  checkpointNote: string,
  keyTexts: readonly string[],
  rotationNotes: readonly string[],
): { keys: string[]; rotations: string[] } {
  const keys = keyTexts.flatMap((text) => readVerifierKey(text) ?? [])
  const rotations = rotationNotes.flatMap((text) => {
    const read = readRotationNote(text)
    return read ? [{ text, newKeyId: read.rotation.newKey.keyId, signers: listSigners(read.note, keys).map(({ keyId }) => keyId) }] : []
  })
  const read = readCheckpointNote(checkpointNote)
  const wanted = new Set(read ? listSigners(read.note, keys).map(({ keyId }) => keyId) : [])
  const followed = new Set<string>()
  // A set that grows while it is walked is walked to its end.
  for (const keyId of wanted) {
    for (const { text, newKeyId, signers } of rotations) {
      if (newKeyId !== keyId || !signers.includes(newKeyId) || signers.length < 2) continue
      followed.add(text)
      for (const signer of signers) wanted.add(signer)
    }
  }
  return {
    keys: keys.filter(({ keyId }) => wanted.has(keyId)).map(({ text }) => text),
    rotations: rotationNotes.filter((text) => followed.has(text)),
  }
}

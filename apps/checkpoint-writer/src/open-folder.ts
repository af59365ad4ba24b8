import { readCheckpointNote } from '@autopack/checkpoint/checkpoint-note'
import type { PrivateNoteKey } from '@autopack/checkpoint/note-keys'
import { readRotationNote } from '@autopack/checkpoint/rotation-note'
import { listSigners } from '@autopack/checkpoint/signed-note'
import { findNewestCheckpoint, readNotes, removeDrafts, writeNote } from './note-folder.ts'
import { emptyState, readState } from './writer-state.ts'
import type { WriterState } from './writer-state.ts'

/** The folder belongs to another key than the one that is configured. */
export class KeyDiffers extends Error {
  override readonly name = 'KeyDiffers'
}

/** `saved`: what stands in `state.json`; null: there is none. */
export type OpenedFolder = { state: WriterState; saved: string | null }

/**
 * The state of the folder, with the files that a crash may have kept from being written. Without `state.json` the log is read from its beginning,
 * and has to come by the newest checkpoint that is there. Throws KeyDiffers when the key is not the folder's.
 * Only whoever holds the folder's lock may call it.
 */
export async function openFolder(directory: string, key: PrivateNoteKey): Promise<OpenedFolder> {
  await removeDrafts(directory)
  const read = await readState(directory)
  const state = read?.state ?? (await startOver(directory, key))
  if (state.key_id !== null && state.key_id !== key.verifierKey.keyId)
    throw new KeyDiffers(
      `AUTOPACK_CHECKPOINT_PRIVATE_KEY: is ${key.verifierKey.keyId}, but key ${state.key_id} signs in ${directory}; rotate-key announces a new one`,
    )
  if (state.rotation) await writeNote(directory, 'rotation', state.rotation.no, state.rotation.note)
  if (state.checkpoint) await writeNote(directory, 'checkpoint', state.checkpoint.no, state.checkpoint.note)
  return { state, saved: read?.text ?? null }
}

async function startOver(directory: string, key: PrivateNoteKey): Promise<WriterState> {
  const { keyId } = key.verifierKey
  const newest = await findNewestCheckpoint(directory)
  const rotations = await readNotes(directory, 'rotation')
  const last = rotations.length > 0 ? readRotationNote(rotations.at(-1)!) : null
  // Whoever was replaced signs here no more, although the newest checkpoint may still be theirs.
  if (last !== null && last.rotation.newKey.keyId !== keyId)
    throw new KeyDiffers(`AUTOPACK_CHECKPOINT_PRIVATE_KEY: is ${keyId}, but ${last.rotation.newKey.keyId} was announced last in ${directory}`)
  const above = last?.rotation.size ?? 0
  const rotation = last === null ? null : { no: rotations.length, note: rotations.at(-1)! }
  if (!newest) return { ...emptyState, rotation, above }
  const read = readCheckpointNote(newest.text)
  if (!read || (listSigners(read.note, [key.verifierKey]).length === 0 && above === 0))
    throw new KeyDiffers(`AUTOPACK_CHECKPOINT_PRIVATE_KEY: is ${keyId}, which signed nothing that stands in ${directory}`)
  const { size, head, root, time } = read.checkpoint
  return {
    ...emptyState,
    key_id: keyId,
    last_no: newest.no,
    checkpoint: { no: newest.no, note: newest.text, size, head, signed_at: time },
    rotation,
    above,
    expects: { size, head, root: root.toString('hex') },
  }
}

import { readCheckpointNote } from '@autopack/checkpoint/checkpoint-note'
import type { PrivateNoteKey } from '@autopack/checkpoint/note-keys'
import type { ControlPlane } from './control-plane.ts'
import { followLog } from './follow-log.ts'
import { findNewestCheckpoint, keepForGood } from './note-folder.ts'
import { openFolder } from './open-folder.ts'
import { emptyState, writeState } from './writer-state.ts'

/** `above`: the key is not believed up to this size, so nothing is signed until the log is longer. */
export type AcceptedRestore = { givenUp: number; size: number; above: number }

/**
 * Goes on with the log as it is: reads it from its beginning, and only where it says itself that the newest checkpoint of the folder was given up, is
 * that checkpoint not asked for any more. Its note stays, under a second name, too. Before that nothing is changed. Null: there is no checkpoint.
 * Throws LogDiffers, KeyDiffers, ControlPlaneUnavailable. Only whoever holds the folder's lock may call it.
 */
export async function acceptRestore(
  directory: string,
  key: PrivateNoteKey,
  { listEntries }: Pick<ControlPlane, 'listEntries'>,
): Promise<AcceptedRestore | null> {
  const { state, saved } = await openFolder(directory, key)
  const newest = await findNewestCheckpoint(directory)
  const read = newest && readCheckpointNote(newest.text)
  if (!read) return null
  const { size, head } = read.checkpoint
  const log = await followLog(emptyState, listEntries, head)
  await keepForGood(directory, newest.no)
  // The numbers, the key and what it is believed for go on: what was signed of the lost log stays signed.
  await writeState(directory, { ...state, ...log, checkpoint: null }, [saved])
  return { givenUp: size, size: log.size, above: state.above }
}

import { readCheckpointNote } from '@autopack/checkpoint/checkpoint-note'
import { findKeyRefusal, followRotations } from '@autopack/checkpoint/follow-rotations'
import type { VerifierKey } from '@autopack/checkpoint/note-keys'
import { listSigners } from '@autopack/checkpoint/signed-note'
import type { CheckpointStanding } from '@autopack/contract/checkpoints'
import type { Database } from '@autopack/server-kit/open-database'
import { ProblemError } from '@autopack/server-kit/problem-error'
import { findCheckpointNote, insertCheckpoint, listRotationNotes } from './checkpoint-rows.ts'

/**
 * Stores a checkpoint that a believed key signed: one of `trusted`, or one that follows from them by what was stored and by `rotations` (notes,
 * the oldest first; they are not stored here). Answers how the log stands to it; a log that does not hold against it is not written any more
 * from this moment on. The same note again changes nothing. Throws `checkpoint_refused` for any other note.
 */
export async function recordCheckpoint(
  db: Database,
  trusted: readonly VerifierKey[],
  { note, rotations }: { note: string; rotations: readonly string[] },
): Promise<{ standing: CheckpointStanding; givenUp: boolean }> {
  const read = readCheckpointNote(note)
  if (!read) throw refuse('This is not a checkpoint (docs/evidence.md).')
  const key = findBelievedSigner(read, trusted, [...(await listRotationNotes(db)), ...rotations])
  // Looked up first: to store one takes the lock of the log, which may be held, and nobody has to wait to hear what is known.
  const known = await findCheckpointNote(db, note)
  if (known) return known
  return db.transaction(async (tx) => {
    await insertCheckpoint(tx, key, read.checkpoint, note)
    // Once more with the log locked: a rotation that was stored meanwhile may have taken the key's place.
    findBelievedSigner(read, trusted, [...(await listRotationNotes(tx)), ...rotations])
    return (await findCheckpointNote(tx, note))!
  })
}

function findBelievedSigner(
  { note, checkpoint }: NonNullable<ReturnType<typeof readCheckpointNote>>,
  trusted: readonly VerifierKey[],
  rotations: readonly string[],
): VerifierKey {
  const belief = followRotations(trusted, rotations)
  const signers = listSigners(note, belief.keys).filter((key) => key.name === checkpoint.origin)
  const key = signers.find(({ keyId }) => findKeyRefusal(belief, keyId, checkpoint.size) === null)
  if (key) return key
  const why = signers[0] && findKeyRefusal(belief, signers[0].keyId, checkpoint.size)
  throw refuse(why ?? 'No key that is believed here signed it: compare AUTOPACK_CHECKPOINT_KEYS with the key of the checkpoint writer.')
}

function refuse(detail: string): ProblemError {
  return new ProblemError('checkpoint_refused', detail)
}

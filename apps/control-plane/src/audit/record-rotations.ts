import { followRotations } from '@autopack/checkpoint/follow-rotations'
import type { VerifierKey } from '@autopack/checkpoint/note-keys'
import type { Database } from '@autopack/server-kit/open-database'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { SystemPrincipal } from '../shared/principal.ts'
import { findOwnCheckpointAbove, insertCheckpointKey, insertRotation, listRotationNotes } from './checkpoint-rows.ts'
import { recordAudit } from './record-audit.ts'

/**
 * Stores what `notes` (rotations, the oldest first) announce and is not known yet, each with an audit event. What no believed
 * key announced is left out. Throws `checkpoint_refused` where a rotation would disown a checkpoint that the log holds against, and as recordAudit.
 */
export async function recordRotations(
  db: Database,
  trusted: readonly VerifierKey[],
  notes: readonly string[],
  principal: SystemPrincipal,
  requestId: string | null,
): Promise<void> {
  const stored = await listRotationNotes(db)
  const belief = followRotations(trusted, [...stored, ...notes.filter((note) => !stored.includes(note))])
  for (const rotation of belief.rotations) {
    if (stored.includes(rotation.note)) continue
    const above = await findOwnCheckpointAbove(db, rotation.oldKeyId, rotation.size)
    if (above !== null)
      throw new ProblemError(
        'checkpoint_refused',
        `The key ${rotation.oldKeyId} signed the log up to size ${above}; it cannot have been replaced at size ${rotation.size}.`,
      )
    await db.transaction(async (tx) => {
      for (const key of belief.keys) if (key.keyId === rotation.oldKeyId || key.keyId === rotation.newKeyId) await insertCheckpointKey(tx, key)
      if (!(await insertRotation(tx, rotation)))
        throw new ProblemError('checkpoint_refused', `Another rotation of the key ${rotation.oldKeyId} is stored here, and is not believed.`)
      const summary = `The checkpoint key ${rotation.newKeyId} takes the place of ${rotation.oldKeyId} above size ${rotation.size}.`
      await recordAudit(tx, principal, { event_type: 'audit.checkpoint_key_rotated', result_status: 'ok', payload_summary: summary }, { requestId })
    })
  }
}

/** Checkpoints of a test's audit log, signed as the checkpoint writer signs them, of any log it likes. */
import { toCheckpointText } from '@autopack/checkpoint/checkpoint-note'
import { addLeaf, emptyTree, rootOf } from '@autopack/checkpoint/merkle-tree'
import type { PrivateNoteKey } from '@autopack/checkpoint/note-keys'
import { createPrivateKeyText, readPrivateKey } from '@autopack/checkpoint/note-keys'
import { signRotation } from '@autopack/checkpoint/rotation-note'
import { signNote } from '@autopack/checkpoint/signed-note'
import type { Database } from '@autopack/server-kit/open-database'
import { asc } from 'drizzle-orm'
import { acceptRestore } from '../audit/accept-restore.ts'
import { recordAudit } from '../audit/record-audit.ts'
import { recordCheckpoint } from '../audit/record-checkpoint.ts'
import { recordRotations } from '../audit/record-rotations.ts'
import { auditEventTable } from '../db/audit-tables.ts'

export const testOrigin = 'localhost:4600/audit'
export const testCheckpointApiKey = 'test-checkpoint-key-0123456789abcdef'

export function createTestNoteKey(): PrivateNoteKey {
  return readPrivateKey(createPrivateKeyText(testOrigin))!
}

/** The hashes of the log's entries. */
export async function readEntryHashes(db: Database): Promise<Buffer[]> {
  const rows = await db.select({ hash: auditEventTable.hash }).from(auditEventTable).orderBy(asc(auditEventTable.seq)).limit(100_000)
  return rows.map(({ hash }) => hash)
}

export function signCheckpoint(key: PrivateNoteKey, hashes: readonly Buffer[], time = '2026-11-23T10:15:30.123Z'): string {
  const root = rootOf(hashes.reduce(addLeaf, emptyTree))
  const head = hashes[hashes.length - 1]!.toString('hex')
  return signNote(toCheckpointText({ origin: key.verifierKey.name, size: hashes.length, root, head, time }), [key])
}

/** Lets the log grow by `count` entries. */
export async function appendEvents(db: Database, count: number): Promise<void> {
  for (let added = 0; added < count; added += 200) {
    await db.transaction(async (tx) => {
      for (let at = added; at < Math.min(count, added + 200); at += 1) {
        const principal = { kind: 'system', name: 'story' } as const
        await recordAudit(tx, principal, { event_type: 'clock.accepted', result_status: 'ok', reason: `entry ${at}` }, { requestId: null })
      }
    })
  }
}

/** A row in each table of checkpoints: one that holds, a key that followed, one of a longer log, and that it was given up. */
export async function writeCheckpointRows(db: Database): Promise<void> {
  const [oldKey, newKey] = [createTestNoteKey(), createTestNoteKey()]
  await appendEvents(db, 256)
  const hashes = await readEntryHashes(db)
  const trusted = [oldKey.verifierKey]
  await recordCheckpoint(db, trusted, { note: signCheckpoint(oldKey, hashes), rotations: [] })
  const rotation = signRotation(hashes.length, oldKey, newKey)
  await recordRotations(db, trusted, [rotation], { kind: 'system', name: 'story' }, null)
  const longer = [...(await readEntryHashes(db)), Buffer.alloc(32, 7)]
  await recordCheckpoint(db, trusted, { note: signCheckpoint(newKey, longer), rotations: [rotation] })
  await acceptRestore(db, 'The story needs it.')
}

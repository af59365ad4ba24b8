import type { AuditLate, AuditStopped, CheckpointStanding } from '@autopack/contract/checkpoints'
import type { Checkpoint } from '@autopack/checkpoint/checkpoint-note'
import type { KeyRotation } from '@autopack/checkpoint/follow-rotations'
import type { VerifierKey } from '@autopack/checkpoint/note-keys'
import type { Queryable, Transaction } from '@autopack/server-kit/open-database'
import { and, asc, desc, eq, gt, gte, lt, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { auditEventTable, auditHeadTable } from '../db/audit-tables.ts'
import {
  auditCheckpointTable,
  auditRestoreTable,
  checkpointKeyTable,
  checkpointProblemTable,
  checkpointRotationTable,
} from '../db/checkpoint-tables.ts'

/** A checkpoint as it is stored. `head` is hex; `note` is the whole text with its signatures. */
export type StoredCheckpoint = { no: number; size: number; head: string; time: Date; keyId: string; note: string; receivedAt: Date }
export type ListedCheckpoint = StoredCheckpoint & { standing: CheckpointStanding; givenUp: boolean }

const columns = {
  no: auditCheckpointTable.no,
  size: auditCheckpointTable.size,
  head: sql<string>`encode(${auditCheckpointTable.head}, 'hex')`,
  time: auditCheckpointTable.signed_at,
  keyId: auditCheckpointTable.key_id,
  note: auditCheckpointTable.note,
  receivedAt: auditCheckpointTable.received_at,
}
/** The log as it is now has that entry. */
const isEntry = and(eq(auditEventTable.seq, auditCheckpointTable.size), eq(auditEventTable.hash, auditCheckpointTable.head))!
const isGivenUp = sql<boolean>`(${auditEventTable.seq} IS NULL AND ${auditCheckpointTable.no} <= coalesce((SELECT max(r.through_no) FROM ${auditRestoreTable} AS r), 0))`

/** The newest checkpoint that covers the entry `seq` and that the log holds against; null: there is none yet. */
export async function findCheckpointCovering(db: Queryable, seq: number): Promise<StoredCheckpoint | null> {
  const [row] = await db
    .select(columns)
    .from(auditCheckpointTable)
    .innerJoin(auditEventTable, isEntry)
    .where(and(gte(auditCheckpointTable.size, seq), eq(auditCheckpointTable.standing, 'holds')))
    .orderBy(desc(auditCheckpointTable.no))
    .limit(1)
  return row ?? null
}

/** Newest first. */
export async function listCheckpointRows(db: Queryable, page: { before: number | null; limit: number }): Promise<ListedCheckpoint[]> {
  return db
    .select({ ...columns, standing: auditCheckpointTable.standing, givenUp: isGivenUp })
    .from(auditCheckpointTable)
    .leftJoin(auditEventTable, isEntry)
    .where(page.before === null ? undefined : lt(auditCheckpointTable.no, page.before))
    .orderBy(desc(auditCheckpointTable.no))
    .limit(page.limit)
}

/** How the log stood to this note when it came; null: it never came. */
export async function findCheckpointNote(db: Queryable, note: string): Promise<{ standing: CheckpointStanding; givenUp: boolean } | null> {
  const [row] = await db
    .select({ standing: auditCheckpointTable.standing, givenUp: isGivenUp })
    .from(auditCheckpointTable)
    .leftJoin(auditEventTable, isEntry)
    .where(sql`control_plane.note_digest(${auditCheckpointTable.note}) = control_plane.note_digest(${note})`)
    .limit(1)
  return row ?? null
}

/** The database says how the log stands to it. The same note again does nothing. */
export async function insertCheckpoint(tx: Transaction, key: VerifierKey, checkpoint: Checkpoint, note: string): Promise<void> {
  await insertCheckpointKey(tx, key)
  // By their names: the other columns are not ours to set, not even to their defaults.
  await tx.execute(sql`INSERT INTO ${auditCheckpointTable} (size, head, root, signed_at, key_id, note)
    VALUES (${checkpoint.size}, ${Buffer.from(checkpoint.head, 'hex')}, ${checkpoint.root}, ${checkpoint.time}, ${key.keyId}, ${note})
    ON CONFLICT DO NOTHING`)
}

export async function insertCheckpointKey(tx: Transaction, key: VerifierKey): Promise<void> {
  await tx.execute(sql`INSERT INTO ${checkpointKeyTable} (key_id, verifier_key) VALUES (${key.keyId}, ${key.text}) ON CONFLICT DO NOTHING`)
}

/** Verifier keys, the oldest first. */
export async function listCheckpointKeys(db: Queryable): Promise<string[]> {
  const rows = await db.select({ text: checkpointKeyTable.verifier_key }).from(checkpointKeyTable).orderBy(asc(checkpointKeyTable.no)).limit(1_000)
  return rows.map(({ text }) => text)
}

/** Rotation notes, the oldest first. */
export async function listRotationNotes(db: Queryable): Promise<string[]> {
  const rows = await db
    .select({ note: checkpointRotationTable.note })
    .from(checkpointRotationTable)
    .orderBy(asc(checkpointRotationTable.no))
    .limit(1_000)
  return rows.map(({ note }) => note)
}

/** False: another one is stored under a number of its keys. */
export async function insertRotation(tx: Transaction, rotation: KeyRotation): Promise<boolean> {
  const stored = await tx.execute(sql`INSERT INTO ${checkpointRotationTable} (size, old_key_id, new_key_id, note)
    VALUES (${rotation.size}, ${rotation.oldKeyId}, ${rotation.newKeyId}, ${rotation.note}) ON CONFLICT DO NOTHING RETURNING no`)
  return stored.rows.length > 0
}

/** Of a checkpoint above `size` that this key signed and that the log holds against. */
export async function findOwnCheckpointAbove(db: Queryable, keyId: string, size: number): Promise<number | null> {
  const [row] = await db
    .select({ size: auditCheckpointTable.size })
    .from(auditCheckpointTable)
    .innerJoin(auditEventTable, isEntry)
    .where(and(eq(auditCheckpointTable.key_id, keyId), gt(auditCheckpointTable.size, size), eq(auditCheckpointTable.standing, 'holds')))
    .limit(1)
  return row?.size ?? null
}

/** Why nothing is written any more, or null. */
export async function findAuditStop(db: Queryable): Promise<AuditStopped | null> {
  const [row] = await db
    .select({ ...columns, logSize: auditHeadTable.seq })
    .from(auditCheckpointTable)
    .innerJoin(auditHeadTable, eq(auditHeadTable.id, 1))
    .where(sql`${auditCheckpointTable.no} = control_plane.find_stopping_checkpoint()`)
    .limit(1)
  if (!row) return null
  return { reason: row.size > row.logSize ? 'ahead' : 'disagrees', checkpoint: toCheckpointSummary(row), log_size: row.logSize }
}

export function toCheckpointSummary({ size, time, head, keyId, receivedAt }: StoredCheckpoint): AuditStopped['checkpoint'] {
  return { size, time: time.toISOString(), head, key_id: keyId, received_at: receivedAt.toISOString() }
}

/** The checkpoint writer looks every few seconds, and signs within three minutes of what it sees: after this, nobody is there. */
const signedWithin = '5 minutes'
/** A log that stands still is signed each hour. */
const signedAgainWithin = '2 hours'

/**
 * Whether something should be signed by now and is not: an entry that no checkpoint covers, a checkpoint that was not signed again, or a problem that
 * the checkpoint writer reported after the newest checkpoint came, and not long ago. Null: nothing of it, or an empty log.
 */
export async function findAuditLateness(db: Queryable, now: SQL): Promise<AuditLate | null> {
  const found = await db.execute(sql`
    WITH newest AS (
      SELECT c.size, c.received_at FROM ${auditCheckpointTable} AS c JOIN ${auditEventTable} AS e ON e.seq = c.size AND e.hash = c.head
      WHERE c.standing = 'holds' ORDER BY c.no DESC LIMIT 1
    ), facts AS (
      SELECT (SELECT received_at FROM newest) AS signed_at,
        (SELECT e.at FROM ${auditEventTable} AS e WHERE e.seq = 1) AS first_at,
        (SELECT e.at FROM ${auditEventTable} AS e WHERE e.seq = coalesce((SELECT size FROM newest), 0) + 1) AS waiting_since
    ), said AS (
      SELECT p.problem FROM ${checkpointProblemTable} AS p, facts
      WHERE p.reported_at > ${now} - ${signedWithin}::interval AND p.reported_at > coalesce(facts.signed_at, '-infinity')
    )
    SELECT floor(extract(epoch FROM coalesce(signed_at, first_at)) * 1000)::float8 AS since, (SELECT problem FROM said) AS problem
    FROM facts
    WHERE coalesce(signed_at, first_at) IS NOT NULL AND (
      EXISTS (SELECT FROM said)
      OR waiting_since < ${now} - ${signedWithin}::interval
      OR signed_at < ${now} - ${signedAgainWithin}::interval)`)
  const [row] = found.rows as { since: number; problem: string | null }[]
  return row ? { since: new Date(Number(row.since)).toISOString(), detail: row.problem } : null
}

export async function recordCheckpointProblem(db: Queryable, problem: string): Promise<void> {
  const values = { problem, reported_at: sql`clock_timestamp()` }
  await db
    .insert(checkpointProblemTable)
    .values({ id: 1, ...values })
    .onConflictDoUpdate({ target: checkpointProblemTable.id, set: values })
}

/** Gives up every checkpoint so far that the log does not hold against; the entry `eventSeq`, the last of the same transaction, says so. */
export async function insertRestore(tx: Transaction, eventSeq: number): Promise<void> {
  await tx.execute(sql`INSERT INTO ${auditRestoreTable} (event_seq) VALUES (${eventSeq})`)
}

import type { Queryable, Transaction } from '@autopack/server-kit/open-database'
import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import { challengeTable, passkeyTable, signedActTable } from '../db/passkey-tables.ts'
import { operatorTable } from '../db/people-tables.ts'

export type PasskeyRow = typeof passkeyTable.$inferSelect
export type ChallengeRow = typeof challengeTable.$inferSelect
export type OperatorRow = typeof operatorTable.$inferSelect

/** Read before it is written, so that a list never stalls a small database. */
const listLimit = 100

// ---------------------------------------------------------------- people

/** These people, in the order of their ids, so that two acts that need both never wait for each other. */
export async function lockOperatorsToChange(tx: Transaction, operatorIds: readonly string[]): Promise<Map<string, OperatorRow>> {
  const rows = new Map<string, OperatorRow>()
  for (const operatorId of [...new Set(operatorIds)].toSorted()) {
    const [row] = await tx.select().from(operatorTable).where(eq(operatorTable.operator_id, operatorId)).limit(1).for('no key update')
    if (row) rows.set(operatorId, row)
  }
  return rows
}

/**
 * After a reset: somebody without a passkey may make the first one until then, what they signed before counts no more, and sessions of an
 * earlier version of the person are over. Returns the version.
 */
export async function openEnrolmentAgain(
  tx: Transaction,
  operatorId: string,
  reset: { at: Date; until: Date; by: string | null; reason: string },
): Promise<number> {
  const [row] = await tx
    .update(operatorTable)
    .set({
      ...{ may_enrol_until: reset.until, passkeys_reset_at: reset.at, passkeys_reset_by: reset.by, passkeys_reset_reason: reset.reason },
      version: sql`${operatorTable.version} + 1`,
    })
    .where(eq(operatorTable.operator_id, operatorId))
    .returning({ version: operatorTable.version })
  return row!.version
}

/** The first passkey is made: whoever removes it needs an admin to make another first one. */
export async function closeEnrolment(tx: Transaction, operatorId: string): Promise<void> {
  await tx.update(operatorTable).set({ may_enrol_until: null }).where(eq(operatorTable.operator_id, operatorId))
}

export async function findEnrolment(db: Queryable, operatorId: string): Promise<Pick<OperatorRow, 'may_enrol_until' | 'sessions_since'>> {
  const { may_enrol_until, sessions_since } = operatorTable
  const [row] = await db.select({ may_enrol_until, sessions_since }).from(operatorTable).where(eq(operatorTable.operator_id, operatorId)).limit(1)
  return row ?? { may_enrol_until: null, sessions_since: null }
}

export type PasskeyReset = { at: Date; by: { operator_id: string; name: string } | null; reason: string }

/** The latest reset of this person's passkeys by somebody else; null: there was none. */
export async function findPasskeyReset(db: Queryable, operatorId: string): Promise<PasskeyReset | null> {
  const who = db.select({ operator_id: operatorTable.operator_id, name: operatorTable.name }).from(operatorTable).as('who')
  const [row] = await db
    .select({ at: operatorTable.passkeys_reset_at, reason: operatorTable.passkeys_reset_reason, by: who.operator_id, name: who.name })
    .from(operatorTable)
    .leftJoin(who, eq(who.operator_id, operatorTable.passkeys_reset_by))
    .where(eq(operatorTable.operator_id, operatorId))
    .limit(1)
  if (row === undefined || row.at === null) return null
  return { at: row.at, reason: row.reason ?? '', by: row.by === null ? null : { operator_id: row.by, name: row.name! } }
}

// ---------------------------------------------------------------- challenges

export async function insertChallenge(db: Queryable, row: Omit<ChallengeRow, 'used_at'>): Promise<void> {
  await db.insert(challengeTable).values(row)
}

/** The challenge of this nonce, locked until the transaction ends: of two who come with one nonce, the second finds it used. */
export async function lockChallenge(tx: Transaction, nonceSha256: Buffer): Promise<ChallengeRow | null> {
  const [row] = await tx.select().from(challengeTable).where(eq(challengeTable.nonce_sha256, nonceSha256)).limit(1).for('update')
  return row ?? null
}

export async function markChallengeUsed(tx: Transaction, nonceSha256: Buffer, at: Date): Promise<void> {
  await tx
    .update(challengeTable)
    .set({ used_at: at })
    .where(and(eq(challengeTable.nonce_sha256, nonceSha256), isNull(challengeTable.used_at)))
}

// ---------------------------------------------------------------- passkeys

/** The passkeys of a person that are in use, oldest first. */
export async function listPasskeys(db: Queryable, operatorId: string): Promise<PasskeyRow[]> {
  return db
    .select()
    .from(passkeyTable)
    .where(and(eq(passkeyTable.operator_id, operatorId), isNull(passkeyTable.removed_at)))
    .orderBy(asc(passkeyTable.created_at), asc(passkeyTable.credential_id))
    .limit(listLimit)
}

/** Whatever became of it, locked until the transaction ends: its counter moves with each signature. */
export async function lockPasskey(tx: Transaction, credentialId: string): Promise<PasskeyRow | null> {
  const [row] = await tx.select().from(passkeyTable).where(eq(passkeyTable.credential_id, credentialId)).limit(1).for('update')
  return row ?? null
}

/** False: a passkey of this id was enrolled before, by whomever. */
export async function insertPasskeyIfNew(tx: Transaction, row: typeof passkeyTable.$inferInsert): Promise<boolean> {
  const inserted = await tx.insert(passkeyTable).values(row).onConflictDoNothing().returning({ id: passkeyTable.credential_id })
  return inserted.length === 1
}

export async function recordPasskeyUse(tx: Transaction, credentialId: string, use: { counter: number; at: Date; backedUp: boolean }): Promise<void> {
  await tx
    .update(passkeyTable)
    .set({ counter: use.counter, last_used_at: use.at, backed_up: use.backedUp })
    .where(eq(passkeyTable.credential_id, credentialId))
}

export async function renamePasskeyRow(tx: Transaction, credentialId: string, name: string): Promise<PasskeyRow> {
  const [row] = await tx.update(passkeyTable).set({ name }).where(eq(passkeyTable.credential_id, credentialId)).returning()
  return row!
}

export async function removePasskeyRow(tx: Transaction, credentialId: string, removed: { at: Date; by: string }): Promise<PasskeyRow> {
  const [row] = await tx
    .update(passkeyTable)
    .set({ removed_at: removed.at, removed_by: removed.by })
    .where(eq(passkeyTable.credential_id, credentialId))
    .returning()
  return row!
}

/** Returns how many there were. */
export async function removeAllPasskeys(tx: Transaction, operatorId: string, removed: { at: Date; by: string }): Promise<number> {
  const rows = await tx
    .update(passkeyTable)
    .set({ removed_at: removed.at, removed_by: removed.by })
    .where(and(eq(passkeyTable.operator_id, operatorId), isNull(passkeyTable.removed_at)))
    .returning({ id: passkeyTable.credential_id })
  return rows.length
}

// ---------------------------------------------------------------- what was signed

/** Returns what is written now. */
export async function insertSignedAct(tx: Transaction, row: typeof signedActTable.$inferInsert): Promise<typeof signedActTable.$inferSelect> {
  const [inserted] = await tx.insert(signedActTable).values(row).returning()
  return inserted!
}

import type { Queryable, Transaction } from '@autopack/server-kit/open-database'
import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { operatorInviteTable, operatorSeenTable, operatorTable } from '../db/people-tables.ts'

export type InviteRow = typeof operatorInviteTable.$inferSelect

/** After coming in: long enough to fetch a key, short enough that a forgotten session does not enrol one. */
const firstPasskeyHours = 24

const isOpen = isNull(operatorInviteTable.ended_at)

export async function insertInvite(
  tx: Transaction,
  invite: Pick<InviteRow, 'invite_id' | 'operator_id' | 'sha256' | 'created_by' | 'created_at'>,
  validHours: number,
): Promise<InviteRow> {
  const expires_at = new Date(invite.created_at.getTime() + validHours * 3_600_000)
  const [row] = await tx
    .insert(operatorInviteTable)
    .values({ ...invite, expires_at })
    .returning()
  return row!
}

/** True: there was one that had not ended. */
export async function endInvite(tx: Transaction, operatorId: string, reason: NonNullable<InviteRow['ended_reason']>, now: Date): Promise<boolean> {
  const ended = await tx
    .update(operatorInviteTable)
    .set({ ended_at: now, ended_reason: reason })
    .where(and(eq(operatorInviteTable.operator_id, operatorId), isOpen))
    .returning({ invite_id: operatorInviteTable.invite_id })
  return ended.length > 0
}

/** The person of an accepted invite has signed in: its link is worth nothing any more. */
export async function endUsedInvite(tx: Transaction, operatorId: string, now: SQL): Promise<void> {
  await tx
    .update(operatorInviteTable)
    .set({ ended_at: sql`${now}`, ended_reason: 'signed_in' })
    .where(and(eq(operatorInviteTable.operator_id, operatorId), isNotNull(operatorInviteTable.accepted_at), isOpen))
}

/**
 * Invites that this admin made and whose person has not signed in. Whoever is taken out, is no admin any more, or whose passkeys somebody else may
 * have had, leaves no way in behind. Returns how many.
 */
export async function endInvitesBy(tx: Transaction, operatorId: string, now: Date): Promise<number> {
  const ended = await tx
    .update(operatorInviteTable)
    .set({ ended_at: now, ended_reason: 'maker_out' })
    .where(and(eq(operatorInviteTable.created_by, operatorId), isOpen))
    .returning({ invite_id: operatorInviteTable.invite_id })
  return ended.length
}

/** For the summary of what ended them. */
export function toEndedWords(count: number): string {
  return count === 0 ? '' : `; invites they made that are void: ${count}`
}

/** People who came by an invite and have never signed in: cut off before their password was kept, they have no other way in. */
export const isAwaited = sql`(
  EXISTS (SELECT FROM ${operatorInviteTable} AS was WHERE was.operator_id = control_plane.operator.operator_id)
  AND NOT EXISTS (SELECT FROM ${operatorInviteTable} AS used WHERE used.operator_id = control_plane.operator.operator_id AND used.ended_reason = 'signed_in')
  AND NOT EXISTS (SELECT FROM ${operatorSeenTable} AS seen WHERE seen.operator_id = control_plane.operator.operator_id)
)`.mapWith(Boolean)

export async function readIsAwaited(db: Queryable, operatorId: string): Promise<boolean> {
  const [row] = await db.select({ isAwaited }).from(operatorTable).where(eq(operatorTable.operator_id, operatorId)).limit(1)
  return row?.isAwaited ?? false
}

/** Whether an invite of this person has not ended: never used, or begun and not finished with a sign-in. */
export async function hasOpenInvite(db: Queryable, operatorId: string): Promise<boolean> {
  const [row] = await db
    .select({ one: sql`1` })
    .from(operatorInviteTable)
    .where(and(eq(operatorInviteTable.operator_id, operatorId), isOpen))
    .limit(1)
  return row !== undefined
}

export type HeldInvite = { invite: InviteRow; live: boolean; person: typeof operatorTable.$inferSelect; invited_by: string | null }

/** The invite of this token, unless it has ended; null: there is none. */
export async function findInvite(db: Queryable, sha256: Buffer, now: SQL): Promise<HeldInvite | null> {
  const creator = db.select({ operator_id: operatorTable.operator_id, name: operatorTable.name }).from(operatorTable).as('creator')
  const [row] = await db
    .select({
      invite: operatorInviteTable,
      live: sql`${operatorInviteTable.expires_at} > ${now}`.mapWith(Boolean),
      person: operatorTable,
      invited_by: creator.name,
    })
    .from(operatorInviteTable)
    .innerJoin(operatorTable, eq(operatorTable.operator_id, operatorInviteTable.operator_id))
    .leftJoin(creator, eq(creator.operator_id, operatorInviteTable.created_by))
    .where(and(eq(operatorInviteTable.sha256, sha256), isOpen))
    .limit(1)
  return row ?? null
}

/** The person of an invite comes in: once. */
export async function acceptInviteRow(tx: Transaction, held: HeldInvite, now: Date): Promise<typeof operatorTable.$inferSelect> {
  await tx.update(operatorInviteTable).set({ accepted_at: now }).where(eq(operatorInviteTable.invite_id, held.invite.invite_id))
  const [row] = await tx
    .update(operatorTable)
    .set({ enabled: true, joined_at: held.person.joined_at ?? now, may_enrol_until: new Date(now.getTime() + firstPasskeyHours * 3_600_000) })
    .where(eq(operatorTable.operator_id, held.person.operator_id))
    .returning()
  return row!
}

/** Locks the person first, as everybody does who changes them. */
export async function lockInvited(tx: Transaction, sha256: Buffer, now: SQL): Promise<HeldInvite | null> {
  const found = await findInvite(tx, sha256, now)
  if (!found) return null
  await tx
    .select({ one: sql`1` })
    .from(operatorTable)
    .where(eq(operatorTable.operator_id, found.person.operator_id))
    .for('no key update')
  // Once more, in a statement that sees what committed while we waited.
  return findInvite(tx, sha256, now)
}

import { foldName } from '@autopack/server-kit/fold-name'
import type { Queryable } from '@autopack/server-kit/open-database'
import { eq } from 'drizzle-orm'
import { signInTable } from '../db/bff-tables.ts'

export type SignInRow = typeof signInTable.$inferSelect

export async function findSignInByName(db: Queryable, name: string): Promise<SignInRow | null> {
  const folded = foldName(name)
  // PostgreSQL text cannot hold NUL, so no row has such a name.
  if (folded.includes('\u0000')) return null
  const [row] = await db.select().from(signInTable).where(eq(signInTable.name_folded, folded)).limit(1)
  return row ?? null
}

export async function findSignIn(db: Queryable, operatorId: string): Promise<SignInRow | null> {
  const [row] = await db.select().from(signInTable).where(eq(signInTable.operator_id, operatorId)).limit(1)
  return row ?? null
}

/** Makes two sign-ins, or a sign-in and a password change, of one person follow each other. */
export async function lockSignIn(db: Queryable, operatorId: string): Promise<SignInRow | null> {
  const [row] = await db.select().from(signInTable).where(eq(signInTable.operator_id, operatorId)).limit(1).for('update')
  return row ?? null
}

/** Returns false when this operator or this name is already there; nothing is overwritten. */
export async function createSignIn(db: Queryable, row: SignInRow): Promise<boolean> {
  const created = await db.insert(signInTable).values(row).onConflictDoNothing().returning({ id: signInTable.operator_id })
  return created.length === 1
}

export async function updatePasswordHash(db: Queryable, operatorId: string, passwordHash: string, now: Date): Promise<void> {
  await db.update(signInTable).set({ password_hash: passwordHash, generated: false, changed_at: now }).where(eq(signInTable.operator_id, operatorId))
}

/** Whether anybody at all can sign in here. */
export async function isAnybodyKnown(db: Queryable): Promise<boolean> {
  const rows = await db.select({ id: signInTable.operator_id }).from(signInTable).limit(1)
  return rows.length === 1
}

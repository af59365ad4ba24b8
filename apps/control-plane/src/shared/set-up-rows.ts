import type { Queryable, Transaction } from '@autopack/server-kit/open-database'
import { and, eq, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { operatorTable, setUpTable } from '../db/people-tables.ts'

/** Somebody can sign in, or could: anybody but the operator whom an unfinished set-up has made. */
const somebodyIsThere = sql`EXISTS (SELECT FROM control_plane.operator AS other WHERE NOT EXISTS
  (SELECT FROM control_plane.set_up AS begun WHERE begun.operator_id = other.operator_id))`

/** Whether the first operator is still to be made, or made but never signed in. */
export async function isSetUpNeeded(db: Queryable): Promise<boolean> {
  const found = await db.execute(sql`SELECT NOT ${somebodyIsThere} AS needed`)
  return (found.rows[0] as { needed: boolean }).needed
}

/**
 * Puts this token in force instead of any earlier one; false when there is nothing to set up. One statement, so that of
 * several starts at the same moment only the last one's token holds.
 */
export async function replaceSetUpToken(db: Queryable, sha256: Buffer, validMinutes: number, now: SQL): Promise<boolean> {
  const replaced = await db.execute(sql`
    INSERT INTO control_plane.set_up (id, sha256, expires_at)
    SELECT 1, ${sha256}::bytea, ${now} + make_interval(mins => ${validMinutes}::int) WHERE NOT ${somebodyIsThere}
    ON CONFLICT (id) DO UPDATE SET sha256 = excluded.sha256, expires_at = excluded.expires_at RETURNING id`)
  return replaced.rows.length === 1
}

export type SetUpRow = { sha256: Buffer; live: boolean; operatorId: string | null }

/** The token in force, locked until the transaction ends: two that come with the same link follow each other. */
export async function lockSetUp(tx: Transaction, now: SQL): Promise<SetUpRow | null> {
  const [row] = await tx
    .select({
      sha256: setUpTable.sha256,
      live: sql`${setUpTable.expires_at} > ${now}`.mapWith(Boolean),
      operatorId: setUpTable.operator_id,
    })
    .from(setUpTable)
    .where(eq(setUpTable.id, 1))
    .for('update')
  return row ?? null
}

export async function insertFirstOperator(tx: Transaction, operator: { operatorId: string; name: string }, now: SQL): Promise<void> {
  // An hour for a first passkey, which nobody else here could vouch for.
  const row = { operator_id: operator.operatorId, name: operator.name, role: 'admin' as const, may_enrol_until: sql`${now} + interval '1 hour'` }
  await tx.insert(operatorTable).values(row)
  await tx.update(setUpTable).set({ operator_id: operator.operatorId }).where(eq(setUpTable.id, 1))
}

/**
 * The first operator has signed in: no link can set this console up any more. A late report about anybody else must not
 * close it: the first operator, still without a password, would be locked out for good.
 */
export async function closeSetUp(tx: Transaction, operatorId: string): Promise<void> {
  await tx.delete(setUpTable).where(and(eq(setUpTable.id, 1), eq(setUpTable.operator_id, operatorId)))
}

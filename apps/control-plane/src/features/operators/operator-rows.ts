import type { Operator } from '@autopack/contract/operators'
import type { Role } from '@autopack/contract/roles'
import type { Queryable, Transaction } from '@autopack/server-kit/open-database'
import { and, asc, eq, inArray, isNull, or, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { passkeyTable } from '../../db/passkey-tables.ts'
import { executorKeyTable, executorTable, operatorInviteTable, operatorSeenTable, operatorTable } from '../../db/people-tables.ts'
import { isAwaited } from '../../shared/invite-rows.ts'

/** More people than one console has. */
const listLimit = 10_000

/** By name. */
export async function listOperatorRows(db: Queryable): Promise<Operator[]> {
  const { operator_id, name, role, enabled } = operatorTable
  return db.select({ operator_id, name, role, enabled }).from(operatorTable).orderBy(asc(name)).limit(listLimit)
}

/** What everybody may do at this moment. */
export async function listStandingRows(db: Queryable) {
  const { operator_id, role, enabled, sessions_since } = operatorTable
  const rows = await db.select({ operator_id, role, enabled, sessions_since }).from(operatorTable).orderBy(asc(operator_id)).limit(listLimit)
  return rows.map((row) => ({ ...row, sessions_since: row.sessions_since?.toISOString() ?? null }))
}

export type PersonRow = typeof operatorTable.$inferSelect

const isAdmin = and(eq(operatorTable.role, 'admin'), eq(operatorTable.enabled, true))

/**
 * These people and every enabled admin, as our own table has them at this moment: nobody changes them, and nobody stops being
 * an admin, until the transaction ends. Always in the same order, so that two who change people follow each other.
 */
export async function lockPeople(tx: Transaction, operatorIds: readonly string[]): Promise<PersonRow[]> {
  return tx
    .select()
    .from(operatorTable)
    .where(or(inArray(operatorTable.operator_id, [...operatorIds]), isAdmin))
    .orderBy(asc(operatorTable.operator_id))
    .limit(listLimit)
    .for('no key update')
}

/** One who gives a name after the other: names that read alike are compared here, not in the database. */
export async function lockNames(tx: Transaction): Promise<string[]> {
  await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended('control_plane.operator names', 0))`)
  const rows = await tx.select({ name: operatorTable.name }).from(operatorTable).limit(listLimit)
  return rows.map(({ name }) => name)
}

export async function insertInvited(tx: Transaction, person: { operatorId: string; name: string; role: Role; now: Date }): Promise<void> {
  const { operatorId: operator_id, name, role, now: created_at } = person
  await tx.insert(operatorTable).values({ operator_id, name, role, created_at, enabled: false, joined_at: null })
}

export async function updatePerson(tx: Transaction, operatorId: string, change: { role: Role } | { enabled: boolean }): Promise<PersonRow> {
  const [row] = await tx.update(operatorTable).set(change).where(eq(operatorTable.operator_id, operatorId)).returning()
  if (!row) throw new Error('a locked operator vanished')
  return row
}

const liveKeys = (now: SQL | Date) =>
  sql`(
  SELECT count(*)::int FROM ${executorKeyTable} AS live JOIN ${executorTable} AS owned USING (executor_id)
  WHERE owned.owner_operator_id = control_plane.operator.operator_id AND live.revoked_at IS NULL AND live.expires_at > ${now instanceof Date ? sql`${now.toISOString()}::timestamptz` : now}
)`.mapWith(Number)

/** Keys that still open something, of all executors of this person. */
export async function countLiveKeysOf(db: Queryable, operatorId: string, now: SQL): Promise<number> {
  const [row] = await db
    .select({ count: liveKeys(now) })
    .from(operatorTable)
    .where(eq(operatorTable.operator_id, operatorId))
    .limit(1)
  return row?.count ?? 0
}

export type ListedPerson = Awaited<ReturnType<typeof listPeople>>[number]

/** Everybody, by name. */
export async function listPeople(db: Queryable, now: SQL | Date) {
  const creator = db.select({ operator_id: operatorTable.operator_id, name: operatorTable.name }).from(operatorTable).as('creator')
  const executors = sql`(SELECT count(*)::int FROM ${executorTable} AS owned WHERE owned.owner_operator_id = ${operatorTable.operator_id})`
  const passkeys = sql`(SELECT count(*)::int FROM ${passkeyTable} AS held WHERE held.operator_id = ${operatorTable.operator_id} AND held.removed_at IS NULL)`
  return db
    .select({
      person: operatorTable,
      seen_at: operatorSeenTable.seen_at,
      invite: operatorInviteTable,
      invited_by: { operator_id: creator.operator_id, name: creator.name },
      executor_count: executors.mapWith(Number),
      passkey_count: passkeys.mapWith(Number),
      is_awaited: isAwaited,
      live_key_count: liveKeys(now),
    })
    .from(operatorTable)
    .leftJoin(operatorSeenTable, eq(operatorSeenTable.operator_id, operatorTable.operator_id))
    .leftJoin(operatorInviteTable, and(eq(operatorInviteTable.operator_id, operatorTable.operator_id), isNull(operatorInviteTable.ended_at)))
    .leftJoin(creator, eq(creator.operator_id, operatorInviteTable.created_by))
    .orderBy(asc(operatorTable.name))
    .limit(listLimit)
}

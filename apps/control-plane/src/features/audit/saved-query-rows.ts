import { savedQueriesPerOperator } from '@autopack/contract/limits'
import type { Queryable, Transaction } from '@autopack/server-kit/open-database'
import { and, asc, eq } from 'drizzle-orm'
import { savedAuditQueryTable } from '../../db/audit-tables.ts'
import { operatorTable } from '../../db/people-tables.ts'

export type SavedQueryRow = Pick<typeof savedAuditQueryTable.$inferSelect, 'name' | 'query' | 'saved_at'>

const { operator_id, name, query, saved_at } = savedAuditQueryTable

export async function listSavedQueryRows(db: Queryable, operatorId: string): Promise<SavedQueryRow[]> {
  return db
    .select({ name, query, saved_at })
    .from(savedAuditQueryTable)
    .where(eq(operator_id, operatorId))
    .orderBy(asc(name))
    .limit(savedQueriesPerOperator)
}

/** One saving of a person after the other: two at once would both count the same. */
export async function lockSaving(tx: Transaction, operatorId: string): Promise<void> {
  await tx.select({ id: operatorTable.operator_id }).from(operatorTable).where(eq(operatorTable.operator_id, operatorId)).for('update')
}

export async function putSavedQueryRow(tx: Transaction, row: typeof savedAuditQueryTable.$inferInsert): Promise<void> {
  const change = { query: row.query, saved_at: row.saved_at }
  await tx
    .insert(savedAuditQueryTable)
    .values(row)
    .onConflictDoUpdate({ target: [operator_id, name], set: change })
}

export async function deleteSavedQueryRow(db: Queryable, operatorId: string, itsName: string): Promise<void> {
  await db.delete(savedAuditQueryTable).where(and(eq(operator_id, operatorId), eq(name, itsName)))
}

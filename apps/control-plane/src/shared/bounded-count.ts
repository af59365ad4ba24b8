import { exactCountLimit } from '@autopack/contract/limits'
import type { Queryable } from '@autopack/server-kit/open-database'
import type { SQLWrapper } from 'drizzle-orm'
import { sql } from 'drizzle-orm'

/**
 * Counts the rows of a select, at most 10,000 of them. `subquery` is a select without limit and order, for example
 * `db.select({ one: sql`1` }).from(table).where(condition)`.
 */
export async function boundedCount(db: Queryable, subquery: SQLWrapper): Promise<{ count: number; exact: boolean }> {
  const counted = await db.execute(
    sql`SELECT count(*)::int AS counted FROM (SELECT 1 FROM (${subquery}) AS rows_to_count LIMIT ${exactCountLimit + 1}) AS bounded`,
  )
  const count = Number((counted.rows[0] as { counted: number }).counted)
  return count > exactCountLimit ? { count: exactCountLimit, exact: false } : { count, exact: true }
}

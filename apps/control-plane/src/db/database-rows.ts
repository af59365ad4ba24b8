import type { Database } from '@autopack/server-kit/open-database'
import type { SQL } from 'drizzle-orm'
import { sql } from 'drizzle-orm'

/** The clock that decides (safety.md, I-9). */
export const databaseClock: SQL = sql`clock_timestamp()`

/** Whether the connection has every right there is, so that no trigger or grant could hold it back. */
export async function isSuperuser(db: Database): Promise<boolean> {
  const found = await db.execute(sql`SELECT rolsuper FROM pg_roles WHERE rolname = current_user`)
  return (found.rows[0] as { rolsuper: boolean } | undefined)?.rolsuper ?? true
}

import type { Queryable } from '@autopack/server-kit/open-database'
import type { SQL } from 'drizzle-orm'
import { sql } from 'drizzle-orm'

/** The database's clock at this moment, with milliseconds. `now` is `deps.now`. */
export async function readClock(db: Queryable, now: SQL): Promise<Date> {
  const found = await db.execute(sql`SELECT floor(extract(epoch FROM ${now}) * 1000)::float8 AS milliseconds`)
  return new Date(Number((found.rows[0] as { milliseconds: number }).milliseconds))
}

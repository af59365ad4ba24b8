import type { Queryable } from '@autopack/server-kit/open-database'
import { sql } from 'drizzle-orm'

/** What is wrong with the role of this connection in production, or null. */
export async function findDangerousRole(db: Queryable): Promise<string | null> {
  const answer = await db.execute<{ rolsuper: boolean }>(sql`SELECT rolsuper FROM pg_roles WHERE rolname = current_user LIMIT 1`)
  return answer.rows[0]?.rolsuper === false ? null : 'must not be a superuser in production'
}

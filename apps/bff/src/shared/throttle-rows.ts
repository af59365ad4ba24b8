import type { Queryable } from '@autopack/server-kit/open-database'
import { lt } from 'drizzle-orm'
import { throttleTable } from '../db/bff-tables.ts'

/** The table would grow with every distinct name and address that was ever tried. */
export async function deleteExpiredThrottles(db: Queryable, now: Date): Promise<void> {
  await db.delete(throttleTable).where(lt(throttleTable.expire, new Date(now.getTime() - 3_600_000)))
}

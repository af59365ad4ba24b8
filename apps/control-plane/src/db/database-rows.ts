import type { SQL } from 'drizzle-orm'
import { sql } from 'drizzle-orm'

/** The clock that decides (safety.md, I-9). */
export const databaseClock: SQL = sql`clock_timestamp()`

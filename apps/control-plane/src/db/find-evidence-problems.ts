import type { Queryable } from '@autopack/server-kit/open-database'
import { sql } from 'drizzle-orm'
import { evidenceTables } from './application-rights.ts'
import { listRightsDrift } from './list-rights-drift.ts'

export type EvidenceProblems = {
  /** Each of these lets the role rewrite what must stay as it was written, or take away what keeps it. */
  dangers: string[]
  /** Rights that this version needs, and the role has not got. */
  missing: string[]
  /** What else there is and this version does not know: a newer version may have made it. */
  surplus: string[]
}

/** What the role of this connection could do to evidence, beside adding to it (safety.md, I-21). Nothing on PostgreSQL as it is deployed. */
export async function findEvidenceProblems(db: Queryable): Promise<EvidenceProblems> {
  const asked = await db.execute(sql`SELECT current_user::text AS role`)
  const drift = await listRightsDrift(db, (asked.rows[0] as { role: string }).role)
  const missing = drift.filter((line) => line.endsWith(': is missing'))
  const dangers = drift.filter((line) => !missing.includes(line) && isDangerous(line))
  return { dangers, missing, surplus: drift.filter((line) => !missing.includes(line) && !dangers.includes(line)) }
}

const evidence = new Set(evidenceTables)

/** What is not said and reaches evidence: one of its tables, or everything. */
function isDangerous(line: string): boolean {
  if (line.startsWith('the table ')) return false
  const table = /^(?:SELECT|INSERT|UPDATE|DELETE|TRUNCATE|REFERENCES|TRIGGER|USAGE|owning)(?: on)? ([a-z_0-9]+)(?:\.[a-z_0-9]+)?: is not said$/.exec(
    line,
  )?.[1]
  return table === undefined || table === 'session_replication_role' || evidence.has(table)
}

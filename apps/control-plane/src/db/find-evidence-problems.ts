import type { Queryable } from '@autopack/server-kit/open-database'
import { sql } from 'drizzle-orm'
import { evidenceTables, provedTables } from './application-rights.ts'
import { listRightsDrift } from './list-rights-drift.ts'

/** One line for each kind of right, with everything it is about. */
export type EvidenceProblems = {
  /** Each of these lets the role rewrite what must stay as it was written, or take away what keeps it. */
  dangers: string[]
  /** Rights that this version needs, and the role has not got. */
  missing: string[]
  /** Rights to write the audit log and what signs it, which somebody took away: what would be recorded is refused, and the brake works (I-22). */
  unwritable: string[]
  /** What else there is and this version does not know: a newer version may have made it. */
  surplus: string[]
}

/** What the role of this connection could do to evidence, beside adding to it (safety.md, I-21). Nothing on PostgreSQL as it is deployed. */
export async function findEvidenceProblems(db: Queryable): Promise<EvidenceProblems> {
  const asked = await db.execute(sql`SELECT current_user::text AS role`)
  const drift = await listRightsDrift(db, (asked.rows[0] as { role: string }).role)
  const allMissing = drift.filter((line) => line.endsWith(': is missing'))
  const unwritable = allMissing.filter(isWritingTheLog)
  const missing = allMissing.filter((line) => !unwritable.includes(line))
  const dangers = drift.filter((line) => !allMissing.includes(line) && isDangerous(line))
  const surplus = drift.filter((line) => !allMissing.includes(line) && !dangers.includes(line))
  return { dangers: toLines(dangers), missing: toLines(missing), unwritable: toLines(unwritable), surplus: toLines(surplus) }
}

const evidence = new Set([...evidenceTables, ...provedTables])
const onOneThing = /^((?:[A-Z]+ on|owning|the table)) ([a-z_0-9.]+): (is .+)$/

/**
 * What is not said and reaches evidence: one of its tables, or everything. A function that is listed has the rights of its owner, a trigger runs
 * such a function on a table of one's own, and whoever owns something changes what it does.
 */
function isDangerous(line: string): boolean {
  const [, right, thing] = onOneThing.exec(line) ?? []
  if (right === 'the table') return false
  if (right === 'EXECUTE on' || right === 'TRIGGER on' || right === 'owning') return true
  return thing === undefined || thing === 'session_replication_role' || evidence.has(thing.split('.')[0]!)
}

function isWritingTheLog(line: string): boolean {
  const [, right, thing] = onOneThing.exec(line) ?? []
  return (right === 'INSERT on' || right === 'UPDATE on') && /^(audit_event|audit_head|audit_checkpoint|checkpoint_[a-z_]+)(\.|$)/.test(thing!)
}

function toLines(drift: readonly string[]): string[] {
  const groups = Map.groupBy(drift, (line) => {
    const [, right, , verdict] = onOneThing.exec(line) ?? []
    return right === undefined ? line : `${right} … ${verdict}`
  })
  return [...groups].map(([, lines]) => {
    if (lines.length === 1) return lines[0]!
    const found = lines.map((line) => onOneThing.exec(line)!)
    const most = 12
    const things = found.map(([, , thing]) => thing!)
    const said = things.length > most ? `${things.slice(0, most).join(', ')} and ${things.length - most} more` : things.join(', ')
    return `${found[0]![1]} ${said}: ${found[0]![3]!.replace(/^is/, 'are')}`
  })
}

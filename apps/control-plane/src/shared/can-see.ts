import type { AnyColumn, SQL } from 'drizzle-orm'
import { sql } from 'drizzle-orm'
import { executorShareTable, executorTable } from '../db/people-tables.ts'
import type { OperatorPrincipal } from './principal.ts'

/**
 * The one predicate of who sees what: admins all; others what they own, what executors they own made, and what is
 * shared with them or with everyone. `columns` are those of the row that is asked about.
 */
export function canSee(
  principal: Pick<OperatorPrincipal, 'operatorId' | 'role'>,
  columns: { executorId: AnyColumn | SQL; ownerOperatorId: AnyColumn | SQL },
): SQL {
  if (principal.role === 'admin') return sql`true`
  const me = principal.operatorId
  return sql`(coalesce(${columns.ownerOperatorId} = ${me}, false) OR ${columns.executorId} IN (
    SELECT seen.executor_id FROM ${executorTable} AS seen WHERE seen.shared_with_everyone OR seen.owner_operator_id = ${me}
    UNION ALL SELECT share.executor_id FROM ${executorShareTable} AS share WHERE share.operator_id = ${me}))`
}

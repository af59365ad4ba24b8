import type { Role } from '@autopack/contract/roles'
import type { Queryable } from '@autopack/server-kit/open-database'
import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import { executorShareTable, executorTable, operatorTable } from '../db/people-tables.ts'
import { runTable } from '../db/run-tables.ts'
import type { ActionRow } from './action-rows.ts'

/** More people than one console has. */
const listLimit = 10_000

export type ApproverRow = { operator_id: string; name: string; role: Role }

const columns = { operator_id: operatorTable.operator_id, name: operatorTable.name, role: operatorTable.role }
const isEnabledApprover = and(eq(operatorTable.enabled, true), inArray(operatorTable.role, ['approver', 'admin']))

/** Everybody who may approve anything at this moment, by name. */
export async function listEnabledApprovers(db: Queryable): Promise<ApproverRow[]> {
  return db.select(columns).from(operatorTable).where(isEnabledApprover).orderBy(asc(operatorTable.name)).limit(listLimit)
}

/** Those of them who may see this action: what nobody sees, nobody approves. The same rule as `canSee`, asked from the other side. */
export async function listApproversOf(db: Queryable, action: Pick<ActionRow, 'executor_id' | 'run_id'>): Promise<ApproverRow[]> {
  const me = operatorTable.operator_id
  const sees = sql`(${operatorTable.role} = 'admin'
    OR EXISTS (SELECT FROM ${runTable} AS run WHERE run.run_id = ${action.run_id}::text AND run.owner_operator_id = ${me})
    OR EXISTS (SELECT FROM ${executorTable} AS seen WHERE seen.executor_id = ${action.executor_id}
      AND (seen.shared_with_everyone OR seen.owner_operator_id = ${me}))
    OR EXISTS (SELECT FROM ${executorShareTable} AS share WHERE share.executor_id = ${action.executor_id} AND share.operator_id = ${me}))`
  return db.select(columns).from(operatorTable).where(and(isEnabledApprover, sees)).orderBy(asc(operatorTable.name)).limit(listLimit)
}

import type { Operator } from '@autopack/contract/operators'
import type { Database } from '@autopack/server-kit/open-database'
import { asc } from 'drizzle-orm'
import { operatorTable } from '../../db/people-tables.ts'

/** More people than one console has. */
const listLimit = 10_000

/** By name. */
export async function listOperatorRows(db: Database): Promise<Operator[]> {
  const { operator_id, name, role, enabled } = operatorTable
  return db.select({ operator_id, name, role, enabled }).from(operatorTable).orderBy(asc(name)).limit(listLimit)
}

import type { Queryable } from '@autopack/server-kit/open-database'
import { listEnabledApprovers } from './approver-rows.ts'

/** The only enabled approver there is, where the deployment lets that one approve what they asked for themselves; null: nobody may. */
export async function findSoleOperator(db: Queryable, settings: { soleOperator: boolean }): Promise<string | null> {
  if (!settings.soleOperator) return null
  const [only, another] = await listEnabledApprovers(db)
  return only !== undefined && another === undefined ? only.operator_id : null
}

/** Whether this person is the one who may approve what they asked for themselves. */
export async function decidesAlone(db: Queryable, settings: { soleOperator: boolean }, principal: { operatorId: string }): Promise<boolean> {
  return (await findSoleOperator(db, settings)) === principal.operatorId
}

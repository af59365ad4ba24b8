import type { Role } from '@autopack/contract/roles'
import type { Transaction } from '@autopack/server-kit/open-database'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { lockOperators } from './executor-rows.ts'
import type { PersonRow } from './executor-rows.ts'

/** Who asks, with the role of this moment, not of when the request came in (I-10); and these others, held with them in one order. */
export async function lockAsking(
  tx: Transaction,
  principal: OperatorPrincipal,
  others: readonly string[] = [],
): Promise<{ operatorId: string; role: Role; people: PersonRow[] }> {
  const people = await lockOperators(tx, [principal.operatorId, ...others])
  const asking = people.find(({ operator_id }) => operator_id === principal.operatorId)
  if (!asking?.enabled) throw new ProblemError('operator_disabled', 'This operator is disabled. An admin can enable it again.')
  return { operatorId: asking.operator_id, role: asking.role, people }
}

import type { Role } from '@autopack/contract/roles'
import { hasRole } from '@autopack/contract/roles'
import type { Transaction } from '@autopack/server-kit/open-database'
import { ProblemError } from '@autopack/server-kit/problem-error'
import { lockOperator } from '../../ledger/action-rows.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'

/** The role this person has at this moment, until the transaction ends (I-10). Throws `operator_disabled` and `role_missing`. */
export async function requireRoleNow(tx: Transaction, principal: OperatorPrincipal, needed: Role): Promise<Role> {
  const operator = await lockOperator(tx, principal.operatorId)
  if (!operator?.enabled) throw new ProblemError('operator_disabled', 'This operator is disabled. An admin can enable it again.')
  if (!hasRole(operator.role, needed)) throw new ProblemError('role_missing', `This needs the role ${needed}; you are ${operator.role}.`)
  return operator.role
}

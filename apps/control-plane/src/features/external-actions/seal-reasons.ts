import { hasRole } from '@autopack/contract/roles'
import type { Role } from '@autopack/contract/roles'
import type { DecisionRow } from '../../ledger/action-rows.ts'

export type SealFacts = {
  /** Null: the executor, behind whose key anybody may stand. */
  reader: { operator_id: string; role: Role } | null
  action: { state: string; revision: number }
  /** How many approvals the revision in force takes. */
  slot_count: number
  decisions: readonly DecisionRow[]
}

/**
 * The decisions whose words somebody must not read yet: while more than one person has to approve, whoever could still decide finds the
 * approval of the first without its reason, so that the second opinion is one of its own. Whoever decided reads all.
 */
export function listSealed(facts: SealFacts): ReadonlySet<string> {
  const { reader, action, decisions } = facts
  if (action.state !== 'PENDING' || facts.slot_count < 2) return new Set()
  const current = decisions.filter(({ revision }) => revision === action.revision)
  const couldDecide = reader === null || (hasRole(reader.role, 'approver') && !current.some(({ operator_id }) => operator_id === reader.operator_id))
  if (!couldDecide) return new Set()
  return new Set(current.filter(({ kind }) => kind === 'approve').map(({ decision_id }) => decision_id))
}

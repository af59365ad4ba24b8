import { namedPeople } from '@autopack/contract/external-actions'
import type { ExternalAction } from '@autopack/contract/external-actions'
import { hasRole } from '@autopack/contract/roles'
import type { SlotRow } from '../../ledger/action-rows.ts'
import type { ApproverRow } from '../../ledger/approver-rows.ts'
import { isInitiator } from '../../shared/is-initiator.ts'

export type NeededFacts = {
  slots: readonly SlotRow[]
  /** Of the revision in force. */
  decisions: readonly { operator_id: string; kind: string }[]
  /** Enabled, and may see the action. */
  approvers: readonly ApproverRow[]
  started_by: string | null
  /** The only approver, whom the deployment lets approve their own; null: nobody. */
  sole_operator_id: string | null
}

/** Whose approval is still missing: one row for each group with an open place, and the people who may fill it at this moment. */
export function listStillNeeded(facts: NeededFacts): ExternalAction['still_needed'] {
  const open = facts.slots.filter((slot) => slot.decision_id === null)
  const said = new Set(facts.decisions.filter(({ kind }) => kind === 'approve').map(({ operator_id }) => operator_id))
  return [...new Set(open.map(({ group_no }) => group_no))].map((group) => {
    const places = open.filter(({ group_no }) => group_no === group)
    const role = places[0]!.role
    const people = facts.approvers.filter(
      (person) =>
        hasRole(person.role, role) &&
        !said.has(person.operator_id) &&
        (!isInitiator(person, facts.started_by) || person.operator_id === facts.sole_operator_id),
    )
    const named = people.slice(0, namedPeople).map(({ operator_id, name }) => ({ operator_id, name }))
    return { group, role, count: places.length, people: named, people_total: people.length }
  })
}

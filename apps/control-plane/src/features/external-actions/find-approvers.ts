import type { ApprovalRequirement } from '@autopack/approval-proof/descriptor'
import { hasRole } from '@autopack/contract/roles'
import type { StepUp } from '@autopack/contract/webauthn'
import type { Transaction } from '@autopack/server-kit/open-database'
import { isSignedAsNeeded, listDecisions, listSlots, listStandings } from '../../ledger/action-rows.ts'
import type { ActionRow, RevisionRow } from '../../ledger/action-rows.ts'

/**
 * Who approved: one for every slot that policy asks for now, all for exactly these bytes, each with the role of the slot at this moment, and signed
 * where `stepUp`, what an approval takes now, says so.
 * A sentence says what does not hold.
 */
export async function findApprovers(
  tx: Transaction,
  action: Pick<ActionRow, 'action_id' | 'revision'>,
  revision: Pick<RevisionRow, 'payload_sha256'>,
  required: ApprovalRequirement['all_of'],
  stepUp: StepUp,
): Promise<string[] | string> {
  const slots = await listSlots(tx, action.action_id, action.revision)
  const asked = required.flatMap(({ role, count }, group) => Array.from({ length: count }, () => `${group} ${role}`))
  if (slots.map(({ group_no, role }) => `${group_no} ${role}`).join() !== asked.join()) {
    return 'Policy asks for other approvals than those it was approved with.'
  }
  const decisions = await listDecisions(tx, action.action_id)
  const filled = slots.map((slot) => ({ role: slot.role, decision: decisions.find(({ decision_id }) => decision_id === slot.decision_id) }))
  const people: string[] = []
  for (const { decision } of filled) {
    if (decision?.kind !== 'approve' || decision.revision !== action.revision || !decision.payload_sha256.equals(revision.payload_sha256)) {
      return 'An approval of it is missing, or is not about these bytes.'
    }
    people.push(decision.operator_id)
  }
  if (people.length === 0 || new Set(people).size < people.length) return 'It was not approved by as many people as it needs.'
  if (stepUp === 'passkey' && filled.some(({ decision }) => decision!.signed_act_id === null)) {
    return 'An approval of it has to be signed with a passkey now, and is not.'
  }
  if (!(await isSignedAsNeeded(tx, action))) return 'A passkey that signed an approval of it was reset by an admin since.'
  const standings = await listStandings(tx, people)
  for (const { role, decision } of filled) {
    const person = standings.find(({ operator_id }) => operator_id === decision!.operator_id)
    if (!person?.enabled || !hasRole(person.role, role)) return `A person who approved it may not give the approval of an ${role} any more.`
  }
  return people
}

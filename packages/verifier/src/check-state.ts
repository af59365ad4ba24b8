import { toCanonicalEvent } from './canonical-event.ts'
import type { Check, ReceiptFault } from './receipt-check.ts'
import type { ActionState, Receipt } from './receipt.ts'

/** The events that lead to a state, without `external_action.` before each. */
const leadingTo: Readonly<Record<ActionState, readonly string[]>> = {
  APPROVED: ['approved', 'proposed', 'revised'],
  EXECUTING: ['claimed'],
  COMPLETED: ['finished', 'resolved'],
  FAILED: ['finished', 'resolved'],
  UNKNOWN: ['finished', 'lease_lost'],
  SIMULATED: ['finished'],
  REJECTED: ['rejected'],
  EXPIRED: ['expired'],
  CANCELLED: ['cancelled'],
  REVOKED: ['revoked', 'vetoed'],
}

/** States that an outcome, or what somebody found who looked, says. */
const endStates: readonly ActionState[] = ['COMPLETED', 'FAILED', 'UNKNOWN', 'SIMULATED']

/** Everything is about the action and the revision that the receipt names, and its state is the one that the log reached. */
export const checkState: Check<'about'> = (receipt, { about }) => {
  const { action, revision, decisions, executions } = receipt
  const records: Array<readonly [string, { action_id: string; revision: number }]> = [
    ['revision', revision],
    ...decisions.map((decision, place) => [`decisions[${place}]`, decision] as const),
    ...executions.map(({ claim }, place) => [`executions[${place}].claim`, claim] as const),
  ]
  for (const [where, record] of records) {
    if (record.action_id !== action.id) return { where: `${where}.action_id`, detail: `the receipt is about ${action.id}` }
    if (record.revision !== action.revision) return { where: `${where}.revision`, detail: `the receipt is about revision ${action.revision}` }
  }
  const later = about.find(({ read }) => typeof read['revision'] === 'number' && read['revision'] > action.revision)
  if (later !== undefined) return { where: later.where, detail: `entry ${later.seq} is about a later revision than ${action.revision}` }
  const last = about.findLast(({ read }) => read['result_status'] !== 'refused' && read['event_type'] !== 'external_action.observed')
  if (last === undefined) return { where: 'audit', detail: 'no event says what state the action is in' }
  const { event_type, result_status } = last.read
  if (result_status !== action.state) {
    return { where: 'action.state', detail: `entry ${last.seq} is the last that changed it, and says ${toCanonicalEvent(result_status ?? null)}` }
  }
  if (!leadingTo[action.state].some((name) => event_type === `external_action.${name}`)) {
    return { where: last.where, detail: `no event of the kind of entry ${last.seq} leads to ${action.state}` }
  }
  if (last.read['revision'] !== action.revision) return { where: last.where, detail: `entry ${last.seq} is about another revision` }
  return findOtherEnd(receipt) ?? {}
}

/** Where the outcome, or what somebody found who looked, says another state. */
function findOtherEnd({ action, executions }: Receipt): ReceiptFault | null {
  const { outcome, resolution } = executions[0] ?? { outcome: null, resolution: null }
  if (resolution !== null && outcome?.outcome !== 'unknown') {
    return { where: 'executions[0].resolution', detail: 'nobody looks up what is known' }
  }
  const end = (resolution ?? outcome)?.outcome ?? null
  if (end === null && endStates.includes(action.state)) return { where: 'executions', detail: `nothing says that it is ${action.state}` }
  if (end !== null && end.toUpperCase() !== action.state) {
    return {
      where: `executions[0].${resolution === null ? 'outcome' : 'resolution'}.outcome`,
      detail: `it says ${end}, and the state is ${action.state}`,
    }
  }
  return null
}

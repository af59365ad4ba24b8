import type { Check } from './receipt-check.ts'

/** Everything is about the action and the revision that the receipt names, and its state is the one that the log reached. */
export const checkState: Check<'entries'> = ({ action, revision, decisions, executions }, { entries }) => {
  const records: Array<readonly [string, { action_id: string; revision: number }]> = [
    ['revision', revision],
    ...decisions.map((decision, place) => [`decisions[${place}]`, decision] as const),
    ...executions.map(({ claim }, place) => [`executions[${place}].claim`, claim] as const),
  ]
  for (const [where, record] of records) {
    if (record.action_id !== action.id) return { where: `${where}.action_id`, detail: `the receipt is about ${action.id}` }
    if (record.revision !== action.revision) return { where: `${where}.revision`, detail: `the receipt is about revision ${action.revision}` }
  }
  const last = entries.findLast(({ read }) => {
    return read['event_type'] !== 'passkey.added' && read['event_type'] !== 'external_action.observed' && read['result_status'] !== 'refused'
  })
  if (last === undefined) return { where: 'audit', detail: 'no event says what state the action is in' }
  if (last.read['result_status'] !== action.state) {
    return { where: 'action.state', detail: `entry ${last.seq} is the last that changed it, and says ${String(last.read['result_status'])}` }
  }
  return {}
}

import { executeByMs } from './deadlines.ts'
import type { Check } from './receipt-check.ts'
import type { ActionState } from './receipt.ts'

const claimedStates: readonly ActionState[] = ['EXECUTING', 'COMPLETED', 'FAILED', 'UNKNOWN', 'SIMULATED']

/** What was claimed is what was approved, by whom it was proposed by, and at a time when it could be. */
export const checkExecution: Check<'approvals' | 'seqs'> = ({ action, revision, executions }, { approvals, seqs }) => {
  const execution = executions[0]
  if (execution === undefined) {
    return claimedStates.includes(action.state) ? { where: 'executions', detail: `nothing is ${action.state} that was not claimed` } : {}
  }
  if (!claimedStates.includes(action.state)) return { where: 'executions', detail: `what is ${action.state} was not claimed` }
  const { claim, outcome, observations, resolution } = execution
  const where = 'executions[0].claim'
  if (claim.payload_hash !== revision.payload_hash) return { where: `${where}.payload_hash`, detail: 'another payload was claimed' }
  if (claim.executor_id !== revision.requested_by.executor_id) return { where: `${where}.executor_id`, detail: 'another executor claimed it' }
  const reports = [outcome, ...observations, resolution].filter((report) => report !== null)
  const foreign = reports.find(({ execution_id }) => execution_id !== claim.execution_id)
  if (foreign !== undefined) return { where: 'executions[0]', detail: `its ${foreign.record} is about another execution` }
  const claimSeq = seqs.get(claim)!
  if (claimSeq < seqs.get(revision)!) return { where, detail: 'it stands in the log before what it claims' }
  const early = reports.find((report) => seqs.get(report)! < (report === resolution ? seqs.get(outcome!)! : claimSeq))
  if (early !== undefined) return { where: 'executions[0]', detail: `its ${early.record} stands in the log before what it is about` }
  const byPolicy = claim.authorized_by === 'policy'
  const authorizedAt = byPolicy
    ? revision.created_at
    : approvals.map(({ decided_at }) => decided_at).reduce((one, other) => (one > other ? one : other))
  const holdMs = byPolicy ? 0 : revision.hold_seconds * 1_000
  const claimedAt = Date.parse(claim.claimed_at)
  if (claimedAt < Date.parse(authorizedAt) + holdMs) return { where: `${where}.claimed_at`, detail: 'it was claimed before the hold was over' }
  if (claimedAt >= executeByMs(revision, authorizedAt)) return { where: `${where}.claimed_at`, detail: 'it was claimed after its time was over' }
  return {}
}

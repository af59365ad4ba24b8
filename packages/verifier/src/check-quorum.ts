import type { Approval, Check, Findings, ReceiptFault } from './receipt-check.ts'
import type { ActionState, Receipt, Role } from './receipt.ts'

/** Reached by nobody whom people or policy did not let through. */
const approvedStates: readonly ActionState[] = ['APPROVED', 'EXECUTING', 'COMPLETED', 'FAILED', 'UNKNOWN', 'SIMULATED', 'REVOKED']
/** Each may do what those before it may. */
const roles: readonly Role[] = ['viewer', 'approver', 'admin']

/** Everybody who had to approve did, and nobody twice. That nobody has to is for the policy to say. */
export const checkQuorum: Check<'approvals' | 'seqs'> = (receipt, found) => {
  const unentitled = findUnentitled(receipt)
  if (unentitled !== null) return unentitled
  const claim = receipt.executions[0]?.claim ?? null
  if (claim === null && !approvedStates.includes(receipt.action.state)) return {}
  const byPolicy = receipt.revision.quorum.length === 0
  if (claim !== null && (claim.authorized_by === 'policy') !== byPolicy) {
    return { where: 'executions[0].claim.authorized_by', detail: byPolicy ? 'nobody had to approve it' : 'people had to approve it' }
  }
  return findFault(receipt, found) ?? {}
}

function findFault({ revision, executions }: Receipt, { approvals, seqs }: Pick<Findings, 'approvals' | 'seqs'>): ReceiptFault | null {
  const revisionSeq = seqs.get(revision)!
  const claimSeq = executions.length === 0 ? null : seqs.get(executions[0]!.claim)!
  for (const [place, { group, slot, role }] of revision.quorum.entries()) {
    const filling = approvals.filter((approval) => approval.slot?.group === group && approval.slot.slot === slot)
    if (filling.length !== 1) {
      return { where: `revision.quorum[${place}]`, detail: `${filling.length} approvals fill the place ${slot} of group ${group}, and not one` }
    }
    const [{ operator_role, where }] = filling as [Approval]
    if (roles.indexOf(operator_role) < roles.indexOf(role)) return { where: `${where}.operator_role`, detail: `the place needs an ${role}` }
  }
  if (approvals.length !== revision.quorum.length) return { where: 'decisions', detail: 'there are approvals that fill no place' }
  for (const [place, approval] of approvals.entries()) {
    const { where } = approval
    if (approval.payload_hash !== revision.payload_hash) return { where: `${where}.payload_hash`, detail: 'another payload was approved' }
    if (approval.descriptor_sha256 !== (revision.descriptor?.sha256 ?? null)) {
      return { where: `${where}.descriptor_sha256`, detail: 'it was approved by another description' }
    }
    if (approvals.findIndex(({ operator_id }) => operator_id === approval.operator_id) < place) {
      return { where: `${where}.operator_id`, detail: 'the same person approved twice' }
    }
    if (startedIt(approval, revision.started_by) && !approval.sole_operator) {
      return { where, detail: 'they asked for it themselves, and are not the only approver' }
    }
    if (approval.decided_at < revision.created_at || approval.seq < revisionSeq)
      return { where, detail: 'it was given before there was anything to approve' }
    if (approval.decided_at >= revision.decide_by) return { where: `${where}.decided_at`, detail: 'it was given when the time to decide was over' }
    if (claimSeq !== null && approval.seq > claimSeq) return { where, detail: 'it was given after the claim' }
    if (revision.step_up === 'passkey' && approval.signature === null)
      return { where: `${where}.signature`, detail: 'it takes a passkey, and is not signed' }
  }
  return null
}

/** Whoever says no, or what came of it, is an approver at least. To take an approval back, anybody may. */
function findUnentitled({ decisions, executions }: Receipt): ReceiptFault | null {
  const detail = 'it takes an approver'
  const place = decisions.findIndex(({ record, kind, operator_role }) => record === 'decision' && kind !== 'approve' && operator_role === 'viewer')
  if (place !== -1) return { where: `decisions[${place}].operator_role`, detail }
  return executions[0]?.resolution?.operator_role === 'viewer' ? { where: 'executions[0].resolution.operator_role', detail } : null
}

/** By id or by name, compared as names are at sign-in. */
function startedIt({ operator_id, name }: Approval, startedBy: string | null): boolean {
  if (startedBy === null) return false
  return [operator_id, name].some((own) => fold(own) === fold(startedBy))
}

function fold(name: string): string {
  return name
    .replaceAll(/\p{Cf}/gu, '')
    .normalize('NFKC')
    .trim()
    .toLowerCase()
}

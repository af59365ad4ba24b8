import { hasRole } from '@autopack/contract/roles'
import type { Role } from '@autopack/contract/roles'
import type { ActionState } from '@autopack/contract/external-actions'

export type PastDecision = { operator_id: string; name: string; kind: 'approve' | 'reject'; decided_at: Date }

export type DecideFacts = {
  kind: 'approve' | 'reject'
  /** As the control plane's own table has them at this moment. */
  operator: { operator_id: string; name: string; role: Role; enabled: boolean }
  action: { state: ActionState; revision: number; decide_by: Date }
  /** By the database clock. */
  now: Date
  brake_engaged: boolean
  /** Who the executor says asked for the run; may only exclude. */
  started_by: string | null
  /** Of the current revision, oldest first. */
  decisions: readonly PastDecision[]
  /** Roles of the approval slots that nobody has filled yet. */
  open_slots: readonly Role[]
}

export type DecideRefusalCode = 'role_missing' | 'already_decided' | 'not_open' | 'expired' | 'brake_engaged' | 'self_approval'
export type MayDecide = { allowed: true } | { allowed: false; code: DecideRefusalCode; detail: string; by: PastDecision | null }

/**
 * Whether a person may decide about what stands now; the same rule answers the button and the decision. What the decision is bound to
 * (revision, hash, descriptor, display) is compared by find-binding-refusal.ts.
 */
export function canDecide(facts: DecideFacts): MayDecide {
  const { kind, operator, action, decisions } = facts
  const word = kind === 'approve' ? 'approve' : 'reject'
  if (!operator.enabled) return refuse('role_missing', 'You are disabled here. An enabled approver has to decide.')
  if (!hasRole(operator.role, 'approver')) return refuse('role_missing', `Viewers cannot ${word}. Ask an approver or an admin.`)

  if (action.state !== 'PENDING') {
    const by = decisions.at(-1) ?? null
    if (action.state === 'EXPIRED') return refuse('expired', 'The action expired; it has to be proposed again.')
    if (action.state === 'CANCELLED') return refuse('not_open', 'The executor withdrew the action.')
    if (by !== null) return refuse('already_decided', `${by.name} ${by.kind === 'approve' ? 'approved' : 'rejected'} this already.`, by)
    return refuse('not_open', 'The action is no longer open.')
  }
  if (facts.now >= action.decide_by) return refuse('expired', 'The time to decide is over; the action has to be proposed again.')
  const own = decisions.find((decision) => decision.operator_id === operator.operator_id)
  if (own !== undefined) return refuse('already_decided', 'You approved this already; somebody else has to be the second.', own)
  if (kind === 'reject') return { allowed: true }

  if (facts.brake_engaged) return refuse('brake_engaged', 'The brake is engaged: nothing can be approved until it is released. Rejecting works.')
  if (facts.started_by !== null && (facts.started_by === operator.operator_id || facts.started_by === operator.name)) {
    return refuse('self_approval', 'You asked for this run. Another approver has to approve; you may reject.')
  }
  if (!facts.open_slots.some((role) => hasRole(operator.role, role))) {
    return refuse('role_missing', 'The approval that is still missing needs an admin.')
  }
  return { allowed: true }
}

function refuse(code: DecideRefusalCode, detail: string, by: PastDecision | null = null): MayDecide {
  return { allowed: false, code, detail, by }
}

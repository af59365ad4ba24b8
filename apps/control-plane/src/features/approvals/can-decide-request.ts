import { hasRole } from '@autopack/contract/roles'
import type { Role } from '@autopack/contract/roles'
import type { RequestDecisionKind, RequestState } from '@autopack/contract/requests'
import { isInitiator } from '../../shared/is-initiator.ts'

/** Who decided before, as refusals speak of them; without a person: the policy. */
export type EarlierDecision = { kind: RequestDecisionKind; decided_at: Date; person: { operator_id: string; name: string } | null }

export type RequestDecideFacts = {
  kind: RequestDecisionKind
  /** As the control plane's own table has them at this moment. */
  operator: { operator_id: string; name: string; role: Role; enabled: boolean }
  request: { state: RequestState; decide_by: Date }
  /** By the database clock. */
  now: Date
  /** The brake that stops this executor or run, in words; null: none. */
  brake: string | null
  /** Who the executor says asked for the run; may only exclude. */
  started_by: string | null
  /** The deployment lets its only approver decide about what they asked for, and this person is that one at this moment. */
  sole_operator: boolean
  decision: EarlierDecision | null
}

export type RequestRefusalCode = 'role_missing' | 'already_decided' | 'expired' | 'brake_engaged' | 'self_approval'
/** `alone`: they asked for it themselves, and may all the same. */
export type MayDecideRequest = { allowed: true; alone: boolean } | { allowed: false; code: RequestRefusalCode; detail: string }

const words: Record<RequestDecisionKind, string> = { approve: 'approve', reject: 'reject', ask_change: 'ask for a change' }
const pastWords: Record<RequestDecisionKind, string> = { approve: 'approved', reject: 'rejected', ask_change: 'asked for a change of' }

/** Whether a person may decide about a request; the same rule answers the button and the decision. */
export function canDecideRequest(facts: RequestDecideFacts): MayDecideRequest {
  const { kind, operator, request, decision } = facts
  if (!operator.enabled) return refuse('role_missing', 'You are disabled here. An enabled approver has to decide.')
  if (!hasRole(operator.role, 'approver')) return refuse('role_missing', `Viewers cannot ${words[kind]}. Ask an approver or an admin.`)
  if (decision !== null) return refuse('already_decided', `${decision.person?.name ?? 'The policy'} ${pastWords[decision.kind]} this already.`)
  if (request.state !== 'PENDING' || facts.now >= request.decide_by) {
    return refuse('expired', 'The time to decide is over; its executor was told no, and may ask again.')
  }
  // The safe act is never made hard.
  if (kind !== 'approve') return { allowed: true, alone: false }
  if (facts.brake !== null) return refuse('brake_engaged', `${facts.brake} Rejecting works.`)
  const isOwn = isInitiator(operator, facts.started_by)
  if (isOwn && !facts.sole_operator) {
    return refuse('self_approval', 'You asked for this run. Another approver has to approve; you may reject.')
  }
  return { allowed: true, alone: isOwn }
}

function refuse(code: RequestRefusalCode, detail: string): MayDecideRequest {
  return { allowed: false, code, detail }
}

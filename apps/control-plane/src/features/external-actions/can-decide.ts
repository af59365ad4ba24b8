import { hasRole } from '@autopack/contract/roles'
import type { Role } from '@autopack/contract/roles'
import type { ActionState } from '@autopack/contract/external-actions'
import { isInitiator } from '../../shared/is-initiator.ts'
import { pastWords } from './past-decision.ts'
import type { PastDecision } from './past-decision.ts'

/** What is said of a revision that is pending; taking an approval back is another matter. */
export type DecideKind = 'approve' | 'reject' | 'ask_change'

export type DecideFacts = {
  kind: DecideKind
  /** As the control plane's own table has them at this moment. */
  operator: { operator_id: string; name: string; role: Role; enabled: boolean }
  action: { state: ActionState; revision: number; decide_by: Date }
  /** By the database clock. */
  now: Date
  /** The brake that stops this action, in words; null: none. */
  brake: string | null
  /** Who the executor says asked for the run; may only exclude. */
  started_by: string | null
  /** The deployment lets its only approver decide about what they asked for, and this person is that one at this moment. */
  sole_operator: boolean
  /** Of the current revision, oldest first. */
  decisions: readonly PastDecision[]
  /** Roles of the approval slots that nobody has filled yet. */
  open_slots: readonly Role[]
}

export type DecideRefusalCode = 'role_missing' | 'already_decided' | 'not_open' | 'expired' | 'brake_engaged' | 'change_requested' | 'self_approval'
/** `alone`: they asked for it themselves, and may all the same. */
export type MayDecide = { allowed: true; alone: boolean } | { allowed: false; code: DecideRefusalCode; detail: string; by: PastDecision | null }

/**
 * Whether a person may decide about what stands now; the same rule answers the button and the decision. What the decision is bound to
 * (revision, hash, descriptor, display) is compared by find-binding-refusal.ts.
 */
export function canDecide(facts: DecideFacts): MayDecide {
  const { kind, operator, action, decisions } = facts
  const word = { approve: 'approve', reject: 'reject', ask_change: 'ask for a change' }[kind]
  if (!operator.enabled) return refuse('role_missing', 'You are disabled here. An enabled approver has to decide.')
  if (!hasRole(operator.role, 'approver')) return refuse('role_missing', `Viewers cannot ${word}. Ask an approver or an admin.`)

  if (action.state !== 'PENDING') {
    const by = decisions.at(-1) ?? null
    if (action.state === 'EXPIRED') return refuse('expired', 'The action expired; it has to be proposed again.')
    if (action.state === 'CANCELLED') return refuse('not_open', 'The executor withdrew the action.')
    if (by !== null) return refuse('already_decided', `${by.name} ${pastWords[by.kind]} this already.`, by)
    return refuse('not_open', 'The action is no longer open.')
  }
  if (facts.now >= action.decide_by) return refuse('expired', 'The time to decide is over; the action has to be proposed again.')
  // Whoever approved may still say no while others are missing: the safe act is never made hard.
  if (kind === 'reject') return { allowed: true, alone: false }
  const asked = decisions.find((decision) => decision.kind === 'ask_change') ?? null
  if (asked !== null) return refuse('change_requested', `${asked.name} asked for a change. It waits for the executor; rejecting works.`, asked)
  if (kind === 'ask_change') return { allowed: true, alone: false }

  const own = decisions.find((decision) => decision.operator_id === operator.operator_id)
  if (own !== undefined) return refuse('already_decided', 'You approved this already; somebody else has to be the second.', own)
  if (facts.brake !== null) return refuse('brake_engaged', `${facts.brake} Rejecting works.`)
  const isOwn = isInitiator(operator, facts.started_by)
  if (isOwn && !facts.sole_operator) {
    return refuse('self_approval', 'You asked for this run. Another approver has to approve; you may reject.')
  }
  if (!facts.open_slots.some((role) => hasRole(operator.role, role))) {
    return refuse('role_missing', 'The approval that is still missing needs an admin.')
  }
  return { allowed: true, alone: isOwn }
}

function refuse(code: DecideRefusalCode, detail: string, by: PastDecision | null = null): MayDecide {
  return { allowed: false, code, detail, by }
}

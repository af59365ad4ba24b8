import type { ActionState } from '@autopack/contract/external-actions'
import { pastWords } from './past-decision.ts'
import type { PastDecision } from './past-decision.ts'

export type RevokeFacts = {
  kind: 'revoke' | 'veto'
  /** As the control plane's own table has them at this moment. Any role: taking back is never made hard. */
  operator: { enabled: boolean }
  action: { state: ActionState; not_before: Date | null }
  /** Of the authorization in force; null: there is none. */
  execute_by: Date | null
  /** By the database clock. */
  now: Date
  /** Of the current revision, oldest first. */
  decisions: readonly PastDecision[]
  /** When the current revision was claimed; null: it was not. */
  claimed_at: Date | null
}

export type RevokeRefusalCode = 'role_missing' | 'already_decided' | 'already_claimed' | 'not_approved' | 'not_open' | 'expired' | 'not_in_hold'
export type MayRevoke = { allowed: true } | { allowed: false; code: RevokeRefusalCode; detail: string; by: PastDecision | null }

/**
 * Whether a person may take the approval back that stands now; the same rule answers the button and the request. No switch, cap or brake
 * is asked: the safe act works always.
 */
export function canRevoke(facts: RevokeFacts): MayRevoke {
  const { kind, action, decisions } = facts
  if (!facts.operator.enabled) return refuse('role_missing', 'You are disabled here. Any enabled operator may revoke.')
  if (facts.claimed_at !== null) {
    const at = facts.claimed_at.toISOString()
    return refuse('already_claimed', `It was claimed at ${at}. What may have left already cannot be recalled; look at its execution.`)
  }
  if (action.state !== 'APPROVED') {
    const by = decisions.at(-1) ?? null
    if (action.state === 'EXPIRED') return refuse('expired', 'The action expired; nothing of it can run any more.')
    if (action.state === 'CANCELLED') return refuse('not_open', 'The executor withdrew the action.')
    if (action.state === 'PENDING') return refuse('not_approved', 'Nothing is approved that could be taken back. An approver may reject it.')
    if (by !== null) return refuse('already_decided', `${by.name} ${pastWords[by.kind]} this already.`, by)
    return refuse('not_open', 'The action is no longer open.')
  }
  if (facts.execute_by !== null && facts.now >= facts.execute_by) {
    return refuse('expired', 'The time to execute is over; nothing of it can run any more.')
  }
  if (kind === 'veto' && (action.not_before === null || facts.now >= action.not_before)) {
    return refuse('not_in_hold', 'No launch hold is running, so there is nothing to veto. Revoke the approval instead.')
  }
  return { allowed: true }
}

function refuse(code: RevokeRefusalCode, detail: string, by: PastDecision | null = null): MayRevoke {
  return { allowed: false, code, detail, by }
}

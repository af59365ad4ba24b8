import type { ExternalAction } from '@autopack/contract/external-actions'
import type { Freshness } from '../../shared/freshness.ts'
import { formatDuration } from '../../shared/format-duration.ts'
import type { Proposal } from './read-proposal.ts'
import type { ApprovalPhase } from './use-approval.ts'

/** Why nobody may approve at this moment, whatever is on screen. Null: nothing stands in the way. */
export type Obstacle = {
  kind: 'loading' | 'closed' | 'over' | 'role' | 'bytes' | 'stale' | 'busy' | 'sending' | 'prompt' | 'no_passkey'
  words: string
}

type Situation = {
  action: ExternalAction
  proposal: Proposal | null
  freshness: Freshness
  /** The newest attempt to read the action failed, so it may be other than shown. */
  readFailed: boolean
  nowMs: number
  /** An approval is on its way: how far; or another decision is sent. */
  phase: ApprovalPhase | null
  sending: boolean
  /** Another thing is being said: a rejection is open, or about to be. */
  rejecting: boolean | 'change_this'
  /** How many passkeys this person has; null: not known. */
  passkeys: number | null
  /** The bytes could not be read at the newest attempt. */
  payloadFailed: boolean
  /** The revision in force, while an older one is still on screen. */
  newerRevision: number | null
}

/** Ordered by what a person should hear first. The server has the last word; this only keeps the button from promising what it cannot do. */
export function findObstacle({
  action,
  proposal,
  freshness,
  readFailed,
  nowMs,
  phase,
  sending,
  rejecting,
  passkeys,
  ...rest
}: Situation): Obstacle | null {
  const { payloadFailed, newerRevision } = rest
  if (action.state !== 'PENDING') return { kind: 'closed', words: 'This is no longer open.' }
  if (newerRevision !== null) return { kind: 'closed', words: `Revision ${newerRevision} has replaced what you read.` }
  if (nowMs >= Date.parse(action.decide_by)) return { kind: 'over', words: 'The time to decide is over.' }
  const approve = action.allowed_actions.find((item) => item.action === 'approve')
  if (approve === undefined || !approve.allowed) return { kind: 'role', words: approve?.why ?? 'You may not approve this.' }
  if (proposal === null || proposal.revision !== action.revision) {
    return { kind: 'loading', words: payloadFailed ? 'Off: the payload could not be read. Rejecting works.' : 'The payload is not here yet.' }
  }
  if (proposal.differences.length > 0 || proposal.rendered === null) return { kind: 'bytes', words: 'The bytes are not what the server says.' }
  if (phase === 'prompt') return { kind: 'prompt', words: 'Waiting for your passkey.' }
  if (phase === 'asking') return { kind: 'sending', words: 'Asking for something to sign.' }
  if (phase === 'password') return { kind: 'sending', words: 'Waiting for your password.' }
  if (sending || phase === 'sending') return { kind: 'sending', words: 'Sending your decision.' }
  if (rejecting) return { kind: 'busy', words: rejecting === 'change_this' ? 'You are asking for a change.' : 'You are rejecting it.' }
  if (!freshness.fresh) return { kind: 'stale', words: toStaleWords(freshness) }
  if (readFailed) return { kind: 'stale', words: 'Not read again' }
  if (action.step_up === 'passkey' && passkeys === 0) return { kind: 'no_passkey', words: 'This takes a passkey, and you have none.' }
  return null
}

function toStaleWords({ state, ageMs }: Freshness): string {
  if (state === 'connecting') return 'Connecting'
  return `${state === 'offline' ? 'Offline' : 'Stale'} ${formatDuration(ageMs)}`
}

/** Saying no, or asking for a change, is held back by nothing but the right to do it and an action that is still open for it. */
export function findRejectObstacle(action: ExternalAction, act: 'reject' | 'ask_change' = 'reject'): string | null {
  if (action.state !== 'PENDING') return 'This is no longer open.'
  const may = action.allowed_actions.find((item) => item.action === act)
  return may === undefined || !may.allowed ? (may?.why ?? 'You may not do this.') : null
}

import type { WaitingItem } from '@autopack/contract/approvals'
import type { ExternalActionSummary } from '@autopack/contract/external-actions'

/** What every kind has that waits for a person: who asks, what, since when and until when, and what became of it. */
export function toSubject(item: WaitingItem) {
  return item.kind === 'external_action' ? item.action : item.request
}

/** The external actions of a queue; the other kinds leave nothing outside. */
export function listActions(items: readonly WaitingItem[]): ExternalActionSummary[] {
  return items.flatMap((item) => (item.kind === 'external_action' ? [item.action] : []))
}

/** The run an item belongs to; null: it names none, or one that this console does not have from its executor. */
export function findRunId(item: WaitingItem): string | null {
  if (item.kind === 'external_action') return item.action.run_id
  return item.request.run_name === null ? null : item.request.run_id
}

/** When it was over for people: decided, or expired or withdrawn before anybody did. */
export function toDecidedAt(item: WaitingItem): string {
  if (item.kind === 'external_action') return item.action.decided_at ?? item.action.state_since
  return item.request.decided_at ?? item.request.decide_by
}

/** Who decided it: a person, the policy, or nobody. */
export function toDecider(item: WaitingItem): string {
  const { decided_by: by, state } = toSubject(item)
  if (by !== null) return by.name
  if (state === 'PENDING' || state === 'EXPIRED' || state === 'CANCELLED') return 'nobody'
  const byPolicy =
    item.kind === 'external_action' ? item.action.tier !== 'C' : item.kind === 'governance_request' && item.request.authorized_by === 'policy'
  return byPolicy ? 'policy' : 'not known'
}

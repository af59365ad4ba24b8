import type { ExternalActionSummary } from '@autopack/contract/external-actions'

/** Who spoke last about the revision in force. Without a person it was granted by policy, or nobody spoke. */
export function WhoDecided({ action, ownId }: { action: ExternalActionSummary; ownId: string }) {
  const { decided_by: by, state, tier } = action
  if (by !== null) return <span title={by.name}>{by.operator_id === ownId ? 'you' : by.name}</span>
  if (state === 'PENDING' || state === 'EXPIRED' || state === 'CANCELLED') return <span className="muted">nobody{state === 'PENDING' && ' yet'}</span>
  return <span className="muted">{tier === 'C' ? 'not known' : 'policy'}</span>
}

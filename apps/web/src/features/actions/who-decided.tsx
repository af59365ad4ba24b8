import type { ExternalActionSummary } from '@autopack/contract/external-actions'

/** Who spoke last about the revision in force. Without a person it was granted by policy, or nobody spoke. */
export function WhoDecided({ action, ownId }: { action: ExternalActionSummary; ownId: string }) {
  const { decided_by: by, state, tier } = action
  if (by !== null) {
    const name = by.operator_id === ownId ? 'you' : by.name
    const signature = action.signed === null ? null : action.signed ? 'signed' : 'not signed'
    return (
      <span title={signature === null ? by.name : `${by.name}; the approval is ${signature}`}>
        {name}
        {signature !== null && <span className="faint">, {signature}</span>}
      </span>
    )
  }
  if (state === 'PENDING' || state === 'EXPIRED' || state === 'CANCELLED') return <span className="muted">nobody{state === 'PENDING' && ' yet'}</span>
  return <span className="muted">{tier === 'C' ? 'not known' : 'policy'}</span>
}

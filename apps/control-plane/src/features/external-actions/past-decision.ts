import type { DecisionKind } from '@autopack/contract/external-actions'
import type { ProblemError } from '@autopack/server-kit/problem-error'

/** A decision with the name of the person, as refusals speak of it. */
export type PastDecision = { operator_id: string; name: string; kind: DecisionKind; decided_at: Date }

export const pastWords: Record<DecisionKind, string> = {
  approve: 'approved',
  reject: 'rejected',
  ask_change: 'asked for a change of',
  revoke: 'revoked',
  veto: 'vetoed',
}

/** Who was first, for the answer to whoever came second; nothing when nobody was. */
export function toWhoDecided(by: PastDecision | null): ProblemError['extra'] {
  if (by === null) return {}
  return { decided_by: { operator_id: by.operator_id, name: by.name }, decided_at: by.decided_at.toISOString(), decision_kind: by.kind }
}

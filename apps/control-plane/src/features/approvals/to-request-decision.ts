import type { RequestDecision } from '@autopack/contract/requests'
import type { ProblemError } from '@autopack/server-kit/problem-error'
import type { EarlierDecision } from './can-decide-request.ts'
import type { RequestDecisionRow } from './request-rows.ts'

type NamedDecision = RequestDecisionRow & { name: string | null }

/** A person's decision; the policy's is told by `authorized_by`. */
export function toRequestDecisions(decision: NamedDecision | null): RequestDecision[] {
  if (decision === null || decision.operator_id === null) return []
  return [
    {
      decision_id: decision.decision_id,
      kind: decision.kind,
      reject_kind: decision.reject_kind,
      field: decision.field,
      reason: decision.reason,
      body_sha256: decision.body_sha256.toString('hex'),
      sole_operator: decision.sole_operator,
      decided_by: toPerson(decision)!,
      decided_at: decision.decided_at.toISOString(),
    },
  ]
}

export function toEarlierDecision(decision: NamedDecision | null): EarlierDecision | null {
  if (decision === null) return null
  return { kind: decision.kind, decided_at: decision.decided_at, person: toPerson(decision) }
}

/** Who was first, for the answer to whoever came second. */
export function toWhoDecidedRequest(decision: EarlierDecision | null): ProblemError['extra'] {
  if (decision === null) return {}
  const by = decision.person === null ? {} : { decided_by: decision.person }
  return { ...by, decided_at: decision.decided_at.toISOString(), decision_kind: decision.kind }
}

export function toPerson(decision: Pick<NamedDecision, 'operator_id' | 'name'>): { operator_id: string; name: string } | null {
  return decision.operator_id === null ? null : { operator_id: decision.operator_id, name: decision.name ?? '' }
}

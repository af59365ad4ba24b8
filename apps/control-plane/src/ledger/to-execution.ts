import type { ExternalAction, Observation } from '@autopack/contract/external-actions'
import type { ActionRow, DecisionRow, FoundExecution, ObservationRow, ResolutionRow, RevisionRow } from './action-rows.ts'

/** An execution with what came of it; the lease is the action's. */
export function toExecution(action: Pick<ActionRow, 'lease_until'>, found: FoundExecution | null): ExternalAction['execution'] {
  if (found === null) return null
  const { execution, outcome, observation, resolution } = found
  return {
    execution_id: execution.execution_id,
    revision: execution.revision,
    fence: execution.fence,
    claimed_at: execution.claimed_at.toISOString(),
    lease_until: (action.lease_until ?? execution.claimed_at).toISOString(),
    finished_at: outcome?.finished_at.toISOString() ?? null,
    outcome: outcome?.outcome ?? null,
    sent: outcome?.sent ?? null,
    sent_sha256: outcome?.sent_sha256?.toString('hex') ?? null,
    expected_sha256: execution.expected_sha256.toString('hex'),
    external_object_id: outcome?.external_object_id ?? null,
    external_url: outcome?.external_url ?? null,
    error_code: outcome?.error_code ?? null,
    error_summary: outcome?.error_summary ?? null,
    observed: observation === null ? null : toObservation(observation),
    resolution: resolution === null ? null : toResolution(resolution),
  }
}

function toObservation(row: ObservationRow): Observation {
  return { result: row.result, observed_at: row.observed_at.toISOString(), fields: row.fields, detail: row.detail }
}

function toResolution(row: ResolutionRow): NonNullable<NonNullable<ExternalAction['execution']>['resolution']> {
  return {
    outcome: row.outcome,
    looked_at: row.looked_at,
    reason: row.reason,
    external_object_id: row.external_object_id,
    resolved_by: { operator_id: row.operator_id, name: row.name },
    resolved_at: row.resolved_at.toISOString(),
  }
}

/** The request of a person who wants another revision, if the newest decision about this one is such. */
export function toChangeRequest(current: readonly DecisionRow[]): ExternalAction['change_request'] {
  const asked = current.findLast(({ kind }) => kind === 'ask_change')
  if (asked === undefined) return null
  const { field, reason, operator_id, name, decided_at } = asked
  return { field, reason, asked_by: { operator_id, name }, asked_at: decided_at.toISOString() }
}

/** `sealed`: ids of the decisions whose reason is not shown yet. */
export function toDecision(row: DecisionRow, sealed: ReadonlySet<string>): ExternalAction['decisions'][number] {
  return {
    decision_id: row.decision_id,
    kind: row.kind,
    reject_kind: row.reject_kind,
    field: row.field,
    reason: sealed.has(row.decision_id) ? null : row.reason,
    revision: row.revision,
    payload_hash: row.payload_sha256.toString('hex'),
    decided_by: { operator_id: row.operator_id, name: row.name },
    decided_at: row.decided_at.toISOString(),
    signed: row.signed_act_id !== null,
    strength: row.strength,
    sole_operator: row.sole_operator,
  }
}

export function toDescriptorReference(
  revision: Pick<RevisionRow, 'descriptor_id' | 'descriptor_version' | 'descriptor_sha256'>,
): ExternalAction['descriptor'] {
  if (revision.descriptor_id === null || revision.descriptor_version === null || revision.descriptor_sha256 === null) return null
  return { id: revision.descriptor_id, version: revision.descriptor_version, sha256: revision.descriptor_sha256.toString('hex') }
}

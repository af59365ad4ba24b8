/** Our rows as the records whose hashes the audit log has: made where they are written, and made again for a receipt. */
import type {
  ClaimRecord,
  DecisionRecord,
  ObservationRecord,
  OutcomeRecord,
  ResolutionRecord,
  RevisionRecord,
  RevocationRecord,
} from '@autopack/approval-proof/evidence-records'
import { reasonSha256, toRecord } from '@autopack/approval-proof/evidence-records'
import { toSignatureFacts } from '../shared/to-signature-facts.ts'
import type { SignedActRow } from '../shared/to-signature-facts.ts'
import type { AuthorizationRow, DecisionRow, ExecutionRow, ObservationRow, OutcomeRow, ResolutionRow, RevisionRow, SlotRow } from './action-rows.ts'
import { toDescriptorReference } from './to-execution.ts'

export function toRevisionRecord(
  row: RevisionRow,
  asked: { requested_by: { executor_id: string; name: string }; started_by: string | null; slots: readonly SlotRow[] },
): RevisionRecord {
  return toRecord('revision', {
    action_id: row.action_id,
    revision: row.revision,
    payload_hash: row.payload_sha256.toString('hex'),
    mode: row.mode,
    tier: row.tier,
    descriptor: toDescriptorReference(row),
    requested_by: { executor_id: asked.requested_by.executor_id, name: asked.requested_by.name },
    started_by: asked.started_by,
    decide_by: row.decide_by.toISOString(),
    execute_within_seconds: row.execute_within_seconds,
    hold_seconds: row.hold_seconds,
    step_up: row.step_up,
    quorum: asked.slots.map(({ group_no, slot, role }) => ({ group: group_no, slot, role })),
    created_at: row.created_at.toISOString(),
  })
}

/** Of an approval, a rejection or a request for change. `slot`: the place an approval filled. */
export function toDecisionRecord(
  row: Omit<DecisionRow, 'name'>,
  slot: Pick<SlotRow, 'group_no' | 'slot'> | null,
  signed: SignedActRow | null,
): DecisionRecord {
  return toRecord('decision', {
    decision_id: row.decision_id,
    action_id: row.action_id,
    revision: row.revision,
    payload_hash: row.payload_sha256.toString('hex'),
    kind: row.kind,
    reject_kind: row.reject_kind,
    field: row.field,
    reason_sha256: reasonSha256(row.decision_id, row.reason),
    operator_id: row.operator_id,
    operator_role: row.operator_role,
    strength: row.strength,
    sole_operator: row.sole_operator,
    descriptor_sha256: row.descriptor_sha256?.toString('hex') ?? null,
    display_sha256: row.display_sha256?.toString('hex') ?? null,
    decided_at: row.decided_at.toISOString(),
    slot: slot === null ? null : { group: slot.group_no, slot: slot.slot },
    signature: signed === null ? null : toSignatureFacts(signed),
  })
}

/** Of a revocation or a veto. */
export function toRevocationRecord(row: Omit<DecisionRow, 'name'>): RevocationRecord {
  return toRecord('revocation', {
    decision_id: row.decision_id,
    action_id: row.action_id,
    revision: row.revision,
    kind: row.kind,
    reason_sha256: reasonSha256(row.decision_id, row.reason),
    operator_id: row.operator_id,
    operator_role: row.operator_role,
    decided_at: row.decided_at.toISOString(),
  })
}

export function toClaimRecord(row: ExecutionRow, authorization: Pick<AuthorizationRow, 'kind'>): ClaimRecord {
  return toRecord('claim', {
    action_id: row.action_id,
    revision: row.revision,
    payload_hash: row.payload_sha256.toString('hex'),
    authorized_by: authorization.kind,
    execution_id: row.execution_id,
    fence: row.fence,
    executor_id: row.executor_id,
    key_id: row.key_id,
    claimed_at: row.claimed_at.toISOString(),
    expected_sha256: row.expected_sha256.toString('hex'),
  })
}

export function toOutcomeRecord(row: OutcomeRow): OutcomeRecord {
  return toRecord('outcome', {
    execution_id: row.execution_id,
    outcome: row.outcome,
    sent: row.sent,
    sent_sha256: row.sent_sha256?.toString('hex') ?? null,
    external_object_id: row.external_object_id,
    external_url: row.external_url,
    error_code: row.error_code,
    error_summary: row.error_summary,
    finished_at: row.finished_at.toISOString(),
    recorded_by: row.recorded_by,
  })
}

export function toObservationRecord(row: Omit<ObservationRow, 'fields'>): ObservationRecord {
  return toRecord('observation', {
    execution_id: row.execution_id,
    no: row.observation_no,
    result: row.result,
    observed: row.observed,
    detail: row.detail,
    observed_at: row.observed_at.toISOString(),
    recorded_by: row.recorded_by,
  })
}

export function toResolutionRecord(row: Omit<ResolutionRow, 'name'>): ResolutionRecord {
  return toRecord('resolution', {
    execution_id: row.execution_id,
    outcome: row.outcome,
    looked_at: row.looked_at,
    reason: row.reason,
    external_object_id: row.external_object_id,
    operator_id: row.operator_id,
    operator_role: row.operator_role,
    resolved_at: row.resolved_at.toISOString(),
  })
}

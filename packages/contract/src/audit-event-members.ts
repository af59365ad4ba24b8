/** What every kind of event of the audit log says: a file of its own, as no page needs it. */
import type { AuditEventType } from './audit-event-types.ts'

/** Members that an event has always as they stand in `audit.ts`: none of them is null, and no list of them is empty. */
const inEvery = ['event_type', 'at', 'auth_principal_type', 'auth_principal_id', 'principal_chain', 'result_status'] as const

const refusal = ['error_code', 'error_summary'] as const
const action = [
  ...['action_type', 'provider', 'operation', 'approval_ref', 'revision', 'requested_by', 'requested_at', 'payload_hash', 'payload_summary'],
  ...['external_target', 'risk_score', 'risk_level'],
] as const
const request = [
  ...['action_type', 'approval_ref', 'requested_by', 'requested_at', 'payload_hash', 'payload_summary', 'risk_score', 'risk_level'],
  ...['phase_id', 'descriptor_version'],
] as const
const brake = ['action_type', 'approval_ref', 'reason', 'payload_summary'] as const
const control = ['action_type', 'reason', 'payload_summary', 'requested_at', 'kill_switch_snapshot'] as const
/** What the console tells of by itself is taken as it is said: a message that is refused would be sent again for ever. */
const saidByConsole = [] as const
const thing = ['external_object_id', 'payload_summary'] as const

/** Beside those of every event. */
const auditEventMembers: Readonly<Record<AuditEventType, readonly string[]>> = {
  'approval_request.approved': [...request, 'approved_by', 'approved_at', 'reason'],
  'approval_request.change_asked': [...request, 'reason'],
  'approval_request.decision_refused': [...request, ...refusal],
  'approval_request.expired': [...request, 'completed_at', 'error_summary'],
  'approval_request.refused': ['action_type', 'requested_by', 'phase_id', 'payload_hash', 'payload_summary', ...refusal],
  'approval_request.rejected': [...request, 'reason'],
  'approval_request.requested': [...request],
  'artifact.downloaded': ['requested_by', 'run_id', 'payload_hash', ...thing],
  'audit.checkpoint_key_rotated': ['payload_summary'],
  'audit.restored': ['payload_summary', 'reason'],
  'clock.accepted': ['reason'],
  'control.brake_engaged': [...brake, 'requested_at'],
  'control.brake_release_refused': [...brake, 'kill_switch_snapshot', ...refusal],
  'control.brake_released': [...brake, 'completed_at', 'kill_switch_snapshot', 'proof'],
  'control.cap_set': [...control, 'completed_at'],
  'control.cap_set_refused': [...control, ...refusal],
  'control.switch_set': [...control, 'completed_at'],
  'control.switch_set_refused': [...control, ...refusal],
  'executor.change_refused': ['action_type', ...thing, ...refusal],
  'executor.shared': ['requested_by', ...thing],
  'executor.transferred': ['requested_by', 'reason', 'proof', ...thing],
  'executor_key.change_refused': ['action_type', 'payload_summary', ...refusal],
  'executor_key.created': [...thing],
  'executor_key.revoked': ['requested_by', ...thing],
  'executor_key.rotated': ['requested_by', 'proof', ...thing],
  'external_action.approved': [...action, 'approved_by', 'approved_at', 'kill_switch_snapshot', 'proof', 'record_sha256'],
  'external_action.cancel_refused': [...action, ...refusal],
  'external_action.cancelled': [...action, 'completed_at'],
  'external_action.change_asked': [...action, 'reason', 'kill_switch_snapshot', 'record_sha256'],
  'external_action.claim_refused': [...action, 'idempotency_key', 'kill_switch_snapshot', ...refusal],
  'external_action.claimed': [...action, 'idempotency_key', 'approved_at', 'executed_at', 'kill_switch_snapshot', 'record_sha256'],
  'external_action.decision_refused': [...action, 'kill_switch_snapshot', ...refusal],
  'external_action.expired': [...action, 'completed_at', 'error_summary'],
  'external_action.finish_refused': [...action, ...refusal],
  'external_action.finished': [...action, 'idempotency_key', 'approved_at', 'executed_at', 'completed_at', 'record_sha256'],
  'external_action.lease_lost': [...action, 'idempotency_key', 'executed_at', 'completed_at', 'record_sha256', ...refusal],
  'external_action.observation_refused': [...action, ...refusal],
  'external_action.observed': [...action, 'executed_at', 'record_sha256'],
  'external_action.proposal_refused': ['requested_by', 'idempotency_key', ...refusal],
  'external_action.proposed': [...action, 'idempotency_key', 'kill_switch_snapshot', 'record_sha256'],
  'external_action.rejected': [...action, 'reason', 'completed_at', 'kill_switch_snapshot', 'record_sha256'],
  'external_action.resolve_refused': [...action, ...refusal],
  'external_action.resolved': [...action, 'idempotency_key', 'executed_at', 'completed_at', 'reason', 'record_sha256'],
  'external_action.revised': [...action, 'kill_switch_snapshot', 'record_sha256'],
  'external_action.revision_refused': [...action, ...refusal],
  'external_action.revoke_refused': [...action, 'reason', 'kill_switch_snapshot', ...refusal],
  'external_action.revoked': [...action, 'reason', 'approved_at', 'completed_at', 'kill_switch_snapshot', 'record_sha256'],
  'external_action.vetoed': [...action, 'reason', 'approved_at', 'completed_at', 'kill_switch_snapshot', 'record_sha256'],
  'governance_request.approved': [...request, 'approved_by', 'approved_at', 'reason'],
  'governance_request.approved_by_policy': [...request, 'run_id', 'idempotency_key', 'approved_at', 'completed_at', 'reason'],
  'governance_request.change_asked': [...request, 'reason'],
  'governance_request.decision_refused': [...request, ...refusal],
  'governance_request.denied_by_policy': [...request, 'run_id', 'idempotency_key', 'completed_at', 'reason'],
  'governance_request.expired': [...request, 'completed_at', 'error_summary'],
  'governance_request.refused': ['action_type', 'requested_by', 'phase_id', 'payload_hash', 'idempotency_key', ...refusal],
  'governance_request.rejected': [...request, 'reason'],
  'governance_request.requested': [...request, 'run_id', 'idempotency_key'],
  'operator.change_refused': ['action_type', 'payload_summary', ...refusal],
  'operator.created': [...thing],
  'operator.disabled': [...thing],
  'operator.enabled': [...thing],
  'operator.invite_reissued': [...thing],
  'operator.invited': [...thing],
  'operator.joined': [...thing],
  'operator.role_set': [...thing],
  'passkey.add_refused': ['action_type', 'requested_at', ...thing, ...refusal],
  'passkey.added': ['action_type', 'requested_at', 'completed_at', 'record_sha256', ...thing],
  'passkey.remove_refused': ['action_type', 'requested_at', ...thing, ...refusal],
  'passkey.removed': ['action_type', 'requested_at', 'completed_at', ...thing],
  'passkey.renamed': ['action_type', ...thing],
  'passkey.reset': ['reason', ...thing],
  'passkey.reset_refused': ['action_type', 'requested_at', 'reason', ...thing, ...refusal],
  'passkey.sign_in_refused': ['action_type', 'external_object_id', ...refusal],
  'password.changed': saidByConsole,
  'password.reset': ['payload_summary'],
  'request.refused': ['error_code'],
  'session.ended': saidByConsole,
  'session.revoked': saidByConsole,
  'session.stepped_up': saidByConsole,
  'sign_in.refused': ['error_code'],
  'sign_in.succeeded': saidByConsole,
}

/** The members that an event of this type has always; whatever else is null in it does not apply to it, or was not known at its moment. */
export function listAlways(type: AuditEventType): readonly string[] {
  return [...inEvery, ...auditEventMembers[type]]
}

/** The members that an event lacks of those that its type has always. */
export function listMissing(event: { event_type: AuditEventType }): string[] {
  const members = event as unknown as Readonly<Record<string, unknown>>
  return listAlways(event.event_type).filter((name) => {
    const value = members[name]
    return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
  })
}

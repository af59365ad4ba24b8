/** Every kind of event that the audit log has, and what it means in one line. */

/** What belongs together for whoever looks for it: `did:` of the query language knows these names beside the types. */
export const auditEventGroups = {
  decision: 'what people decided: approved, rejected, asked for a change, took back',
  proposal: 'what executors asked for, changed or withdrew',
  execution: 'what was handed out, done, read back or looked up',
  refusal: 'whatever was refused',
  brake: 'the brake, engaged or released',
  control: 'the brake, caps, switches, the clock',
  'sign-in': 'signing in and out, sessions, passwords',
  key: 'keys of executors',
  executor: 'whose executor it is, and who sees its work',
  passkey: 'passkeys of people',
  people: 'people, their roles and invites',
  download: 'files that left the console',
  evidence: 'the audit log itself: its checkpoint keys, and restored databases',
} as const
export type AuditEventGroup = keyof typeof auditEventGroups

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

type AuditEventFacts = { means: string; groups: readonly AuditEventGroup[]; /** Beside those of every event. */ always: readonly string[] }

export const auditEventTypes = {
  'approval_request.approved': {
    means: 'a person said yes to a request of an executor',
    groups: ['decision'],
    always: [...request, 'approved_by', 'approved_at', 'reason'],
  },
  'approval_request.change_asked': { means: 'a person asked for a change of a request', groups: ['decision'], always: [...request, 'reason'] },
  'approval_request.decision_refused': { means: 'a decision about a request did not count', groups: ['refusal'], always: [...request, ...refusal] },
  'approval_request.expired': {
    means: 'nobody decided about a request in time',
    groups: ['proposal'],
    always: [...request, 'completed_at', 'error_summary'],
  },
  'approval_request.refused': {
    means: 'an executor’s request was not taken',
    groups: ['refusal'],
    always: ['action_type', 'requested_by', 'phase_id', 'payload_hash', 'payload_summary', ...refusal],
  },
  'approval_request.rejected': { means: 'a person said no to a request of an executor', groups: ['decision'], always: [...request, 'reason'] },
  'approval_request.requested': { means: 'an executor asked people for a yes', groups: ['proposal'], always: [...request] },
  'artifact.downloaded': {
    means: 'a file of a run was downloaded',
    groups: ['download'],
    always: ['requested_by', 'run_id', 'payload_hash', ...thing],
  },
  'audit.checkpoint_key_rotated': { means: 'another key signs the checkpoints of the audit log', groups: ['evidence'], always: ['payload_summary'] },
  'audit.restored': {
    means: 'whoever runs the deployment went on with a restored database, and gave up later checkpoints',
    groups: ['evidence'],
    always: ['payload_summary', 'reason'],
  },
  'clock.accepted': { means: 'whoever runs the deployment took the clock of the database as right', groups: ['control'], always: ['reason'] },
  'control.brake_engaged': { means: 'a person engaged the brake', groups: ['brake', 'control'], always: [...brake, 'requested_at'] },
  'control.brake_release_refused': {
    means: 'the brake was not released',
    groups: ['brake', 'control', 'refusal'],
    always: [...brake, 'kill_switch_snapshot', ...refusal],
  },
  'control.brake_released': {
    means: 'an admin released the brake',
    groups: ['brake', 'control'],
    always: [...brake, 'completed_at', 'kill_switch_snapshot', 'proof'],
  },
  'control.cap_set': { means: 'a cap of today was set', groups: ['control'], always: [...control, 'completed_at'] },
  'control.cap_set_refused': { means: 'a cap was not set', groups: ['control', 'refusal'], always: [...control, ...refusal] },
  'control.switch_set': { means: 'a switch was turned', groups: ['control'], always: [...control, 'completed_at'] },
  'control.switch_set_refused': { means: 'a switch was not turned', groups: ['control', 'refusal'], always: [...control, ...refusal] },
  'executor.change_refused': {
    means: 'an executor was not shared or handed over',
    groups: ['executor', 'refusal'],
    always: ['action_type', ...thing, ...refusal],
  },
  'executor.shared': { means: 'who sees an executor’s work was changed', groups: ['executor'], always: ['requested_by', ...thing] },
  'executor.transferred': {
    means: 'an executor was handed to another owner',
    groups: ['executor'],
    always: ['requested_by', 'reason', 'proof', ...thing],
  },
  'executor_key.change_refused': {
    means: 'a key was not made or rotated',
    groups: ['key', 'refusal'],
    always: ['action_type', 'payload_summary', ...refusal],
  },
  'executor_key.created': { means: 'a key for an executor was made', groups: ['key'], always: [...thing] },
  'executor_key.revoked': { means: 'a key was revoked', groups: ['key'], always: ['requested_by', ...thing] },
  'executor_key.rotated': { means: 'a key was replaced by a new one', groups: ['key'], always: ['requested_by', 'proof', ...thing] },
  'external_action.approved': {
    means: 'a person approved an external action',
    groups: ['decision'],
    always: [...action, 'approved_by', 'approved_at', 'kill_switch_snapshot', 'proof', 'record_sha256'],
  },
  'external_action.cancel_refused': { means: 'an action could not be withdrawn', groups: ['proposal', 'refusal'], always: [...action, ...refusal] },
  'external_action.cancelled': { means: 'its executor withdrew an action', groups: ['proposal'], always: [...action, 'completed_at'] },
  'external_action.change_asked': {
    means: 'a person asked for a change of an action',
    groups: ['decision'],
    always: [...action, 'reason', 'kill_switch_snapshot', 'record_sha256'],
  },
  'external_action.claim_refused': {
    means: 'an action was not handed out',
    groups: ['execution', 'refusal'],
    always: [...action, 'idempotency_key', 'kill_switch_snapshot', ...refusal],
  },
  'external_action.claimed': {
    means: 'an approved action was handed out to run',
    groups: ['execution'],
    always: [...action, 'idempotency_key', 'approved_at', 'executed_at', 'kill_switch_snapshot', 'record_sha256'],
  },
  'external_action.decision_refused': {
    means: 'a decision about an action did not count',
    groups: ['refusal'],
    always: [...action, 'kill_switch_snapshot', ...refusal],
  },
  'external_action.expired': {
    means: 'an action was not decided or not run in time',
    groups: ['proposal'],
    always: [...action, 'completed_at', 'error_summary'],
  },
  'external_action.finish_refused': {
    means: 'a report of an execution did not count',
    groups: ['execution', 'refusal'],
    always: [...action, ...refusal],
  },
  'external_action.finished': {
    means: 'an executor reported what came of an execution',
    groups: ['execution'],
    always: [...action, 'idempotency_key', 'approved_at', 'executed_at', 'completed_at', 'record_sha256'],
  },
  'external_action.lease_lost': {
    means: 'an execution was not heard of in time; what it did is not known',
    groups: ['execution'],
    always: [...action, 'idempotency_key', 'executed_at', 'completed_at', 'record_sha256', ...refusal],
  },
  'external_action.observation_refused': {
    means: 'what was read back did not count',
    groups: ['execution', 'refusal'],
    always: [...action, ...refusal],
  },
  'external_action.observed': {
    means: 'the effect was read back and compared',
    groups: ['execution'],
    always: [...action, 'executed_at', 'record_sha256'],
  },
  'external_action.proposal_refused': {
    means: 'a proposal was not taken',
    groups: ['proposal', 'refusal'],
    always: ['requested_by', 'idempotency_key', ...refusal],
  },
  'external_action.proposed': {
    means: 'an executor proposed an external action',
    groups: ['proposal'],
    always: [...action, 'idempotency_key', 'kill_switch_snapshot', 'record_sha256'],
  },
  'external_action.rejected': {
    means: 'a person rejected an external action',
    groups: ['decision'],
    always: [...action, 'reason', 'completed_at', 'kill_switch_snapshot', 'record_sha256'],
  },
  'external_action.resolve_refused': {
    means: 'saying how an unknown outcome ended did not count',
    groups: ['execution', 'refusal'],
    always: [...action, ...refusal],
  },
  'external_action.resolved': {
    means: 'a person looked, and said how an unknown outcome ended',
    groups: ['execution'],
    always: [...action, 'idempotency_key', 'executed_at', 'completed_at', 'reason', 'record_sha256'],
  },
  'external_action.revised': {
    means: 'its executor changed an action; decisions start over',
    groups: ['proposal'],
    always: [...action, 'kill_switch_snapshot', 'record_sha256'],
  },
  'external_action.revision_refused': {
    means: 'a change of an action was not taken',
    groups: ['proposal', 'refusal'],
    always: [...action, ...refusal],
  },
  'external_action.revoke_refused': {
    means: 'an approval could not be taken back',
    groups: ['refusal'],
    always: [...action, 'reason', 'kill_switch_snapshot', ...refusal],
  },
  'external_action.revoked': {
    means: 'a person took an approval back',
    groups: ['decision'],
    always: [...action, 'reason', 'approved_at', 'completed_at', 'kill_switch_snapshot', 'record_sha256'],
  },
  'external_action.vetoed': {
    means: 'a person stopped an approved action in its hold',
    groups: ['decision'],
    always: [...action, 'reason', 'approved_at', 'completed_at', 'kill_switch_snapshot', 'record_sha256'],
  },
  'governance_request.approved': {
    means: 'a person said yes to a change of files',
    groups: ['decision'],
    always: [...request, 'approved_by', 'approved_at', 'reason'],
  },
  'governance_request.approved_by_policy': {
    means: 'the policy allowed a change of files',
    groups: ['proposal'],
    always: [...request, 'run_id', 'idempotency_key', 'approved_at', 'completed_at', 'reason'],
  },
  'governance_request.change_asked': { means: 'a person asked for another change of files', groups: ['decision'], always: [...request, 'reason'] },
  'governance_request.decision_refused': {
    means: 'a decision about a change of files did not count',
    groups: ['refusal'],
    always: [...request, ...refusal],
  },
  'governance_request.denied_by_policy': {
    means: 'the policy refused a change of files',
    groups: ['proposal'],
    always: [...request, 'run_id', 'idempotency_key', 'completed_at', 'reason'],
  },
  'governance_request.expired': {
    means: 'nobody decided about a change of files in time',
    groups: ['proposal'],
    always: [...request, 'completed_at', 'error_summary'],
  },
  'governance_request.refused': {
    means: 'a request to change files was not taken',
    groups: ['refusal'],
    always: ['action_type', 'requested_by', 'phase_id', 'payload_hash', 'idempotency_key', ...refusal],
  },
  'governance_request.rejected': { means: 'a person said no to a change of files', groups: ['decision'], always: [...request, 'reason'] },
  'governance_request.requested': {
    means: 'an executor asked to change files',
    groups: ['proposal'],
    always: [...request, 'run_id', 'idempotency_key'],
  },
  'operator.change_refused': {
    means: 'a change of people was refused',
    groups: ['people', 'refusal'],
    always: ['action_type', 'payload_summary', ...refusal],
  },
  'operator.created': { means: 'a person was made: the first one, or one of the demonstration', groups: ['people'], always: [...thing] },
  'operator.disabled': { means: 'a person was disabled', groups: ['people'], always: [...thing] },
  'operator.enabled': { means: 'a person was enabled again', groups: ['people'], always: [...thing] },
  'operator.invite_reissued': { means: 'a person got a new invite', groups: ['people'], always: [...thing] },
  'operator.invited': { means: 'a person was invited', groups: ['people'], always: [...thing] },
  'operator.joined': { means: 'an invited person set a password', groups: ['people'], always: [...thing] },
  'operator.role_set': { means: 'a person got another role', groups: ['people'], always: [...thing] },
  'passkey.add_refused': {
    means: 'a passkey was not taken',
    groups: ['passkey', 'refusal'],
    always: ['action_type', 'requested_at', ...thing, ...refusal],
  },
  'passkey.added': {
    means: 'a person enrolled a passkey',
    groups: ['passkey'],
    always: ['action_type', 'requested_at', 'completed_at', 'record_sha256', ...thing],
  },
  'passkey.remove_refused': {
    means: 'a passkey was not removed',
    groups: ['passkey', 'refusal'],
    always: ['action_type', 'requested_at', ...thing, ...refusal],
  },
  'passkey.removed': { means: 'a person removed a passkey', groups: ['passkey'], always: ['action_type', 'requested_at', 'completed_at', ...thing] },
  'passkey.renamed': { means: 'a person named a passkey anew', groups: ['passkey'], always: ['action_type', ...thing] },
  'passkey.reset': {
    means: 'a person may enrol anew; what their passkeys signed before counts no more',
    groups: ['passkey'],
    always: ['reason', ...thing],
  },
  'passkey.reset_refused': {
    means: 'passkeys were not reset',
    groups: ['passkey', 'refusal'],
    always: ['action_type', 'requested_at', 'reason', ...thing, ...refusal],
  },
  'passkey.sign_in_refused': {
    means: 'a passkey did not sign anybody in',
    groups: ['passkey', 'sign-in', 'refusal'],
    always: ['action_type', 'external_object_id', ...refusal],
  },
  'password.changed': { means: 'a person changed their password', groups: ['sign-in'], always: saidByConsole },
  'password.reset': { means: 'whoever runs the server gave a person a new password', groups: ['sign-in'], always: ['payload_summary'] },
  'request.refused': { means: 'a call was refused at the door, or many were, counted', groups: ['refusal'], always: ['error_code'] },
  'session.ended': { means: 'a person signed out', groups: ['sign-in'], always: saidByConsole },
  'session.revoked': { means: 'a session was ended from elsewhere', groups: ['sign-in'], always: saidByConsole },
  'session.stepped_up': { means: 'a person showed again who they are', groups: ['sign-in'], always: saidByConsole },
  'sign_in.refused': { means: 'somebody was not signed in', groups: ['sign-in', 'refusal'], always: ['error_code'] },
  'sign_in.succeeded': { means: 'a person signed in', groups: ['sign-in'], always: saidByConsole },
} as const satisfies Readonly<Record<string, AuditEventFacts>>
export type AuditEventType = keyof typeof auditEventTypes

/** The members that an event of this type has always; whatever else is null in it does not apply to it, or was not known at its moment. */
export function listAlways(type: AuditEventType): readonly string[] {
  return [...inEvery, ...auditEventTypes[type].always]
}

/** The members that an event lacks of those that its type has always. */
export function listMissing(event: { event_type: AuditEventType }): string[] {
  const members = event as unknown as Readonly<Record<string, unknown>>
  return listAlways(event.event_type).filter((name) => {
    const value = members[name]
    return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
  })
}

export const auditEventTypeNames = Object.keys(auditEventTypes) as AuditEventType[]

/**
 * The types that a word of a person means: a group by its name, else all types that begin with it, with or without their noun
 * (`approve`: every `….approved`). `sign-in` and `sign_in` are the same here. None: it means nothing.
 */
export function findAuditEventTypes(word: string): AuditEventType[] {
  const text = word.toLowerCase()
  const group = text.replaceAll('_', '-')
  const start = text.replaceAll('-', '_')
  if (Object.hasOwn(auditEventGroups, group)) {
    return auditEventTypeNames.filter((name) => (auditEventTypes[name].groups as readonly string[]).includes(group))
  }
  if (start === '') return []
  return auditEventTypeNames.filter((name) => name.startsWith(start) || name.slice(name.indexOf('.') + 1).startsWith(start))
}

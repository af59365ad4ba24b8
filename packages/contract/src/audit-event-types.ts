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

type AuditEventFacts = { means: string; groups: readonly AuditEventGroup[] }

export const auditEventTypes = {
  'approval_request.approved': {
    means: 'a person said yes to a request of an executor',
    groups: ['decision'],
  },
  'approval_request.change_asked': { means: 'a person asked for a change of a request', groups: ['decision'] },
  'approval_request.decision_refused': { means: 'a decision about a request did not count', groups: ['refusal'] },
  'approval_request.expired': {
    means: 'nobody decided about a request in time',
    groups: ['proposal'],
  },
  'approval_request.refused': {
    means: 'an executor’s request was not taken',
    groups: ['refusal'],
  },
  'approval_request.rejected': { means: 'a person said no to a request of an executor', groups: ['decision'] },
  'approval_request.requested': { means: 'an executor asked people for a yes', groups: ['proposal'] },
  'artifact.downloaded': {
    means: 'a file of a run was downloaded',
    groups: ['download'],
  },
  'audit.checkpoint_key_rotated': { means: 'another key signs the checkpoints of the audit log', groups: ['evidence'] },
  'audit.restored': {
    means: 'whoever runs the deployment went on with a restored database, and gave up later checkpoints',
    groups: ['evidence'],
  },
  'clock.accepted': { means: 'whoever runs the deployment took the clock of the database as right', groups: ['control'] },
  'control.brake_engaged': { means: 'a person engaged the brake', groups: ['brake', 'control'] },
  'control.brake_release_refused': {
    means: 'the brake was not released',
    groups: ['brake', 'control', 'refusal'],
  },
  'control.brake_released': {
    means: 'an admin released the brake',
    groups: ['brake', 'control'],
  },
  'control.cap_set': { means: 'a cap of today was set', groups: ['control'] },
  'control.cap_set_refused': { means: 'a cap was not set', groups: ['control', 'refusal'] },
  'control.switch_set': { means: 'a switch was turned', groups: ['control'] },
  'control.switch_set_refused': { means: 'a switch was not turned', groups: ['control', 'refusal'] },
  'executor.change_refused': {
    means: 'an executor was not shared or handed over',
    groups: ['executor', 'refusal'],
  },
  'executor.shared': { means: 'who sees an executor’s work was changed', groups: ['executor'] },
  'executor.transferred': {
    means: 'an executor was handed to another owner',
    groups: ['executor'],
  },
  'executor_key.change_refused': {
    means: 'a key was not made or rotated',
    groups: ['key', 'refusal'],
  },
  'executor_key.created': { means: 'a key for an executor was made', groups: ['key'] },
  'executor_key.revoked': { means: 'a key was revoked', groups: ['key'] },
  'executor_key.rotated': { means: 'a key was replaced by a new one', groups: ['key'] },
  'external_action.approved': {
    means: 'a person approved an external action',
    groups: ['decision'],
  },
  'external_action.cancel_refused': { means: 'an action could not be withdrawn', groups: ['proposal', 'refusal'] },
  'external_action.cancelled': { means: 'its executor withdrew an action', groups: ['proposal'] },
  'external_action.change_asked': {
    means: 'a person asked for a change of an action',
    groups: ['decision'],
  },
  'external_action.claim_refused': {
    means: 'an action was not handed out',
    groups: ['execution', 'refusal'],
  },
  'external_action.claimed': {
    means: 'an approved action was handed out to run',
    groups: ['execution'],
  },
  'external_action.decision_refused': {
    means: 'a decision about an action did not count',
    groups: ['refusal'],
  },
  'external_action.expired': {
    means: 'an action was not decided or not run in time',
    groups: ['proposal'],
  },
  'external_action.finish_refused': {
    means: 'a report of an execution did not count',
    groups: ['execution', 'refusal'],
  },
  'external_action.finished': {
    means: 'an executor reported what came of an execution',
    groups: ['execution'],
  },
  'external_action.lease_lost': {
    means: 'an execution was not heard of in time; what it did is not known',
    groups: ['execution'],
  },
  'external_action.observation_refused': {
    means: 'what was read back did not count',
    groups: ['execution', 'refusal'],
  },
  'external_action.observed': {
    means: 'the effect was read back and compared',
    groups: ['execution'],
  },
  'external_action.proposal_refused': {
    means: 'a proposal was not taken',
    groups: ['proposal', 'refusal'],
  },
  'external_action.proposed': {
    means: 'an executor proposed an external action',
    groups: ['proposal'],
  },
  'external_action.rejected': {
    means: 'a person rejected an external action',
    groups: ['decision'],
  },
  'external_action.resolve_refused': {
    means: 'saying how an unknown outcome ended did not count',
    groups: ['execution', 'refusal'],
  },
  'external_action.resolved': {
    means: 'a person looked, and said how an unknown outcome ended',
    groups: ['execution'],
  },
  'external_action.revised': {
    means: 'its executor changed an action; decisions start over',
    groups: ['proposal'],
  },
  'external_action.revision_refused': {
    means: 'a change of an action was not taken',
    groups: ['proposal', 'refusal'],
  },
  'external_action.revoke_refused': {
    means: 'an approval could not be taken back',
    groups: ['refusal'],
  },
  'external_action.revoked': {
    means: 'a person took an approval back',
    groups: ['decision'],
  },
  'external_action.vetoed': {
    means: 'a person stopped an approved action in its hold',
    groups: ['decision'],
  },
  'governance_request.approved': {
    means: 'a person said yes to a change of files',
    groups: ['decision'],
  },
  'governance_request.approved_by_policy': {
    means: 'the policy allowed a change of files',
    groups: ['proposal'],
  },
  'governance_request.change_asked': { means: 'a person asked for another change of files', groups: ['decision'] },
  'governance_request.decision_refused': {
    means: 'a decision about a change of files did not count',
    groups: ['refusal'],
  },
  'governance_request.denied_by_policy': {
    means: 'the policy refused a change of files',
    groups: ['proposal'],
  },
  'governance_request.expired': {
    means: 'nobody decided about a change of files in time',
    groups: ['proposal'],
  },
  'governance_request.refused': {
    means: 'a request to change files was not taken',
    groups: ['refusal'],
  },
  'governance_request.rejected': { means: 'a person said no to a change of files', groups: ['decision'] },
  'governance_request.requested': {
    means: 'an executor asked to change files',
    groups: ['proposal'],
  },
  'operator.change_refused': {
    means: 'a change of people was refused',
    groups: ['people', 'refusal'],
  },
  'operator.created': { means: 'a person was made: the first one, or one of the demonstration', groups: ['people'] },
  'operator.disabled': { means: 'a person was disabled', groups: ['people'] },
  'operator.enabled': { means: 'a person was enabled again', groups: ['people'] },
  'operator.invite_reissued': { means: 'a person got a new invite', groups: ['people'] },
  'operator.invited': { means: 'a person was invited', groups: ['people'] },
  'operator.joined': { means: 'an invited person set a password', groups: ['people'] },
  'operator.role_set': { means: 'a person got another role', groups: ['people'] },
  'passkey.add_refused': {
    means: 'a passkey was not taken',
    groups: ['passkey', 'refusal'],
  },
  'passkey.added': {
    means: 'a person enrolled a passkey',
    groups: ['passkey'],
  },
  'passkey.remove_refused': {
    means: 'a passkey was not removed',
    groups: ['passkey', 'refusal'],
  },
  'passkey.removed': { means: 'a person removed a passkey', groups: ['passkey'] },
  'passkey.renamed': { means: 'a person named a passkey anew', groups: ['passkey'] },
  'passkey.reset': {
    means: 'a person may enrol anew; what their passkeys signed before counts no more',
    groups: ['passkey'],
  },
  'passkey.reset_refused': {
    means: 'passkeys were not reset',
    groups: ['passkey', 'refusal'],
  },
  'passkey.sign_in_refused': {
    means: 'a passkey did not sign anybody in',
    groups: ['passkey', 'sign-in', 'refusal'],
  },
  'password.changed': { means: 'a person changed their password', groups: ['sign-in'] },
  'password.reset': { means: 'whoever runs the server gave a person a new password', groups: ['sign-in'] },
  'request.refused': { means: 'a call was refused at the door, or many were, counted', groups: ['refusal'] },
  'session.ended': { means: 'a person signed out', groups: ['sign-in'] },
  'session.revoked': { means: 'a session was ended from elsewhere', groups: ['sign-in'] },
  'session.stepped_up': { means: 'a person showed again who they are', groups: ['sign-in'] },
  'sign_in.refused': { means: 'somebody was not signed in', groups: ['sign-in', 'refusal'] },
  'sign_in.succeeded': { means: 'a person signed in', groups: ['sign-in'] },
} as const satisfies Readonly<Record<string, AuditEventFacts>>
export type AuditEventType = keyof typeof auditEventTypes

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

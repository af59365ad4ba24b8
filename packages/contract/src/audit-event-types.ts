/** Every kind of event that the audit log has. */

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

/** Every type, with the groups that it is in; what each means is in `audit-event-meanings.ts`. */
export const auditEventTypes = {
  'approval_request.approved': ['decision'],
  'approval_request.change_asked': ['decision'],
  'approval_request.decision_refused': ['refusal'],
  'approval_request.expired': ['proposal'],
  'approval_request.refused': ['refusal'],
  'approval_request.rejected': ['decision'],
  'approval_request.requested': ['proposal'],
  'artifact.downloaded': ['download'],
  'audit.checkpoint_key_rotated': ['evidence'],
  'audit.restored': ['evidence'],
  'clock.accepted': ['control'],
  'control.brake_engaged': ['brake', 'control'],
  'control.brake_release_refused': ['brake', 'control', 'refusal'],
  'control.brake_released': ['brake', 'control'],
  'control.cap_set': ['control'],
  'control.cap_set_refused': ['control', 'refusal'],
  'control.switch_set': ['control'],
  'control.switch_set_refused': ['control', 'refusal'],
  'executor.change_refused': ['executor', 'refusal'],
  'executor.shared': ['executor'],
  'executor.transferred': ['executor'],
  'executor_key.change_refused': ['key', 'refusal'],
  'executor_key.created': ['key'],
  'executor_key.revoked': ['key'],
  'executor_key.rotated': ['key'],
  'external_action.approved': ['decision'],
  'external_action.cancel_refused': ['proposal', 'refusal'],
  'external_action.cancelled': ['proposal'],
  'external_action.change_asked': ['decision'],
  'external_action.claim_refused': ['execution', 'refusal'],
  'external_action.claimed': ['execution'],
  'external_action.decision_refused': ['refusal'],
  'external_action.expired': ['proposal'],
  'external_action.finish_refused': ['execution', 'refusal'],
  'external_action.finished': ['execution'],
  'external_action.lease_lost': ['execution'],
  'external_action.observation_refused': ['execution', 'refusal'],
  'external_action.observed': ['execution'],
  'external_action.proposal_refused': ['proposal', 'refusal'],
  'external_action.proposed': ['proposal'],
  'external_action.rejected': ['decision'],
  'external_action.resolve_refused': ['execution', 'refusal'],
  'external_action.resolved': ['execution'],
  'external_action.revised': ['proposal'],
  'external_action.revision_refused': ['proposal', 'refusal'],
  'external_action.revoke_refused': ['refusal'],
  'external_action.revoked': ['decision'],
  'external_action.vetoed': ['decision'],
  'governance_request.approved': ['decision'],
  'governance_request.approved_by_policy': ['proposal'],
  'governance_request.change_asked': ['decision'],
  'governance_request.decision_refused': ['refusal'],
  'governance_request.denied_by_policy': ['proposal'],
  'governance_request.expired': ['proposal'],
  'governance_request.refused': ['refusal'],
  'governance_request.rejected': ['decision'],
  'governance_request.requested': ['proposal'],
  'operator.change_refused': ['people', 'refusal'],
  'operator.created': ['people'],
  'operator.disabled': ['people'],
  'operator.enabled': ['people'],
  'operator.invite_reissued': ['people'],
  'operator.invited': ['people'],
  'operator.joined': ['people'],
  'operator.role_set': ['people'],
  'passkey.add_refused': ['passkey', 'refusal'],
  'passkey.added': ['passkey'],
  'passkey.remove_refused': ['passkey', 'refusal'],
  'passkey.removed': ['passkey'],
  'passkey.renamed': ['passkey'],
  'passkey.reset': ['passkey'],
  'passkey.reset_refused': ['passkey', 'refusal'],
  'passkey.sign_in_refused': ['passkey', 'sign-in', 'refusal'],
  'password.changed': ['sign-in'],
  'password.reset': ['sign-in'],
  'request.refused': ['refusal'],
  'session.ended': ['sign-in'],
  'session.revoked': ['sign-in'],
  'session.stepped_up': ['sign-in'],
  'sign_in.refused': ['sign-in', 'refusal'],
  'sign_in.succeeded': ['sign-in'],
} as const satisfies Readonly<Record<string, readonly AuditEventGroup[]>>
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
    return auditEventTypeNames.filter((name) => (auditEventTypes[name] as readonly string[]).includes(group))
  }
  if (start === '') return []
  return auditEventTypeNames.filter((name) => name.startsWith(start) || name.slice(name.indexOf('.') + 1).startsWith(start))
}

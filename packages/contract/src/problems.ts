/**
 * Every problem the servers can answer, by its code; what each is called is in problem-titles.ts. Errors cross the wire as RFC 9457 problems
 * (`application/problem+json`) with a stable `code`, a `request_id` and a `detail` a person can act on.
 */
import * as z from 'zod/mini'

export const problemCodes = [
  // shape
  'malformed_json',
  'invalid_request',
  'invalid_path',
  'unsupported_media_type',
  'body_too_large',
  'request_timeout',
  'target_too_long',
  'headers_too_large',
  'expectation_failed',
  'method_not_allowed',
  'not_found',
  'idempotency_key_required',
  'idempotency_key_reused',
  // who
  'not_signed_in',
  'wrong_credentials',
  'login_busy',
  'too_many_attempts',
  'rate_limited',
  'forged_request',
  'key_refused',
  'scope_missing',
  'assertion_refused',
  'operator_disabled',
  'role_missing',
  'weak_password',
  'setup_link_refused',
  'setup_begun',
  'enrolment_closed',
  'step_up_required',
  'challenge_refused',
  'signature_refused',
  'passkey_exists',
  'last_passkey',
  'too_many_passkeys',
  'too_many_saved_queries',
  'setup_closed',
  'invite_refused',
  'invite_used',
  'already_joined',
  'not_joined',
  'operator_not_enabled',
  'own_role',
  'last_admin',
  // the ledger
  'payload_not_canonical',
  'policy_mismatch',
  'stale_revision',
  'superseded',
  'console_outdated',
  'hash_mismatch',
  'already_decided',
  'still_pending',
  'not_checkpointed',
  'no_receipt',
  'expired',
  'self_approval',
  'not_approved',
  'in_hold',
  'already_claimed',
  'stale_fence',
  'not_executing',
  'not_open',
  'kill_switch_off',
  'dry_run_on',
  'cap_reached',
  'brake_engaged',
  'change_requested',
  'not_in_hold',
  'not_unknown',
  'clock_moved_back',
  'over_ceiling',
  'too_many_pending',
  'scope_widened',
  'key_not_live',
  'too_many_keys',
  // runs and artifacts
  'run_exists',
  'run_closed',
  'illegal_transition',
  'name_taken',
  'artifact_withheld',
  'range_not_satisfiable',
  // checkpoints
  'checkpoint_refused',
  // us
  'console_unreachable',
  'console_timeout',
  'control_plane_refused_console',
  'control_plane_unreachable',
  'upstream_invalid',
  'not_ready',
  'db_unavailable',
  'audit_unavailable',
  'internal_error',
] as const
export type ProblemCode = (typeof problemCodes)[number]

export const problemSchema = z.looseObject({
  /** `urn:autopack:problem:<code>` */
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.enum(problemCodes),
  detail: z.string(),
  request_id: z.string(),
  /** For `invalid_request`: where and why, at most 20. */
  issues: z.optional(z.array(z.strictObject({ where: z.string(), message: z.string() }))),
  /** For `already_decided`: who decided, when and what. */
  decided_by: z.optional(z.strictObject({ operator_id: z.string(), name: z.string() })),
  decided_at: z.optional(z.string()),
  decision_kind: z.optional(z.string()),
  /**
   * For `already_claimed`, to a person: what was handed out. For a repeated claim that control refuses: what the first one was handed
   * out and still holds, with the fence to report under.
   */
  execution_id: z.optional(z.string()),
  fence: z.optional(z.int()),
  /** For `step_up_required`: what would do. */
  needs: z.optional(z.enum(['passkey', 'password'])),
  /** For `signature_refused` and `policy_mismatch`: the members of the statement that are not as they are here. */
  differs: z.optional(z.array(z.string())),
  /** For `stale_revision` and `stale_fence`: what is in force now. */
  current_revision: z.optional(z.int()),
  /** For `payload_not_canonical`: which rule, where (JSON pointer; empty: the top), and how many UTF-16 units into the text, where it is the text that is wrong. */
  rule: z.optional(z.string()),
  at: z.optional(z.string()),
  offset: z.optional(z.int()),
})
export type Problem = z.infer<typeof problemSchema>

/**
 * Every problem the servers can answer: code → status → title. Errors cross the wire as RFC 9457 problems
 * (`application/problem+json`) with a stable `code`, a `request_id` and a `detail` a person can act on.
 */
import * as z from 'zod/mini'

export const problems = {
  // shape
  malformed_json: { status: 400, title: 'The body is not JSON' },
  invalid_request: { status: 400, title: 'The request does not fit the contract' },
  invalid_path: { status: 400, title: 'The path is not acceptable' },
  unsupported_media_type: { status: 415, title: 'The content type is not acceptable' },
  body_too_large: { status: 413, title: 'The body is too large' },
  request_timeout: { status: 408, title: 'The request did not arrive in time' },
  target_too_long: { status: 414, title: 'The address is too long' },
  headers_too_large: { status: 431, title: 'The headers are too large' },
  expectation_failed: { status: 417, title: 'The Expect header asks for something else than 100-continue' },
  method_not_allowed: { status: 405, title: 'This path has no such method' },
  not_found: { status: 404, title: 'Nothing is here, or you may not see it' },
  idempotency_key_required: { status: 400, title: 'An Idempotency-Key header is required' },
  idempotency_key_reused: { status: 409, title: 'This Idempotency-Key was used for a different request' },
  // who
  not_signed_in: { status: 401, title: 'Nobody is signed in' },
  wrong_credentials: { status: 401, title: 'Name or password is wrong' },
  login_busy: { status: 429, title: 'Too many people are signing in at this moment' },
  too_many_attempts: { status: 429, title: 'Too many failed attempts' },
  rate_limited: { status: 429, title: 'Too many requests' },
  forged_request: { status: 403, title: 'The request does not come from the console itself' },
  key_refused: { status: 403, title: 'The key is missing, wrong, expired or revoked' },
  scope_missing: { status: 403, title: 'The key does not carry the needed scope' },
  assertion_refused: { status: 403, title: 'The operator assertion does not hold' },
  operator_disabled: { status: 403, title: 'This operator is disabled' },
  role_missing: { status: 403, title: 'Your role does not allow this' },
  weak_password: { status: 400, title: 'The new password is not acceptable' },
  setup_link_refused: { status: 403, title: 'This set-up link is wrong or too old' },
  setup_begun: { status: 409, title: 'The set-up was begun under another name' },
  enrolment_closed: { status: 403, title: 'No first passkey can be made now' },
  step_up_required: { status: 403, title: 'This needs you to show again who you are' },
  challenge_refused: { status: 409, title: 'The challenge is unknown, used or too old' },
  signature_refused: { status: 403, title: 'The signature does not hold' },
  passkey_exists: { status: 409, title: 'This passkey is enrolled already' },
  last_passkey: { status: 409, title: 'The last passkey stays' },
  too_many_passkeys: { status: 409, title: 'Nobody has more passkeys than this' },
  setup_closed: { status: 409, title: 'This console is already set up' },
  invite_refused: { status: 403, title: 'This invite is wrong, too old or was taken back' },
  invite_used: { status: 409, title: 'This invite was accepted already' },
  already_joined: { status: 409, title: 'This person has come in already' },
  not_joined: { status: 409, title: 'This person has never come in' },
  operator_not_enabled: { status: 409, title: 'This person is not enabled' },
  own_role: { status: 403, title: 'Nobody changes their own role' },
  last_admin: { status: 409, title: 'The last admin stays' },
  // the ledger
  payload_not_canonical: { status: 400, title: 'The payload is not canonical' },
  policy_mismatch: { status: 409, title: 'The action is not what the policy says it is' },
  stale_revision: { status: 409, title: 'The action has changed since you read it' },
  superseded: { status: 409, title: 'A newer revision took the place of this one' },
  console_outdated: { status: 409, title: 'This page is of another version of the console' },
  hash_mismatch: { status: 409, title: 'The payload hash is not the hash of this revision' },
  already_decided: { status: 409, title: 'This was already decided' },
  expired: { status: 409, title: 'The time to do this is over' },
  self_approval: { status: 403, title: 'Nobody approves their own request' },
  not_approved: { status: 409, title: 'This action is not approved' },
  in_hold: { status: 409, title: 'The launch hold is still running' },
  already_claimed: { status: 409, title: 'This revision was already claimed' },
  stale_fence: { status: 409, title: 'Another fence is in force' },
  not_executing: { status: 409, title: 'This action is not executing' },
  not_open: { status: 409, title: 'This action is no longer open' },
  kill_switch_off: { status: 409, title: 'The kill switch for this kind of action is off' },
  dry_run_on: { status: 409, title: 'This deployment is in dry run' },
  cap_reached: { status: 409, title: 'A daily cap is reached' },
  brake_engaged: { status: 409, title: 'The brake is engaged' },
  change_requested: { status: 409, title: 'Somebody asked for a change first' },
  not_in_hold: { status: 409, title: 'No launch hold is running' },
  not_unknown: { status: 409, title: 'The outcome is not unknown' },
  clock_moved_back: { status: 409, title: 'The clock of the database was moved back' },
  over_ceiling: { status: 409, title: 'This is more than the environment allows' },
  too_many_pending: { status: 429, title: 'Too many proposals of this executor are waiting' },
  scope_widened: { status: 403, title: 'Only an admin gives a key more than it had' },
  key_not_live: { status: 409, title: 'This key is expired or revoked' },
  too_many_keys: { status: 409, title: 'This executor has as many live keys as it may have' },
  // runs and artifacts
  run_exists: { status: 409, title: 'A run with this id exists' },
  run_closed: { status: 409, title: 'This run has ended' },
  illegal_transition: { status: 409, title: 'This state cannot follow the present one' },
  name_taken: { status: 409, title: 'This name is taken' },
  artifact_withheld: { status: 403, title: 'The bytes of this file are kept back' },
  range_not_satisfiable: { status: 416, title: 'The file does not have this range' },
  // us
  console_unreachable: { status: 502, title: 'The console cannot be reached' },
  console_timeout: { status: 504, title: 'The console did not answer in time' },
  control_plane_refused_console: { status: 502, title: 'The control plane does not accept this console' },
  control_plane_unreachable: { status: 502, title: 'The control plane cannot be reached' },
  upstream_invalid: { status: 502, title: 'The control plane answered outside the contract' },
  not_ready: { status: 503, title: 'The service is not ready' },
  db_unavailable: { status: 503, title: 'The database cannot be reached' },
  audit_unavailable: { status: 503, title: 'The audit log cannot be written, so nothing may change' },
  internal_error: { status: 500, title: 'Something failed on our side' },
} as const

export type ProblemCode = keyof typeof problems
export const problemCodes = Object.keys(problems) as ProblemCode[]

export const problemSchema = z.looseObject({
  /** `urn:autopack:problem:<code>` */
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.enum(problemCodes as [ProblemCode, ...ProblemCode[]]),
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

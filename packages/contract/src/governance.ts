/**
 * What executors ask before they touch protected paths (`gov_<8 hex>`). Who may say yes follows from one policy (`config/governance.json`,
 * docs/GOVERNANCE.md): people, or for harmless paths the policy itself.
 */
import * as z from 'zod/mini'
import { allowedActionSchema, changeRequestSchema, riskLevels, stillNeededSchema } from './external-actions.ts'
import { decisionBodyLimitBytes, jsonTimeoutMs, noBodyLimitBytes, requestBodyLimitBytes } from './limits.ts'
import { phaseIdSchema, reportedText, runIdSchema, sha256Schema, timestampSchema } from './primitives.ts'
import { requestDecisionBodySchema, requestDecisionSchema } from './requests.ts'
import { governanceIdSchema, governanceRequestSummarySchema } from './request-summaries.ts'
import { defineRoute } from './route.ts'

const bareIdSchema = z.string().check(z.regex(/^[0-9a-f]{8}$/))

const count = z.int().check(z.gte(0))

/** `automatic`: the policy may say yes. `people`: people decide. `denied`: nobody can say what it names, or it leads out of the repository. */
export const pathVerdicts = ['automatic', 'people', 'denied'] as const
export type PathVerdict = (typeof pathVerdicts)[number]

export const judgedPathSchema = z.strictObject({
  /** As it was sent; untrusted text, with whatever cannot be seen in it. */
  path: z.string(),
  /** What it comes to from the root of the repository; null: nothing that could be said. */
  normal: z.nullable(z.string()),
  verdict: z.enum(pathVerdicts),
  why: z.string(),
})
export type JudgedPath = z.infer<typeof judgedPathSchema>

// ---------------------------------------------------------------- executor plane

export const governanceStatuses = ['pending', 'approved', 'denied'] as const

export const governanceStatusSchema = z.strictObject({
  request_id: bareIdSchema,
  run_id: z.string(),
  phase_id: z.string(),
  requested_paths: z.array(z.string()),
  justification: z.string(),
  risk_level: z.enum(riskLevels),
  auto_approved: z.boolean(),
  /** Null: pending. */
  approved: z.nullable(z.boolean()),
  /** The name of a person, or `policy`. */
  approved_by: z.nullable(z.string()),
  created_at: timestampSchema,
  /** In words; expired, and asked to be changed, are `denied`. */
  status: z.enum(governanceStatuses),
  responded_at: z.nullable(timestampSchema),
  decide_by: timestampSchema,
  reason: z.nullable(z.string()),
  response_method: z.nullable(z.enum(['dashboard', 'policy', 'timeout'])),
  change_request: z.nullable(changeRequestSchema),
  risk_score: z.int(),
  policy_version: z.int(),
  paths: z.array(judgedPathSchema),
  body_sha256: sha256Schema,
  approval_ref: z.strictObject({ kind: z.literal('governance_request'), id: governanceIdSchema }),
  console_path: z.string(),
})
export type GovernanceStatus = z.infer<typeof governanceStatusSchema>

const ownRequests = { plane: 'executor', scope: 'approvals:request', step_up: 'none' } as const

export const requestGovernance = defineRoute({
  id: 'requestGovernance',
  method: 'POST',
  path: '/governance/request',
  summary: 'Ask to change files at these paths',
  body: z.strictObject({
    run_id: runIdSchema,
    phase_id: phaseIdSchema,
    requested_paths: z.array(z.string().check(z.maxLength(1_000))).check(z.minLength(1), z.maxLength(200)),
    justification: reportedText(4_000).check(z.minLength(1)),
    /** How many lines would change; can only make it more than the policy decides alone. */
    changed_lines: z.optional(z.nullable(count)),
  }),
  answer: { status: 201, kind: 'json', schema: governanceStatusSchema },
  problems: ['not_found', 'run_closed', 'too_many_pending', 'idempotency_key_required', 'idempotency_key_reused'],
  retry: 'same_idempotency_key',
  policy: { ...ownRequests, rate_class: 'proposal', body_limit_bytes: requestBodyLimitBytes, timeout_ms: jsonTimeoutMs },
})

export const getGovernanceStatus = defineRoute({
  id: 'getGovernanceStatus',
  method: 'GET',
  path: '/governance/status/{governance_id}',
  summary: 'What became of one request of this executor',
  params: z.object({ governance_id: bareIdSchema }),
  answer: { status: 200, kind: 'json', schema: governanceStatusSchema },
  problems: ['not_found'],
  retry: 'safe',
  policy: { ...ownRequests, rate_class: 'read', body_limit_bytes: noBodyLimitBytes, timeout_ms: jsonTimeoutMs },
})

export const listPendingGovernance = defineRoute({
  id: 'listPendingGovernance',
  method: 'GET',
  path: '/governance/pending',
  summary: 'What this executor asked and nobody has answered, newest first',
  answer: {
    status: 200,
    kind: 'json',
    schema: z.strictObject({
      count,
      pending_requests: z.array(
        z.strictObject({
          request_id: bareIdSchema,
          run_id: z.string(),
          phase_id: z.string(),
          requested_paths: z.array(z.string()),
          justification: z.string(),
          risk_level: z.enum(riskLevels),
          auto_approved: z.boolean(),
          approved: z.null(),
          approved_by: z.null(),
          created_at: timestampSchema,
        }),
      ),
    }),
  },
  problems: [],
  retry: 'safe',
  policy: { ...ownRequests, rate_class: 'list', body_limit_bytes: noBodyLimitBytes, timeout_ms: jsonTimeoutMs },
})

// ---------------------------------------------------------------- operator plane

export const governanceRequestSchema = z.strictObject({
  ...governanceRequestSummarySchema.shape,
  justification: z.string(),
  paths: z.array(judgedPathSchema),
  changed_lines: z.nullable(count),
  /** Of the policy that judged it. */
  policy: z.strictObject({ version: z.int(), sha256: sha256Schema }),
  /** Why the policy decided, or left it to people. */
  policy_reason: z.string(),
  /** The body exactly as it came: its UTF-8 bytes have the SHA-256 `body_sha256`. Untrusted text. */
  body_text: z.string(),
  body_size_bytes: count,
  risk_contributions: z.array(z.strictObject({ label: z.string(), points: z.int() })),
  /** None or one: a request is decided once. */
  decisions: z.array(requestDecisionSchema),
  still_needed: stillNeededSchema,
  /** Of `approve`, `reject` and `ask_change`. */
  allowed_actions: z.array(allowedActionSchema),
  now: timestampSchema,
})
export type GovernanceRequest = z.infer<typeof governanceRequestSchema>

const governanceParams = z.object({ request_id: governanceIdSchema })

export const getGovernanceRequest = defineRoute({
  id: 'getGovernanceRequest',
  method: 'GET',
  path: '/operator/governance/{request_id}',
  summary: 'One request to change files, with its judged paths and its decision',
  params: governanceParams,
  answer: { status: 200, kind: 'json', schema: governanceRequestSchema },
  problems: ['not_found'],
  retry: 'safe',
  etag: true,
  policy: {
    plane: 'operator',
    role: 'viewer',
    step_up: 'none',
    rate_class: 'read',
    body_limit_bytes: noBodyLimitBytes,
    timeout_ms: jsonTimeoutMs,
  },
})

export const decideGovernanceRequest = defineRoute({
  id: 'decideGovernanceRequest',
  method: 'POST',
  path: '/operator/governance/{request_id}/decision',
  summary: 'Approve, reject or ask for a change of one request, bound to the hash of its body; once',
  params: governanceParams,
  body: requestDecisionBodySchema,
  answer: { status: 200, kind: 'json', schema: governanceRequestSchema },
  problems: ['not_found', 'role_missing', 'self_approval', 'already_decided', 'hash_mismatch', 'expired', 'brake_engaged', 'clock_moved_back'],
  retry: 'unsafe',
  policy: {
    plane: 'operator',
    role: 'approver',
    step_up: 'none',
    rate_class: 'decision',
    body_limit_bytes: decisionBodyLimitBytes,
    timeout_ms: jsonTimeoutMs,
  },
})

/**
 * What executors ask before they go on with something risky of their own (`apr_<number>`). The executor plane keeps Autopack's paths, ids,
 * status words and shapes, so that pollers that exist understand every answer; members they do not know are only added.
 */
import * as z from 'zod/mini'
import { decisionBodyLimitBytes, jsonTimeoutMs, noBodyLimitBytes, requestBodyLimitBytes } from './limits.ts'
import { queryInteger, reportedText, sha256Schema, timestampSchema } from './primitives.ts'
import { requestDecisionBodySchema, requestDecisionSchema } from './requests.ts'
import { allowedActionSchema, findingSchema, stillNeededSchema } from './external-actions.ts'
import { approvalIdSchema, approvalRequestSummarySchema } from './request-summaries.ts'
import { defineRoute } from './route.ts'

const count = z.int().check(z.gte(0))
const approvalNumber = z.int().check(z.gte(1))

// ---------------------------------------------------------------- executor plane

/** The words that pollers know. Expired, and asked to be changed, are `rejected`. */
export const approvalStatuses = ['pending', 'approved', 'rejected'] as const
/** `dashboard`: a person, in the console. `timeout`: nobody, in time. */
export const responseMethods = ['dashboard', 'timeout'] as const

const approvalReference = z.strictObject({ kind: z.literal('approval_request'), id: approvalIdSchema })
const ownRequests = { plane: 'executor', scope: 'approvals:request', step_up: 'none' } as const
const openMap = z.record(z.string(), z.unknown())

export const requestApproval = defineRoute({
  id: 'requestApproval',
  method: 'POST',
  path: '/approval/request',
  summary: 'Ask people whether to go on; the same question again is the same request',
  /** Unknown members are kept, shown to people and bound by their decision, and mean nothing here. */
  body: z.looseObject({
    run_id: reportedText(200).check(z.minLength(1)),
    phase_id: reportedText(200).check(z.minLength(1)),
    context: z._default(reportedText(200), 'unknown'),
    decision_info: z.optional(z.nullable(openMap)),
    deletion_info: z.optional(z.nullable(openMap)),
  }),
  answer: {
    status: 200,
    kind: 'json',
    schema: z.strictObject({
      status: z.enum(approvalStatuses),
      reason: z.string(),
      approval_id: approvalNumber,
      telegram_sent: z.literal(false),
      timeout_at: timestampSchema,
      /** Ours, added: what a person's decision is bound to, the SHA-256 of the bytes of this body. */
      body_sha256: sha256Schema,
      approval_ref: approvalReference,
      /** Where a person looks at it. */
      console_path: z.string(),
    }),
  },
  problems: ['too_many_pending', 'body_too_large'],
  retry: 'safe',
  policy: { ...ownRequests, rate_class: 'proposal', body_limit_bytes: requestBodyLimitBytes, timeout_ms: jsonTimeoutMs },
})

export const getApprovalStatus = defineRoute({
  id: 'getApprovalStatus',
  method: 'GET',
  path: '/approval/status/{approval_number}',
  summary: 'What became of one request of this executor',
  params: z.object({ approval_number: queryInteger(1, 999_999_999_999_999) }),
  answer: {
    status: 200,
    kind: 'json',
    schema: z.strictObject({
      approval_id: approvalNumber,
      run_id: z.string(),
      phase_id: z.string(),
      status: z.enum(approvalStatuses),
      requested_at: timestampSchema,
      responded_at: z.nullable(timestampSchema),
      timeout_at: timestampSchema,
      approval_reason: z.nullable(z.string()),
      /** Starts with what it means: rejected, asked to be changed, or timed out. */
      rejected_reason: z.nullable(z.string()),
      response_method: z.nullable(z.enum(responseMethods)),
      /** Ours, added. Not null: it was not turned down for good; ask again with this changed, which is a new request. */
      change_request: z.nullable(z.strictObject({ field: z.nullable(z.string()), reason: z.string() })),
      reject_kind: z.nullable(z.enum(['never', 'not_now'])),
      body_sha256: sha256Schema,
      approval_ref: approvalReference,
    }),
  },
  problems: ['not_found'],
  retry: 'safe',
  policy: { ...ownRequests, rate_class: 'read', body_limit_bytes: noBodyLimitBytes, timeout_ms: jsonTimeoutMs },
})

export const listPendingApprovals = defineRoute({
  id: 'listPendingApprovals',
  method: 'GET',
  path: '/approval/pending',
  summary: 'What this executor asked and nobody has answered, newest first',
  answer: {
    status: 200,
    kind: 'json',
    schema: z.strictObject({
      count,
      requests: z.array(
        z.strictObject({
          id: approvalNumber,
          run_id: z.string(),
          phase_id: z.string(),
          context: z.string(),
          requested_at: timestampSchema,
          timeout_at: timestampSchema,
          decision_info: z.nullable(openMap),
          deletion_info: z.nullable(openMap),
          telegram_sent: z.literal(false),
        }),
      ),
    }),
  },
  problems: [],
  retry: 'safe',
  policy: { ...ownRequests, rate_class: 'list', body_limit_bytes: noBodyLimitBytes, timeout_ms: jsonTimeoutMs },
})

// ---------------------------------------------------------------- operator plane

export const approvalRequestSchema = z.strictObject({
  ...approvalRequestSummarySchema.shape,
  /** The body exactly as it came: its UTF-8 bytes have the SHA-256 `body_sha256`. Untrusted text. */
  body_text: z.string(),
  body_size_bytes: count,
  risk_contributions: z.array(z.strictObject({ label: z.string(), points: z.int() })),
  findings: z.array(findingSchema),
  /** None or one: a request is decided once. */
  decisions: z.array(requestDecisionSchema),
  still_needed: stillNeededSchema,
  /** Of `approve`, `reject` and `ask_change`. */
  allowed_actions: z.array(allowedActionSchema),
  now: timestampSchema,
})
export type ApprovalRequest = z.infer<typeof approvalRequestSchema>

const approvalParams = z.object({ approval_id: approvalIdSchema })

export const getApprovalRequest = defineRoute({
  id: 'getApprovalRequest',
  method: 'GET',
  path: '/operator/approvals/{approval_id}',
  summary: 'One request of an executor, with its body and its decision',
  params: approvalParams,
  answer: { status: 200, kind: 'json', schema: approvalRequestSchema },
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

export const decideApprovalRequest = defineRoute({
  id: 'decideApprovalRequest',
  method: 'POST',
  path: '/operator/approvals/{approval_id}/decision',
  summary: 'Approve, reject or ask for a change of one request, bound to the hash of its body; once',
  params: approvalParams,
  body: requestDecisionBodySchema,
  answer: { status: 200, kind: 'json', schema: approvalRequestSchema },
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

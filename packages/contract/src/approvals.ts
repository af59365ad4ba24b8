/** The queue of everything that waits for a person. */
import * as z from 'zod/mini'
import { externalActionSummarySchema, riskLevels } from './external-actions.ts'
import { jsonTimeoutMs, noBodyLimitBytes } from './limits.ts'
import { actionIdSchema, cursorSchema, queryInteger, timestampSchema, totalSchema } from './primitives.ts'
import { approvalIdSchema, approvalRequestSummarySchema, governanceIdSchema, governanceRequestSummarySchema } from './request-summaries.ts'
import { defineRoute } from './route.ts'

export const approvalKinds = ['external_action', 'approval_request', 'governance_request'] as const
export type ApprovalKind = (typeof approvalKinds)[number]

/** `kind` is that of `approval_ref`; the prefix of its id (`act_`, `apr_`, `gov_`) says the same. */
export const waitingItemSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('external_action'),
    approval_ref: z.strictObject({ kind: z.literal('external_action'), id: actionIdSchema }),
    action: externalActionSummarySchema,
    actionable: z.boolean(),
  }),
  z.strictObject({
    kind: z.literal('approval_request'),
    approval_ref: z.strictObject({ kind: z.literal('approval_request'), id: approvalIdSchema }),
    request: approvalRequestSummarySchema,
    actionable: z.boolean(),
  }),
  z.strictObject({
    kind: z.literal('governance_request'),
    approval_ref: z.strictObject({ kind: z.literal('governance_request'), id: governanceIdSchema }),
    request: governanceRequestSummarySchema,
    actionable: z.boolean(),
  }),
])
export type WaitingItem = z.infer<typeof waitingItemSchema>

/** One queue of everything that waits for a person, of every kind; what was decided or expired stays listed under `decided`. */
export const listApprovals = defineRoute({
  id: 'listApprovals',
  method: 'GET',
  path: '/operator/approvals',
  summary: 'What waits for a person, the nearest deadline first',
  query: z.object({
    /** Missing: `actionable`, what the operator may decide now. */
    scope: z.optional(z.enum(['actionable', 'open', 'decided'])),
    kind: z.optional(z.enum(approvalKinds)),
    risk: z.optional(z.enum(riskLevels)),
    /** Only external actions have one. */
    provider: z.optional(z.string().check(z.regex(/^[a-z][a-z0-9_]{0,63}$/))),
    q: z.optional(z.string().check(z.maxLength(200))),
    cursor: z.optional(cursorSchema),
    limit: z.optional(queryInteger(1, 100)),
  }),
  answer: {
    status: 200,
    kind: 'json',
    schema: z.strictObject({
      items: z.array(waitingItemSchema),
      total: totalSchema,
      next_cursor: z.nullable(cursorSchema),
      now: timestampSchema,
    }),
  },
  problems: ['invalid_request'],
  retry: 'safe',
  etag: true,
  policy: { plane: 'operator', role: 'viewer', step_up: 'none', rate_class: 'list', body_limit_bytes: noBodyLimitBytes, timeout_ms: jsonTimeoutMs },
})

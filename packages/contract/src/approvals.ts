/** The queue of everything that waits for a person. */
import * as z from 'zod/mini'
import { externalActionSummarySchema } from './external-actions.ts'
import { jsonTimeoutMs, noBodyLimitBytes } from './limits.ts'
import { actionIdSchema, cursorSchema, queryInteger, timestampSchema, totalSchema } from './primitives.ts'
import { defineRoute } from './route.ts'

/** One queue of everything that waits for a person; other kinds join it later. */
export const listApprovals = defineRoute({
  id: 'listApprovals',
  method: 'GET',
  path: '/operator/approvals',
  summary: 'What waits for a person, the nearest deadline first',
  query: z.object({
    scope: z.optional(z.enum(['actionable', 'open', 'decided'])),
    q: z.optional(z.string().check(z.maxLength(200))),
    cursor: z.optional(cursorSchema),
    limit: z.optional(queryInteger(1, 100)),
  }),
  answer: {
    status: 200,
    kind: 'json',
    schema: z.strictObject({
      items: z.array(
        z.strictObject({
          approval_ref: z.strictObject({ kind: z.literal('external_action'), id: actionIdSchema }),
          action: externalActionSummarySchema,
          actionable: z.boolean(),
        }),
      ),
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

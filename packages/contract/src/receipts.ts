/** Receipts: one file with which a stranger checks what was approved, by whom, and what came of it (docs/evidence.md). */
import * as z from 'zod/mini'
import { jsonTimeoutMs, noBodyLimitBytes } from './limits.ts'
import { actionIdSchema } from './primitives.ts'
import { defineRoute } from './route.ts'

export const getActionReceipt = defineRoute({
  id: 'getActionReceipt',
  method: 'GET',
  path: '/operator/external-actions/{action_id}/receipt',
  summary: 'The receipt of an action, for whoever wants to verify it without this server',
  params: z.object({ action_id: actionIdSchema }),
  answer: { status: 200, kind: 'bytes', headers: ['content-type', 'content-length', 'content-disposition'] },
  problems: ['not_found', 'still_pending', 'not_checkpointed', 'no_receipt'],
  retry: 'safe',
  policy: {
    plane: 'operator',
    role: 'viewer',
    step_up: 'none',
    rate_class: 'artifact',
    body_limit_bytes: noBodyLimitBytes,
    timeout_ms: jsonTimeoutMs,
  },
})

/** Health for machines, status for people. */
import * as z from 'zod/mini'
import { auditLateSchema, auditStoppedSchema, checkpointSummarySchema } from './checkpoints.ts'
import { controlInForceSchema } from './control.ts'
import { jsonTimeoutMs, noBodyLimitBytes } from './limits.ts'
import { sha256Schema, timestampSchema } from './primitives.ts'
import { defineRoute } from './route.ts'

const publicRead = { plane: 'public', step_up: 'none', rate_class: 'none', body_limit_bytes: noBodyLimitBytes, timeout_ms: jsonTimeoutMs } as const

/** 200 when ready, otherwise the problem `not_ready`; no versions, no secrets. */
export const getHealth = defineRoute({
  id: 'getHealth',
  method: 'GET',
  path: '/health',
  summary: 'Ready to serve',
  answer: { status: 200, kind: 'json', schema: z.strictObject({ status: z.literal('ready') }) },
  problems: ['not_ready'],
  retry: 'safe',
  policy: publicRead,
})

export const getLiveness = defineRoute({
  id: 'getLiveness',
  method: 'GET',
  path: '/livez',
  summary: 'The event loop turns',
  answer: { status: 200, kind: 'json', schema: z.strictObject({ status: z.literal('alive') }) },
  problems: [],
  retry: 'safe',
  policy: publicRead,
})

export const systemStatusSchema = z.strictObject({
  /** What this deployment calls itself, for example `demo` or `prod-eu`. */
  environment: z.string(),
  demo: z.boolean(),
  database: z.enum(['embedded', 'postgresql']),
  control: controlInForceSchema,
  audit: z.strictObject({
    head_seq: z.int(),
    head_hash: sha256Schema,
    /** The newest checkpoint that the log holds against; null: there is none. */
    checkpoint: z.nullable(checkpointSummarySchema),
    /** Null: the log is written. */
    stopped: z.nullable(auditStoppedSchema),
    /** Null: what is written is signed, or no checkpoint writer is configured. */
    late: z.nullable(auditLateSchema),
  }),
  last_event_id: z.int(),
  now: timestampSchema,
})

/** What the control plane knows about the state of the system. */
export const getSystemStatus = defineRoute({
  id: 'getSystemStatus',
  method: 'GET',
  path: '/operator/status',
  summary: 'Switches, caps, audit head, database',
  answer: { status: 200, kind: 'json', schema: systemStatusSchema },
  problems: [],
  retry: 'safe',
  policy: { plane: 'operator', role: 'viewer', step_up: 'none', rate_class: 'read', body_limit_bytes: noBodyLimitBytes, timeout_ms: jsonTimeoutMs },
})

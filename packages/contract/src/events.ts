/** The live stream: what changed, not how; the client re-reads what it shows. */
import * as z from 'zod/mini'
import { noBodyLimitBytes } from './limits.ts'
import { timestampSchema } from './primitives.ts'
import { defineRoute } from './route.ts'

export const eventTypes = [
  'run.changed',
  'artifact.changed',
  'external_action.changed',
  'approval_request.changed',
  'governance_request.changed',
  'control.changed',
  'operator.changed',
  'executor.changed',
] as const

export const eventSchema = z.strictObject({
  /** Monotonic at commit: whoever has seen n has seen everything below n that they may see. */
  id: z.int().check(z.gte(1)),
  type: z.enum(eventTypes),
  resource: z.strictObject({
    kind: z.enum(['run', 'external_action', 'approval_request', 'governance_request', 'control', 'operator', 'executor']),
    id: z.string(),
  }),
  version: z.int().check(z.gte(0)),
  at: timestampSchema,
})
export type Event = z.infer<typeof eventSchema>

/**
 * Server-sent events (WHATWG HTML, "Server-sent events"): `id:` is the event id, `event:` is one of
 * `change` (data: an Event), `hello` (data: `{cursor, now}`), `resync` (the cursor is gone: re-read everything),
 * `heartbeat` (data: `{now}`, every `heartbeatMs`), `end` (data: `{reason}`; reconnect unless the reason is `signed_out`).
 */
export const helloSchema = z.strictObject({ cursor: z.int(), now: timestampSchema })
export const heartbeatSchema = z.strictObject({ now: timestampSchema })
export const endSchema = z.strictObject({ reason: z.enum(['age', 'operator_changed', 'signed_out', 'shutdown', 'slow_reader']) })

/** A page that heard nothing for ten seconds lets nobody approve, so two heartbeats in a row may be lost before it does. */
export const heartbeatMs = 4_000
export const streamAgeLimitMs = 15 * 60_000
export const replayLimit = 1_000

export const streamEvents = defineRoute({
  id: 'streamEvents',
  method: 'GET',
  path: '/operator/events',
  summary: 'Changes the operator may see, as they commit; resumes by Last-Event-ID',
  answer: { status: 200, kind: 'events' },
  problems: [],
  retry: 'safe',
  policy: { plane: 'operator', role: 'viewer', step_up: 'none', rate_class: 'stream', body_limit_bytes: noBodyLimitBytes, timeout_ms: 30_000 },
})

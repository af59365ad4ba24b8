/** Runs as people read them; what executors report of them is in runs.ts. */
import * as z from 'zod/mini'
import { jsonTimeoutMs, noBodyLimitBytes } from './limits.ts'
import { cursorSchema, executorNameSchema, personSchema, queryInteger, runIdSchema, timestampSchema, totalSchema } from './primitives.ts'
import { defineRoute } from './route.ts'
import { runStates, phaseStates, tierStates } from './runs.ts'

const count = z.int().check(z.gte(0))
const runParams = z.object({ run_id: runIdSchema })
const read = { step_up: 'none', body_limit_bytes: noBodyLimitBytes, timeout_ms: jsonTimeoutMs } as const

export const runSummarySchema = z.strictObject({
  run_id: runIdSchema,
  name: z.string(),
  state: z.enum(runStates),
  /** Not null: the executor has not been heard of since then, for longer than it should be. */
  silent_since: z.nullable(timestampSchema),
  executor: z.strictObject({ executor_id: z.string(), name: executorNameSchema }),
  owner: z.nullable(personSchema),
  /** Each phase's state in order of its index, at most 60; beyond that only the counts tell. */
  phase_states: z.array(z.enum(phaseStates)),
  phases_total: count,
  phases_done: count,
  phases_failed: count,
  current_phase_name: z.nullable(z.string()),
  /** External actions of this run that wait for a person. */
  actions_waiting: count,
  /** False: no model runs, tokens are not counted. */
  uses_model: z.boolean(),
  tokens_used: z.nullable(count),
  token_cap: z.nullable(count),
  cpu_ms: count,
  bytes_read: count,
  bytes_written: count,
  artifacts_count: count,
  created_at: timestampSchema,
  started_at: z.nullable(timestampSchema),
  completed_at: z.nullable(timestampSchema),
  heartbeat_at: z.nullable(timestampSchema),
  heartbeat_note: z.nullable(z.string()),
  failure_reason: z.nullable(z.string()),
  version: count,
})
export type RunSummary = z.infer<typeof runSummarySchema>

export const runPhaseSchema = z.strictObject({
  phase_id: z.string(),
  tier_id: z.string(),
  phase_index: count,
  name: z.string(),
  description: z.nullable(z.string()),
  state: z.enum(phaseStates),
  attempts: count,
  tokens_used: z.nullable(count),
  cpu_ms: count,
  /** Progress inside the phase, as the last heartbeat told it. */
  progress: z.nullable(z.strictObject({ done: count, of: count })),
  started_at: z.nullable(timestampSchema),
  completed_at: z.nullable(timestampSchema),
  failure_reason: z.nullable(z.string()),
})

export const runDetailSchema = z.strictObject({
  ...runSummarySchema.shape,
  tiers: z.array(
    z.strictObject({
      tier_id: z.string(),
      tier_index: count,
      name: z.string(),
      description: z.nullable(z.string()),
      state: z.enum(tierStates),
      phases: z.array(runPhaseSchema),
    }),
  ),
  /** The database's clock at the moment of the answer, so that elapsed time is honest on a skewed machine. */
  now: timestampSchema,
})
export type RunDetail = z.infer<typeof runDetailSchema>

export const runSorts = ['started', 'name', 'state'] as const

export const listRuns = defineRoute({
  id: 'listRuns',
  method: 'GET',
  path: '/operator/runs',
  summary: 'The runs the operator may see',
  query: z.object({
    state: z.optional(z.enum([...runStates, 'silent'])),
    q: z.optional(z.string().check(z.maxLength(200))),
    owner: z.optional(z.string().check(z.maxLength(100))),
    executor: z.optional(executorNameSchema),
    since: z.optional(timestampSchema),
    needs_human: z.optional(z.enum(['true', 'false'])),
    sort: z.optional(z.enum(runSorts)),
    cursor: z.optional(cursorSchema),
    limit: z.optional(queryInteger(1, 100)),
  }),
  answer: {
    status: 200,
    kind: 'json',
    schema: z.strictObject({
      items: z.array(runSummarySchema),
      total: totalSchema,
      next_cursor: z.nullable(cursorSchema),
      /** How many of all visible runs are in each state, for the facets; counting stops at 10,000. */
      by_state: z.record(z.enum([...runStates, 'silent']), totalSchema),
      now: timestampSchema,
    }),
  },
  problems: ['invalid_request'],
  retry: 'safe',
  etag: true,
  policy: { plane: 'operator', role: 'viewer', rate_class: 'list', ...read },
})

export const getRun = defineRoute({
  id: 'getRun',
  method: 'GET',
  path: '/operator/runs/{run_id}',
  summary: 'One run with its tiers and phases',
  params: runParams,
  answer: { status: 200, kind: 'json', schema: runDetailSchema },
  problems: ['not_found'],
  retry: 'safe',
  etag: true,
  policy: { plane: 'operator', role: 'viewer', rate_class: 'read', ...read },
})

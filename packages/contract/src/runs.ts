/** Runs, tiers and phases on the executor plane, with Autopack's names and shapes; how people read them is in operator-runs.ts. */
import * as z from 'zod/mini'
import { jsonTimeoutMs, noBodyLimitBytes, reportBodyLimitBytes } from './limits.ts'
import { phaseIdSchema, queryInteger, reportedText, runIdSchema, timestampSchema } from './primitives.ts'
import { defineRoute } from './route.ts'

/** Autopack's own run states (wire names kept for existing executors). */
export const autopackRunStates = [
  'QUEUED',
  'PLAN_BOOTSTRAP',
  'RUN_CREATED',
  'PHASE_QUEUEING',
  'PHASE_EXECUTION',
  'GATE',
  'CI_RUNNING',
  'SNAPSHOT_CREATED',
  'DONE_SUCCESS',
  'DONE_FAILED_BUDGET_EXHAUSTED',
  'DONE_FAILED_POLICY_VIOLATION',
  'DONE_FAILED_REQUIRES_HUMAN_REVIEW',
  'DONE_FAILED_ENVIRONMENT',
] as const
export const phaseStates = ['QUEUED', 'EXECUTING', 'GATE', 'CI_RUNNING', 'COMPLETE', 'FAILED', 'SKIPPED'] as const
export type PhaseState = (typeof phaseStates)[number]
export const tierStates = ['PENDING', 'IN_PROGRESS', 'COMPLETE', 'FAILED', 'SKIPPED'] as const
export type TierState = (typeof tierStates)[number]

/** What a person sees. `waiting`: an external action of this run waits for a person. */
export const runStates = ['queued', 'running', 'waiting', 'done', 'failed', 'stopped'] as const
export type RunState = (typeof runStates)[number]

const count = z.int().check(z.gte(0))
const runParams = z.object({ run_id: runIdSchema })
const phaseParams = z.object({ run_id: runIdSchema, phase_id: phaseIdSchema })

const read = { step_up: 'none', body_limit_bytes: noBodyLimitBytes, timeout_ms: jsonTimeoutMs } as const
const report = { step_up: 'none', body_limit_bytes: reportBodyLimitBytes, timeout_ms: jsonTimeoutMs } as const

// ---------------------------------------------------------------- executor plane

/** Unknown members are ignored here: existing executors send more than we read. */
export const startRunBodySchema = z.object({
  run: z.object({
    run_id: runIdSchema,
    /** Ours, added: what people call the run. Missing: the run id. */
    name: z.optional(reportedText(200)),
    safety_profile: z._default(reportedText(100), 'normal'),
    run_scope: z._default(reportedText(100), 'multi_tier'),
    token_cap: z.optional(z.nullable(z.int().check(z.gte(1)))),
    max_phases: z.optional(z.nullable(z.int().check(z.gte(1)))),
    max_duration_minutes: z.optional(z.nullable(z.int().check(z.gte(1)))),
    /** Ours, added: false says that no model runs, so tokens are not counted rather than zero. */
    uses_model: z._default(z.boolean(), true),
    /** Ours, added: the operator who asked for the run; may only exclude that person from approving. */
    started_by: z.optional(z.nullable(reportedText(100))),
  }),
  tiers: z._default(
    z
      .array(
        z.object({
          tier_id: phaseIdSchema,
          tier_index: count,
          name: reportedText(200),
          description: z.optional(z.nullable(reportedText(4_000))),
        }),
      )
      .check(z.maxLength(200)),
    [],
  ),
  phases: z._default(
    z
      .array(
        z.object({
          phase_id: phaseIdSchema,
          phase_index: count,
          tier_id: phaseIdSchema,
          name: reportedText(200),
          description: z.optional(z.nullable(reportedText(4_000))),
          task_category: z.optional(z.nullable(reportedText(100))),
          complexity: z.optional(z.nullable(reportedText(100))),
          builder_mode: z.optional(z.nullable(reportedText(100))),
        }),
      )
      .check(z.maxLength(2_000)),
    [],
  ),
})

export const autopackPhaseSchema = z.strictObject({
  id: z.int(),
  phase_id: z.string(),
  run_id: z.string(),
  tier_id: z.int(),
  name: z.string(),
  description: z.nullable(z.string()),
  state: z.enum(phaseStates),
  task_category: z.nullable(z.string()),
  complexity: z.nullable(z.string()),
  builder_mode: z.nullable(z.string()),
  phase_index: count,
  scope: z.null(),
  intention_refs: z.null(),
  tokens_used: z.nullable(count),
  builder_attempts: count,
  started_at: z.nullable(timestampSchema),
  completed_at: z.nullable(timestampSchema),
  last_failure_reason: z.nullable(z.string()),
})

export const autopackRunSchema = z.strictObject({
  id: runIdSchema,
  state: z.enum(autopackRunStates),
  safety_profile: z.string(),
  run_scope: z.string(),
  created_at: timestampSchema,
  started_at: z.nullable(timestampSchema),
  completed_at: z.nullable(timestampSchema),
  tokens_used: count,
  ci_runs_used: count,
  minor_issues_count: count,
  major_issues_count: count,
  promotion_eligible_to_main: z.string(),
  debt_status: z.nullable(z.string()),
  failure_reason: z.nullable(z.string()),
  tiers: z.array(
    z.strictObject({
      id: z.int(),
      tier_id: z.string(),
      name: z.string(),
      state: z.enum(tierStates),
      tier_index: count,
      cleanliness: z.string(),
      minor_issues_count: count,
      major_issues_count: count,
      phases: z.array(autopackPhaseSchema),
    }),
  ),
  phases: z.array(autopackPhaseSchema),
})

export const startRun = defineRoute({
  id: 'startRun',
  method: 'POST',
  path: '/runs/start',
  summary: 'Create a run with its tiers and phases',
  body: startRunBodySchema,
  answer: { status: 201, kind: 'json', schema: autopackRunSchema },
  problems: ['run_exists'],
  retry: 'unsafe',
  policy: { plane: 'executor', scope: 'runs:write', rate_class: 'run_start', ...report },
})

export const listExecutorRuns = defineRoute({
  id: 'listExecutorRuns',
  method: 'GET',
  path: '/runs',
  summary: 'The runs of this executor, newest first',
  query: z.object({ limit: z.optional(queryInteger(0, 1_000_000)), offset: z.optional(queryInteger(0, 1_000_000)) }),
  answer: {
    status: 200,
    kind: 'json',
    schema: z.strictObject({
      runs: z.array(
        z.strictObject({
          id: runIdSchema,
          state: z.enum(autopackRunStates),
          created_at: timestampSchema,
          tokens_used: count,
          token_cap: z.nullable(count),
          phases_total: count,
          phases_completed: count,
          current_phase_name: z.nullable(z.string()),
        }),
      ),
      total: count,
      limit: count,
      offset: count,
    }),
  },
  problems: [],
  retry: 'safe',
  policy: { plane: 'executor', scope: 'runs:read', rate_class: 'list', ...read },
})

export const getExecutorRun = defineRoute({
  id: 'getExecutorRun',
  method: 'GET',
  path: '/runs/{run_id}',
  summary: 'One run of this executor',
  params: runParams,
  answer: { status: 200, kind: 'json', schema: autopackRunSchema },
  problems: ['not_found'],
  retry: 'safe',
  policy: { plane: 'executor', scope: 'runs:read', rate_class: 'read', ...read },
})

export const getExecutorRunProgress = defineRoute({
  id: 'getExecutorRunProgress',
  method: 'GET',
  path: '/runs/{run_id}/progress',
  summary: 'Phase counters of one run of this executor',
  params: runParams,
  answer: {
    status: 200,
    kind: 'json',
    schema: z.strictObject({
      run_id: runIdSchema,
      state: z.enum(autopackRunStates),
      started_at: z.nullable(timestampSchema),
      completed_at: z.nullable(timestampSchema),
      elapsed_seconds: z.nullable(count),
      tokens_used: count,
      token_cap: z.nullable(count),
      phases_total: count,
      phases_completed: count,
      phases_in_progress: count,
      phases_pending: count,
      phases: z.array(
        z.strictObject({
          phase_id: z.string(),
          name: z.string(),
          state: z.enum(phaseStates),
          phase_index: count,
          tokens_used: count,
          builder_attempts: count,
        }),
      ),
    }),
  },
  problems: ['not_found'],
  retry: 'safe',
  policy: { plane: 'executor', scope: 'runs:read', rate_class: 'read', ...read },
})

export const updatePhaseStatus = defineRoute({
  id: 'updatePhaseStatus',
  method: 'POST',
  path: '/runs/{run_id}/phases/{phase_id}/update_status',
  summary: 'Report the state of a phase; the last terminal phase ends the run',
  params: phaseParams,
  body: z.object({
    state: z.enum(phaseStates),
    builder_attempts: z.optional(z.nullable(count)),
    tokens_used: z.optional(z.nullable(count)),
    /** Ours, added: why the phase failed, as the executor says it. */
    failure_reason: z.optional(z.nullable(reportedText(2_000))),
  }),
  answer: { status: 200, kind: 'json', schema: z.strictObject({ message: z.string(), phase: autopackPhaseSchema }) },
  problems: ['not_found', 'illegal_transition'],
  retry: 'safe',
  policy: { plane: 'executor', scope: 'runs:write', rate_class: 'report', ...report },
})

export const heartbeatRun = defineRoute({
  id: 'heartbeatRun',
  method: 'POST',
  path: '/runs/{run_id}/heartbeat',
  summary: 'Say that the executor of this run is alive',
  params: runParams,
  body: z.strictObject({
    /** One line on what is being done right now. */
    note: z.optional(reportedText(200)),
    /** Progress of the current phase, both or neither. */
    done: z.optional(count),
    of: z.optional(count),
  }),
  answer: { status: 200, kind: 'json', schema: z.strictObject({ run_id: runIdSchema, heartbeat_at: timestampSchema }) },
  problems: ['not_found', 'run_closed', 'invalid_request'],
  retry: 'safe',
  policy: { plane: 'executor', scope: 'runs:write', rate_class: 'report', ...report },
})

export const recordUsage = defineRoute({
  id: 'recordUsage',
  method: 'POST',
  path: '/runs/{run_id}/usage',
  summary: 'Report what the run has used since the last report',
  params: runParams,
  body: z.strictObject({
    phase_id: z.optional(phaseIdSchema),
    /** Null: no model was used. */
    model: z.nullable(reportedText(100)),
    tokens: z.nullable(count),
    cpu_ms: count,
    bytes_read: count,
    bytes_written: count,
  }),
  answer: {
    status: 201,
    kind: 'json',
    schema: z.strictObject({ run_id: runIdSchema, cpu_ms: count, bytes_read: count, bytes_written: count, tokens: z.nullable(count) }),
  },
  problems: ['invalid_request', 'not_found', 'idempotency_key_required', 'idempotency_key_reused'],
  retry: 'same_idempotency_key',
  policy: { plane: 'executor', scope: 'runs:write', rate_class: 'report', ...report },
})

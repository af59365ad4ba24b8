import type { PhaseState, RunState } from '@autopack/contract/runs'
import { sql } from 'drizzle-orm'
import { bigint, boolean, integer, primaryKey, smallint, text } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'
import { controlPlaneSchema } from './control-plane-schema.ts'

const whole = (name: string) => bigint(name, { mode: 'number' })

export const runTable = controlPlaneSchema.table('run', {
  run_id: text('run_id').primaryKey(),
  executor_id: text('executor_id').notNull(),
  owner_operator_id: text('owner_operator_id'),
  /** As the executor said it; may only exclude that person from approving (is-initiator.ts). */
  started_by: text('started_by'),
  name: text('name').notNull(),
  /** The name in lower case, what sorting by name compares. */
  name_sort: text('name_sort').notNull(),
  /** ` name run_id executor` in lower case, what searching looks at; none of the three ever changes. */
  search_text: text('search_text').notNull(),
  /** Of the body that started the run: the same body again is the same start. */
  start_sha256: text('start_sha256').notNull(),
  safety_profile: text('safety_profile').notNull(),
  run_scope: text('run_scope').notNull(),
  token_cap: whole('token_cap'),
  max_phases: whole('max_phases'),
  max_duration_minutes: whole('max_duration_minutes'),
  uses_model: boolean('uses_model').notNull(),
  state: text('state').$type<RunState>().notNull(),
  /** See the migration. */
  state_rank: smallint('state_rank')
    .notNull()
    .generatedAlwaysAs(sql`state`),
  phases_total: integer('phases_total').notNull(),
  phases_queued: integer('phases_queued').notNull(),
  phases_completed: integer('phases_completed').notNull().default(0),
  phases_skipped: integer('phases_skipped').notNull().default(0),
  phases_failed: integer('phases_failed').notNull().default(0),
  /** One letter a phase, at most 60 (phase-letters.ts). */
  phase_states: text('phase_states').notNull(),
  current_phase_name: text('current_phase_name'),
  actions_waiting: integer('actions_waiting').notNull().default(0),
  tokens_used: whole('tokens_used').notNull().default(0),
  cpu_ms: whole('cpu_ms').notNull().default(0),
  bytes_read: whole('bytes_read').notNull().default(0),
  bytes_written: whole('bytes_written').notNull().default(0),
  artifacts_count: integer('artifacts_count').notNull().default(0),
  /** Of the newest version of each path. */
  artifacts_size_bytes: whole('artifacts_size_bytes').notNull().default(0),
  created_at: moment('created_at').notNull(),
  started_at: moment('started_at'),
  completed_at: moment('completed_at'),
  /** The last time the executor said anything about this run. */
  heard_at: moment('heard_at').notNull(),
  heartbeat_at: moment('heartbeat_at'),
  heartbeat_note: text('heartbeat_note'),
  heartbeat_event_at: moment('heartbeat_event_at'),
  /** A heartbeat changed something that no event has told yet. */
  heartbeat_unannounced: boolean('heartbeat_unannounced').notNull().default(false),
  failure_reason: text('failure_reason'),
  version: integer('version').notNull().default(1),
})
export type RunRow = typeof runTable.$inferSelect

export const runTierTable = controlPlaneSchema.table(
  'run_tier',
  {
    id: whole('id').notNull().generatedAlwaysAsIdentity(),
    run_id: text('run_id').notNull(),
    tier_id: text('tier_id').notNull(),
    /** In order of tier_index, from 0 without gaps. */
    position: integer('position').notNull(),
    tier_index: whole('tier_index').notNull(),
    name: text('name').notNull(),
    description: text('description'),
  },
  (table) => [primaryKey({ columns: [table.run_id, table.tier_id] })],
)
export type TierRow = typeof runTierTable.$inferSelect

export const runPhaseTable = controlPlaneSchema.table(
  'run_phase',
  {
    id: whole('id').notNull().generatedAlwaysAsIdentity(),
    run_id: text('run_id').notNull(),
    phase_id: text('phase_id').notNull(),
    tier_id: text('tier_id').notNull(),
    /** In order of tier, then phase_index, from 0 without gaps: executors number per run or per tier. */
    position: integer('position').notNull(),
    phase_index: whole('phase_index').notNull(),
    name: text('name').notNull(),
    description: text('description'),
    task_category: text('task_category'),
    complexity: text('complexity'),
    builder_mode: text('builder_mode'),
    state: text('state').$type<PhaseState>().notNull(),
    attempts: whole('attempts').notNull().default(0),
    tokens_used: whole('tokens_used').notNull().default(0),
    cpu_ms: whole('cpu_ms').notNull().default(0),
    progress_done: whole('progress_done'),
    progress_of: whole('progress_of'),
    started_at: moment('started_at'),
    completed_at: moment('completed_at'),
    failure_reason: text('failure_reason'),
  },
  (table) => [primaryKey({ columns: [table.run_id, table.phase_id] })],
)
export type PhaseRow = typeof runPhaseTable.$inferSelect

export const runUsageTable = controlPlaneSchema.table('run_usage', {
  id: whole('id').primaryKey().generatedAlwaysAsIdentity(),
  run_id: text('run_id').notNull(),
  phase_id: text('phase_id'),
  model: text('model'),
  tokens: whole('tokens'),
  cpu_ms: whole('cpu_ms').notNull(),
  bytes_read: whole('bytes_read').notNull(),
  bytes_written: whole('bytes_written').notNull(),
  reported_at: moment('reported_at').notNull(),
})

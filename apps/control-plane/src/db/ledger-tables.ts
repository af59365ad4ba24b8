import type { ActionState, DecisionKind, ExternalAction, Observation, ObservationResult } from '@autopack/contract/external-actions'
import type { StepUp } from '@autopack/contract/webauthn'
import { sql } from 'drizzle-orm'
import { bigint, boolean, date, integer, jsonb, primaryKey, text } from 'drizzle-orm/pg-core'
import { bytea, moment } from './columns.ts'
import { controlPlaneSchema } from './control-plane-schema.ts'

/** Written in the migration: the database derives the value from the payload bytes. */
const fromPayload = sql`payload`

export const externalActionTable = controlPlaneSchema.table('external_action', {
  action_id: text('action_id').primaryKey(),
  executor_id: text('executor_id').notNull(),
  run_id: text('run_id'),
  phase_id: text('phase_id'),
  state: text('state').$type<ActionState>().notNull(),
  revision: integer('revision').notNull(),
  version: integer('version').notNull(),
  fence: integer('fence').notNull(),
  lease_until: moment('lease_until'),
  not_before: moment('not_before'),
  requested_at: moment('requested_at').notNull(),
  requested_key_id: text('requested_key_id').notNull(),
  state_since: moment('state_since').notNull(),
  idempotency_key: text('idempotency_key').notNull(),
  proposal_sha256: bytea('proposal_sha256').notNull(),
})

/** Every description that a revision was proposed under, in its canonical form. */
export const descriptorTextTable = controlPlaneSchema.table('descriptor_text', {
  sha256: bytea('sha256').primaryKey(),
  descriptor: text('descriptor').notNull(),
  kept_at: moment('kept_at').notNull().defaultNow(),
})

export const actionRevisionTable = controlPlaneSchema.table(
  'action_revision',
  {
    action_id: text('action_id').notNull(),
    revision: integer('revision').notNull(),
    payload: bytea('payload').notNull(),
    payload_sha256: bytea('payload_sha256').notNull().generatedAlwaysAs(fromPayload),
    provider: text('provider').notNull().generatedAlwaysAs(fromPayload),
    operation: text('operation').notNull().generatedAlwaysAs(fromPayload),
    mode: text('mode').$type<ExternalAction['mode']>().notNull().generatedAlwaysAs(fromPayload),
    cost_amount_minor: bigint('cost_amount_minor', { mode: 'number' }).generatedAlwaysAs(fromPayload),
    cost_currency: text('cost_currency').generatedAlwaysAs(fromPayload),
    tier: text('tier').$type<ExternalAction['tier']>().notNull(),
    escalated: boolean('escalated').notNull().default(false),
    kill_switch: text('kill_switch'),
    descriptor_id: text('descriptor_id'),
    descriptor_version: integer('descriptor_version'),
    descriptor_sha256: bytea('descriptor_sha256'),
    risk_score: integer('risk_score').notNull(),
    risk_level: text('risk_level').$type<ExternalAction['risk']['level']>().notNull(),
    risk_contributions: jsonb('risk_contributions').$type<ExternalAction['risk_contributions']>().notNull(),
    coverage_explained: integer('coverage_explained').notNull(),
    coverage_present: integer('coverage_present').notNull(),
    blind: boolean('blind').notNull(),
    title: text('title').notNull(),
    sentence: text('sentence').notNull(),
    target_text: text('target_text').notNull(),
    findings: jsonb('findings').$type<ExternalAction['findings']>().notNull(),
    decide_by: moment('decide_by').notNull(),
    execute_within_seconds: integer('execute_within_seconds').notNull(),
    hold_seconds: integer('hold_seconds').notNull(),
    created_at: moment('created_at').notNull(),
    step_up: text('step_up').$type<StepUp>().notNull().default('none'),
  },
  (table) => [primaryKey({ columns: [table.action_id, table.revision] })],
)

export const decisionTable = controlPlaneSchema.table('decision', {
  decision_id: text('decision_id').primaryKey(),
  action_id: text('action_id').notNull(),
  revision: integer('revision').notNull(),
  payload_sha256: bytea('payload_sha256').notNull(),
  kind: text('kind').$type<DecisionKind>().notNull(),
  reject_kind: text('reject_kind').$type<'never' | 'not_now' | 'change_this'>(),
  field: text('field'),
  reason: text('reason').notNull(),
  operator_id: text('operator_id').notNull(),
  operator_role: text('operator_role').notNull(),
  sid_hash: text('sid_hash').notNull(),
  amr: text('amr').array().notNull(),
  request_id: text('request_id').notNull(),
  descriptor_sha256: bytea('descriptor_sha256'),
  display_sha256: bytea('display_sha256'),
  decided_at: moment('decided_at').notNull(),
  strength: text('strength').$type<'passkey' | 'password' | 'session'>().notNull().default('session'),
  sole_operator: boolean('sole_operator').notNull().default(false),
  signed_act_id: text('signed_act_id'),
})

export const approvalSlotTable = controlPlaneSchema.table(
  'approval_slot',
  {
    action_id: text('action_id').notNull(),
    revision: integer('revision').notNull(),
    group_no: integer('group_no').notNull(),
    slot: integer('slot').notNull(),
    role: text('role').$type<'approver' | 'admin'>().notNull(),
    decision_id: text('decision_id'),
  },
  (table) => [primaryKey({ columns: [table.action_id, table.revision, table.group_no, table.slot] })],
)

export const actionAuthorizationTable = controlPlaneSchema.table('action_authorization', {
  action_id: text('action_id').notNull(),
  revision: integer('revision').notNull(),
  payload_sha256: bytea('payload_sha256').notNull(),
  kind: text('kind').$type<'people' | 'policy'>().notNull(),
  authorized_at: moment('authorized_at').notNull(),
  execute_by: moment('execute_by').notNull(),
})

export const executionTable = controlPlaneSchema.table('execution', {
  action_id: text('action_id').notNull(),
  revision: integer('revision').notNull(),
  payload_sha256: bytea('payload_sha256').notNull(),
  execution_id: text('execution_id').notNull(),
  fence: integer('fence').notNull(),
  executor_id: text('executor_id').notNull(),
  key_id: text('key_id').notNull(),
  idempotency_key: text('idempotency_key').notNull(),
  claimed_at: moment('claimed_at').notNull(),
  expected_sha256: bytea('expected_sha256').notNull(),
})

export const executionReservationTable = controlPlaneSchema.table('execution_reservation', {
  execution_id: text('execution_id').notNull(),
  day: date('day', { mode: 'string' }).notNull(),
  scope: text('scope').notNull(),
  currency: text('currency').notNull(),
  amount: bigint('amount', { mode: 'number' }).notNull(),
})

export const executionOutcomeTable = controlPlaneSchema.table('execution_outcome', {
  execution_id: text('execution_id').primaryKey(),
  outcome: text('outcome').$type<'completed' | 'failed' | 'unknown' | 'simulated'>().notNull(),
  sent: text('sent').$type<'no' | 'yes' | 'unknown'>().notNull(),
  sent_sha256: bytea('sent_sha256'),
  external_object_id: text('external_object_id'),
  external_url: text('external_url'),
  error_code: text('error_code'),
  error_summary: text('error_summary'),
  finished_at: moment('finished_at').notNull(),
  recorded_by: text('recorded_by').notNull(),
})

export const executionObservationTable = controlPlaneSchema.table(
  'execution_observation',
  {
    execution_id: text('execution_id').notNull(),
    observation_no: integer('observation_no').notNull(),
    result: text('result').$type<ObservationResult>().notNull(),
    observed: text('observed'),
    fields: jsonb('fields').$type<Observation['fields']>().notNull(),
    detail: text('detail'),
    observed_at: moment('observed_at').notNull(),
    recorded_by: text('recorded_by').notNull(),
  },
  (table) => [primaryKey({ columns: [table.execution_id, table.observation_no] })],
)

export const executionResolutionTable = controlPlaneSchema.table('execution_resolution', {
  execution_id: text('execution_id').primaryKey(),
  outcome: text('outcome').$type<'completed' | 'failed'>().notNull(),
  looked_at: text('looked_at').notNull(),
  reason: text('reason').notNull(),
  external_object_id: text('external_object_id'),
  operator_id: text('operator_id').notNull(),
  operator_role: text('operator_role').notNull(),
  sid_hash: text('sid_hash').notNull(),
  amr: text('amr').array().notNull(),
  request_id: text('request_id').notNull(),
  resolved_at: moment('resolved_at').notNull(),
})

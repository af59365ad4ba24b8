import type { JudgedPath } from '@autopack/contract/governance'
import type { RequestDecisionKind, RequestState } from '@autopack/contract/requests'
import type { ExternalAction } from '@autopack/contract/external-actions'
import { sql } from 'drizzle-orm'
import { boolean, integer, jsonb, text } from 'drizzle-orm/pg-core'
import { bytea, moment } from './columns.ts'
import { controlPlaneSchema } from './control-plane-schema.ts'

/** Approval requests and governance requests: what waits for a person beside external actions. */
export const requestTable = controlPlaneSchema.table('request', {
  request_id: text('request_id').primaryKey(),
  kind: text('kind').$type<'approval_request' | 'governance_request'>().notNull(),
  executor_id: text('executor_id').notNull(),
  run_id: text('run_id').notNull(),
  known_run_id: text('known_run_id'),
  phase_id: text('phase_id').notNull(),
  context: text('context').notNull(),
  body: bytea('body').notNull(),
  body_sha256: bytea('body_sha256')
    .notNull()
    .generatedAlwaysAs(sql`body`),
  title: text('title').notNull(),
  sentence: text('sentence').notNull(),
  risk_score: integer('risk_score').notNull(),
  risk_level: text('risk_level').$type<ExternalAction['risk']['level']>().notNull(),
  risk_contributions: jsonb('risk_contributions').$type<ExternalAction['risk_contributions']>().notNull(),
  paths: jsonb('paths').$type<JudgedPath[]>().notNull().default([]),
  policy_version: integer('policy_version').notNull(),
  policy_sha256: bytea('policy_sha256').notNull(),
  policy_reason: text('policy_reason').notNull(),
  state: text('state').$type<RequestState>().notNull().default('PENDING'),
  version: integer('version').notNull().default(1),
  requested_at: moment('requested_at').notNull(),
  requested_key_id: text('requested_key_id').notNull(),
  decide_by: moment('decide_by').notNull(),
  state_since: moment('state_since').notNull(),
  idempotency_key: text('idempotency_key'),
})
export type RequestRow = typeof requestTable.$inferSelect

export const requestDecisionTable = controlPlaneSchema.table('request_decision', {
  decision_id: text('decision_id').primaryKey(),
  request_id: text('request_id').notNull(),
  body_sha256: bytea('body_sha256').notNull(),
  decided_by: text('decided_by').$type<'people' | 'policy'>().notNull(),
  kind: text('kind').$type<RequestDecisionKind>().notNull(),
  reject_kind: text('reject_kind').$type<'never' | 'not_now'>(),
  field: text('field'),
  reason: text('reason').notNull(),
  operator_id: text('operator_id'),
  operator_role: text('operator_role'),
  sid_hash: text('sid_hash'),
  amr: text('amr').array(),
  request_ref: text('request_ref').notNull(),
  sole_operator: boolean('sole_operator').notNull().default(false),
  decided_at: moment('decided_at').notNull(),
})

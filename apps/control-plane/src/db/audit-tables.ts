import { bigint, integer, text } from 'drizzle-orm/pg-core'
import { bytea, moment } from './columns.ts'
import { controlPlaneSchema } from './control-plane-schema.ts'

export const auditHeadTable = controlPlaneSchema.table('audit_head', {
  id: integer('id').primaryKey(),
  seq: bigint('seq', { mode: 'number' }).notNull(),
  hash: bytea('hash').notNull(),
  latest_at: moment('latest_at'),
})

export const auditEventTable = controlPlaneSchema.table('audit_event', {
  seq: bigint('seq', { mode: 'number' }).primaryKey(),
  prev: bytea('prev').notNull(),
  hash: bytea('hash').notNull(),
  event: text('event').notNull(),
  event_type: text('event_type').notNull(),
  auth_principal_type: text('auth_principal_type').notNull(),
  auth_principal_id: text('auth_principal_id').notNull(),
  auth_principal_name: text('auth_principal_name'),
  run_id: text('run_id'),
  approval_ref_id: text('approval_ref_id'),
  result_status: text('result_status').notNull(),
  at: moment('at').notNull(),
  executor_id: text('executor_id'),
  owner_operator_id: text('owner_operator_id'),
})

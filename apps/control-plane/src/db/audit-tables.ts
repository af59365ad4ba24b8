import { sql } from 'drizzle-orm'
import { bigint, integer, primaryKey, text } from 'drizzle-orm/pg-core'
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
  executor_id: text('executor_id'),
  owner_operator_id: text('owner_operator_id'),
  // What the text of the event says, for finding it.
  event_type: text('event_type')
    .notNull()
    .generatedAlwaysAs(sql`control_plane.audit_member(event, 'event_type')`),
  auth_principal_type: text('auth_principal_type')
    .notNull()
    .generatedAlwaysAs(sql`control_plane.audit_member(event, 'auth_principal_type')`),
  auth_principal_id: text('auth_principal_id')
    .notNull()
    .generatedAlwaysAs(sql`control_plane.audit_member(event, 'auth_principal_id')`),
  auth_principal_name: text('auth_principal_name').generatedAlwaysAs(sql`control_plane.audit_member(event, 'auth_principal_name')`),
  run_id: text('run_id').generatedAlwaysAs(sql`control_plane.audit_member(event, 'run_id')`),
  result_status: text('result_status')
    .notNull()
    .generatedAlwaysAs(sql`control_plane.audit_member(event, 'result_status')`),
  at: moment('at')
    .notNull()
    .generatedAlwaysAs(sql`control_plane.audit_moment(event)`),
  request_id: text('request_id').generatedAlwaysAs(sql`control_plane.audit_member(event, 'request_id')`),
  risk_level: text('risk_level').generatedAlwaysAs(sql`control_plane.audit_member(event, 'risk_level')`),
  approval_ref_kind: text('approval_ref_kind').generatedAlwaysAs(sql`control_plane.audit_json(event) -> 'approval_ref' ->> 'kind'`),
  approval_ref_id: text('approval_ref_id').generatedAlwaysAs(sql`control_plane.audit_json(event) -> 'approval_ref' ->> 'id'`),
  approval_ref_no: bigint('approval_ref_no', { mode: 'number' }).generatedAlwaysAs(
    sql`(control_plane.audit_json(event) ->> 'approval_ref_no')::bigint`,
  ),
})

/** Queries that people keep. Not evidence: no event says that one was saved. */
export const savedAuditQueryTable = controlPlaneSchema.table(
  'saved_audit_query',
  {
    operator_id: text('operator_id').notNull(),
    name: text('name').notNull(),
    query: text('query').notNull(),
    saved_at: moment('saved_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.operator_id, table.name] })],
)

/** Complete subtrees of the Merkle tree over the entries' hashes; a trigger of `audit_event` fills it. */
export const auditSubtreeTable = controlPlaneSchema.table(
  'audit_subtree',
  { level: integer('level').notNull(), no: bigint('no', { mode: 'number' }).notNull(), hash: bytea('hash').notNull() },
  (table) => [primaryKey({ columns: [table.level, table.no] })],
)

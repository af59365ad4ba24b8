import { bigint, integer, text } from 'drizzle-orm/pg-core'
import { bytea, moment } from './columns.ts'
import { controlPlaneSchema } from './control-plane-schema.ts'

const number = { mode: 'number' } as const

export const checkpointKeyTable = controlPlaneSchema.table('checkpoint_key', {
  key_id: text('key_id').primaryKey(),
  no: bigint('no', number).notNull().generatedAlwaysAsIdentity(),
  verifier_key: text('verifier_key').notNull(),
  added_at: moment('added_at').notNull().defaultNow(),
})

export const checkpointRotationTable = controlPlaneSchema.table('checkpoint_rotation', {
  no: bigint('no', number).primaryKey().generatedAlwaysAsIdentity(),
  size: bigint('size', number).notNull(),
  old_key_id: text('old_key_id').notNull(),
  new_key_id: text('new_key_id').notNull(),
  note: text('note').notNull(),
  received_at: moment('received_at').notNull().defaultNow(),
})

export const auditCheckpointTable = controlPlaneSchema.table('audit_checkpoint', {
  no: bigint('no', number).primaryKey().generatedAlwaysAsIdentity(),
  size: bigint('size', number).notNull(),
  head: bytea('head').notNull(),
  root: bytea('root').notNull(),
  signed_at: moment('signed_at').notNull(),
  key_id: text('key_id').notNull(),
  note: text('note').notNull(),
  /** A trigger says it. */
  standing: text('standing', { enum: ['holds', 'ahead', 'disagrees'] }).notNull(),
  received_at: moment('received_at').notNull().defaultNow(),
})

export const auditRestoreTable = controlPlaneSchema.table('audit_restore', {
  no: bigint('no', number).primaryKey().generatedAlwaysAsIdentity(),
  through_no: bigint('through_no', number).notNull(),
  stopping_no: bigint('stopping_no', number).notNull(),
  event_seq: bigint('event_seq', number).notNull(),
  accepted_at: moment('accepted_at').notNull().defaultNow(),
})

export const checkpointProblemTable = controlPlaneSchema.table('checkpoint_problem', {
  id: integer('id').primaryKey(),
  problem: text('problem').notNull(),
  reported_at: moment('reported_at').notNull(),
})

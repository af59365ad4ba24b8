import type { Role } from '@autopack/contract/roles'
import type { Scope } from '@autopack/contract/scopes'
import { boolean, integer, primaryKey, text } from 'drizzle-orm/pg-core'
import { bytea, moment } from './columns.ts'
import { controlPlaneSchema } from './control-plane-schema.ts'

export const operatorTable = controlPlaneSchema.table('operator', {
  operator_id: text('operator_id').primaryKey(),
  name: text('name').notNull(),
  role: text('role').$type<Role>().notNull(),
  enabled: boolean('enabled').notNull().default(true),
  created_at: moment('created_at').notNull().defaultNow(),
  version: integer('version').notNull().default(0),
  may_enrol_until: moment('may_enrol_until'),
})

export const setUpTable = controlPlaneSchema.table('set_up', {
  id: integer('id').primaryKey(),
  sha256: bytea('sha256').notNull(),
  expires_at: moment('expires_at').notNull(),
  operator_id: text('operator_id'),
})

export const executorTable = controlPlaneSchema.table('executor', {
  executor_id: text('executor_id').primaryKey(),
  name: text('name').notNull(),
  owner_operator_id: text('owner_operator_id').notNull(),
  shared_with_everyone: boolean('shared_with_everyone').notNull().default(false),
  created_at: moment('created_at').notNull().defaultNow(),
})

export const executorShareTable = controlPlaneSchema.table(
  'executor_share',
  { executor_id: text('executor_id').notNull(), operator_id: text('operator_id').notNull() },
  (table) => [primaryKey({ columns: [table.operator_id, table.executor_id] })],
)

export const executorKeyTable = controlPlaneSchema.table('executor_key', {
  key_id: text('key_id').primaryKey(),
  executor_id: text('executor_id').notNull(),
  sha256: bytea('sha256').notNull(),
  scopes: text('scopes').array().$type<Scope[]>().notNull(),
  created_at: moment('created_at').notNull().defaultNow(),
  expires_at: moment('expires_at').notNull(),
  revoked_at: moment('revoked_at'),
  last_used_at: moment('last_used_at'),
})

export const usedAssertionTable = controlPlaneSchema.table('used_assertion', {
  jti: text('jti').primaryKey(),
  expires_at: moment('expires_at').notNull(),
})

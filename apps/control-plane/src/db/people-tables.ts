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
  /** Moves by itself with each change of role or standing. */
  version: integer('version').notNull().default(0),
  may_enrol_until: moment('may_enrol_until'),
  /** What their passkeys signed until then authorizes nothing any more. */
  passkeys_reset_at: moment('passkeys_reset_at'),
  /** Null with a moment: whoever runs the server. */
  passkeys_reset_by: text('passkeys_reset_by'),
  passkeys_reset_reason: text('passkeys_reset_reason'),
  /** Null: invited and not here yet. */
  joined_at: moment('joined_at').defaultNow(),
  /** Sessions that were opened before are over. Moves by itself when somebody is disabled, enabled again or given another role. */
  sessions_since: moment('sessions_since'),
})

export const operatorSeenTable = controlPlaneSchema.table('operator_seen', {
  operator_id: text('operator_id').primaryKey(),
  seen_at: moment('seen_at').notNull(),
})

export const operatorInviteTable = controlPlaneSchema.table('operator_invite', {
  invite_id: text('invite_id').primaryKey(),
  operator_id: text('operator_id').notNull(),
  sha256: bytea('sha256').notNull(),
  created_at: moment('created_at').notNull(),
  created_by: text('created_by'),
  expires_at: moment('expires_at').notNull(),
  accepted_at: moment('accepted_at'),
  ended_at: moment('ended_at'),
  ended_reason: text('ended_reason').$type<'signed_in' | 'reissued' | 'disabled' | 'maker_out'>(),
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
  version: integer('version').notNull().default(0),
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
  /** The key that took its place; this one works on until it ends. */
  replaced_by: text('replaced_by'),
})

export const usedAssertionTable = controlPlaneSchema.table('used_assertion', {
  jti: text('jti').primaryKey(),
  expires_at: moment('expires_at').notNull(),
})

import { bigint, boolean, integer, text } from 'drizzle-orm/pg-core'
import { bytea, moment } from './columns.ts'
import { controlPlaneSchema } from './control-plane-schema.ts'

export const challengeTable = controlPlaneSchema.table('challenge', {
  nonce_sha256: bytea('nonce_sha256').primaryKey(),
  purpose: text('purpose').notNull(),
  subject: text('subject').notNull(),
  operator_id: text('operator_id'),
  created_at: moment('created_at').notNull(),
  expires_at: moment('expires_at').notNull(),
  used_at: moment('used_at'),
})

export const passkeyTable = controlPlaneSchema.table('passkey', {
  credential_id: text('credential_id').primaryKey(),
  operator_id: text('operator_id').notNull(),
  name: text('name').notNull(),
  public_key: bytea('public_key').notNull(),
  algorithm: integer('algorithm').notNull(),
  counter: bigint('counter', { mode: 'number' }).notNull(),
  transports: text('transports').array().notNull(),
  backed_up: boolean('backed_up').notNull(),
  attestation_object: bytea('attestation_object').notNull(),
  client_data: bytea('client_data').notNull(),
  created_at: moment('created_at').notNull(),
  last_used_at: moment('last_used_at'),
  removed_at: moment('removed_at'),
  removed_by: text('removed_by'),
  rp_id: text('rp_id'),
  origin: text('origin'),
  endorsed_by: text('endorsed_by'),
})

export const signedActTable = controlPlaneSchema.table('signed_act', {
  signed_act_id: text('signed_act_id').primaryKey(),
  purpose: text('purpose').notNull(),
  operator_id: text('operator_id').notNull(),
  credential_id: text('credential_id').notNull(),
  nonce_sha256: bytea('nonce_sha256').notNull(),
  statement: bytea('statement').notNull(),
  authenticator_data: bytea('authenticator_data').notNull(),
  client_data: bytea('client_data').notNull(),
  signature: bytea('signature').notNull(),
  signed_at: moment('signed_at').notNull(),
})

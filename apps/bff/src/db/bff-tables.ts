/** The BFF keeps how people sign in, nothing about who they are. Ids of sessions are stored as SHA-256 only. */
import { boolean, index, integer, jsonb, pgSchema, text, timestamp } from 'drizzle-orm/pg-core'
import type { roles } from '@autopack/contract/roles'

const bff = pgSchema('bff')
const time = (name: string) => timestamp(name, { withTimezone: true, mode: 'date', precision: 3 })

export const signInTable = bff.table('sign_in', {
  operator_id: text().primaryKey(),
  /** As people see it. */
  name: text().notNull(),
  /** As people type it: NFKC, lower case. */
  name_folded: text().notNull().unique(),
  /** PHC string of argon2id. */
  password_hash: text().notNull(),
  /** True while the password is the one that was generated for the demo. */
  generated: boolean().notNull(),
  changed_at: time('changed_at').notNull(),
})

export const sessionTable = bff.table(
  'session',
  {
    /** Lowercase hex SHA-256 of the session id; the id itself is only in the cookie. */
    sid_sha256: text().primaryKey(),
    operator_id: text().notNull(),
    name: text().notNull(),
    role: text().$type<(typeof roles)[number]>().notNull(),
    /** How they showed who they are, as RFC 8176 names it: `pwd`, `hwk`. */
    amr: text().array().notNull(),
    signed_in_at: time('signed_in_at').notNull(),
    /** When they last showed who they are. */
    auth_time: time('auth_time').notNull(),
    last_activity_at: time('last_activity_at').notNull(),
    idle_seconds: integer().notNull(),
    absolute_expires_at: time('absolute_expires_at').notNull(),
    revoked_at: time('revoked_at'),
    user_agent: text().notNull(),
    address: text().notNull(),
  },
  (table) => [index('session_operator').on(table.operator_id, table.absolute_expires_at)],
)

export const outboxTable = bff.table(
  'outbox',
  {
    delivery_id: text().primaryKey(),
    event: jsonb().notNull(),
    created_at: time('created_at').notNull(),
    delivered_at: time('delivered_at'),
  },
  (table) => [index('outbox_waiting').on(table.delivered_at, table.created_at)],
)

/** The shape that rate-limiter-flexible writes. */
export const throttleTable = bff.table('throttle', {
  key: text().primaryKey(),
  points: integer().notNull(),
  expire: time('expire'),
})

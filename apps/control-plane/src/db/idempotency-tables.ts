import { integer, jsonb, primaryKey, text } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'
import { controlPlaneSchema } from './control-plane-schema.ts'

export const idempotencyTable = controlPlaneSchema.table(
  'idempotency',
  {
    principal_id: text('principal_id').notNull(),
    route_id: text('route_id').notNull(),
    key: text('key').notNull(),
    body_sha256: text('body_sha256').notNull(),
    status: integer('status').notNull(),
    answer: jsonb('answer').notNull(),
    created_at: moment('created_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.principal_id, table.route_id, table.key] })],
)

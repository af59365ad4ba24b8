import type { Event } from '@autopack/contract/events'
import { bigint, boolean, integer, text } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'
import { controlPlaneSchema } from './control-plane-schema.ts'

export const eventHeadTable = controlPlaneSchema.table('event_head', {
  id: integer('id').primaryKey(),
  last_id: bigint('last_id', { mode: 'number' }).notNull(),
})

export const eventTable = controlPlaneSchema.table('event', {
  id: bigint('id', { mode: 'number' }).primaryKey(),
  type: text('type').$type<Event['type']>().notNull(),
  resource_kind: text('resource_kind').$type<Event['resource']['kind']>().notNull(),
  resource_id: text('resource_id').notNull(),
  version: integer('version').notNull(),
  at: moment('at').notNull().defaultNow(),
  executor_id: text('executor_id'),
  owner_operator_id: text('owner_operator_id'),
  for_everyone: boolean('for_everyone').notNull().default(false),
})

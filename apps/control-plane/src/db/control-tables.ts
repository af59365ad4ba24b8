import type { KillSwitch } from '@autopack/contract/control'
import { bigint, boolean, date, integer, jsonb, primaryKey, text } from 'drizzle-orm/pg-core'
import { controlPlaneSchema } from './control-plane-schema.ts'

export const controlTable = controlPlaneSchema.table('control', {
  id: integer('id').primaryKey(),
  external_actions_enabled: boolean('external_actions_enabled').notNull(),
  dry_run: boolean('dry_run').notNull(),
  /** A switch that is not named here is off. */
  kill_switches: jsonb('kill_switches').$type<Partial<Record<KillSwitch, boolean>>>().notNull(),
  brake_engaged: boolean('brake_engaged').notNull(),
  version: integer('version').notNull(),
})

export const capDayTable = controlPlaneSchema.table(
  'cap_day',
  {
    /** UTC, `2026-11-22`. */
    day: date('day', { mode: 'string' }).notNull(),
    /** Empty: the whole deployment; otherwise the id of a descriptor. */
    scope: text('scope').notNull(),
    /** Empty: the count of actions. */
    currency: text('currency').notNull(),
    cap: bigint('cap', { mode: 'number' }).notNull(),
    reserved: bigint('reserved', { mode: 'number' }).notNull(),
    used: bigint('used', { mode: 'number' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.day, table.scope, table.currency] })],
)

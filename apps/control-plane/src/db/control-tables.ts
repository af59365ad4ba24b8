import type { BrakeScope, KillSwitch } from '@autopack/contract/control'
import { bigint, boolean, date, integer, jsonb, primaryKey, text } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'
import { controlPlaneSchema } from './control-plane-schema.ts'

export const controlTable = controlPlaneSchema.table('control', {
  id: integer('id').primaryKey(),
  external_actions_enabled: boolean('external_actions_enabled').notNull(),
  dry_run: boolean('dry_run').notNull(),
  /** A switch that is not named here is off. */
  kill_switches: jsonb('kill_switches').$type<Partial<Record<KillSwitch, boolean>>>().notNull(),
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

export const brakeTable = controlPlaneSchema.table('brake', {
  brake_id: text('brake_id').primaryKey(),
  scope_kind: text('scope_kind').$type<BrakeScope['kind']>().notNull(),
  scope_id: text('scope_id').notNull(),
  engaged_at: moment('engaged_at').notNull(),
  engaged_by: text('engaged_by').notNull(),
  engaged_reason: text('engaged_reason').notNull(),
  audited: boolean('audited').notNull(),
  released_at: moment('released_at'),
  released_by: text('released_by'),
  released_reason: text('released_reason'),
})

/** What operators set below the environment's ceiling; `currency` empty: the count of actions. */
export const workingCapTable = controlPlaneSchema.table('working_cap', {
  currency: text('currency').primaryKey(),
  cap: bigint('cap', { mode: 'number' }).notNull(),
  set_by: text('set_by').notNull(),
  set_at: moment('set_at').notNull(),
})

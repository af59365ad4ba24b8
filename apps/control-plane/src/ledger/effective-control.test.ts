import { describe, expect, it } from 'vitest'
import type { BrakeScope } from '@autopack/contract/control'
import type { ControlCeiling } from '../environment.ts'
import { findControlRefusal, toEffectiveControl } from './effective-control.ts'
import type { ControlRow, ControlledAction } from './effective-control.ts'

const open: ControlCeiling = {
  externalActionsEnabled: true,
  dryRun: false,
  killSwitches: { ETSY_PUBLISH: true, SHOPIFY_PUBLISH: true, YOUTUBE_PUBLISH: true, TRADING_ORDERS: true, DEMO_SHOP_PUBLISH: true },
  maxDailySpendMinor: { USD: 0 },
  maxActionsPerDay: 0,
}
const row: NonNullable<ControlRow> = {
  external_actions_enabled: true,
  dry_run: false,
  kill_switches: open.killSwitches,
  version: 1,
}
const listing: ControlledAction = {
  mode: 'live',
  tier: 'C',
  provider: 'demo_shop',
  kill_switch: 'DEMO_SHOP_PUBLISH',
  run_id: 'run-1',
  executor_id: 'exr-1',
}
const everything: BrakeScope = { kind: 'all', id: '' }

const rows: [
  words: string,
  row: ControlRow,
  ceiling: Partial<ControlCeiling>,
  action: Partial<ControlledAction>,
  embedded: boolean,
  code: string | null,
  brakes?: BrakeScope[],
][] = [
  ['everything on', row, {}, {}, false, null],
  ['a missing row', null, {}, {}, false, 'brake_engaged'],
  ['a missing row and a dry run', null, {}, { mode: 'dry_run' }, false, 'brake_engaged'],
  ['the brake', row, {}, {}, false, 'brake_engaged', [everything]],
  ['the brake and a dry run', row, {}, { mode: 'dry_run' }, false, 'brake_engaged', [everything]],
  ['the brake of its provider', row, {}, {}, false, 'brake_engaged', [{ kind: 'provider', id: 'demo_shop' }]],
  ['the brake of another provider', row, {}, {}, false, null, [{ kind: 'provider', id: 'etsy' }]],
  ['the brake of its run', row, {}, {}, false, 'brake_engaged', [{ kind: 'run', id: 'run-1' }]],
  ['the brake of a run, and no run', row, {}, { run_id: null }, false, null, [{ kind: 'run', id: 'run-1' }]],
  ['the brake of its executor', row, {}, {}, false, 'brake_engaged', [{ kind: 'executor', id: 'exr-1' }]],
  ['the brake of a run called as its executor', row, {}, {}, false, null, [{ kind: 'run', id: 'exr-1' }]],
  ['external actions off in the environment', row, { externalActionsEnabled: false }, {}, false, 'kill_switch_off'],
  ['external actions off in the row', { ...row, external_actions_enabled: false }, {}, {}, false, 'kill_switch_off'],
  ['its switch off in the environment', row, { killSwitches: { ...open.killSwitches, DEMO_SHOP_PUBLISH: false } }, {}, false, 'kill_switch_off'],
  ['its switch off in the row', { ...row, kill_switches: { ...row.kill_switches, DEMO_SHOP_PUBLISH: false } }, {}, {}, false, 'kill_switch_off'],
  ['its switch not named in the row', { ...row, kill_switches: {} }, {}, {}, false, 'kill_switch_off'],
  ['only another switch off', row, { killSwitches: { ...open.killSwitches, ETSY_PUBLISH: false } }, {}, false, null],
  ['no switch at all', row, {}, { kill_switch: null }, false, 'kill_switch_off'],
  ['a switch nobody knows', row, {}, { kill_switch: 'constructor' }, false, 'kill_switch_off'],
  ['dry run in the environment', row, { dryRun: true }, {}, false, 'dry_run_on'],
  ['dry run in the row', { ...row, dry_run: true }, {}, {}, false, 'dry_run_on'],
  ['a dry run with everything off', { ...row, external_actions_enabled: false }, { dryRun: true }, { mode: 'dry_run' }, false, null],
  ['the embedded database and a provider on this machine', row, {}, {}, true, null],
  ['the embedded database and a provider elsewhere', row, {}, { provider: 'etsy' }, true, 'kill_switch_off'],
  ['PostgreSQL and a provider elsewhere', row, {}, { provider: 'etsy' }, false, null],
]

describe('control', () => {
  it.each(rows)('with %s', (_, found, ceiling, action, embedded, code, brakes = []) => {
    const control = toEffectiveControl({ row: found, brakes, working_caps: {} }, { ...open, ...ceiling })
    expect(findControlRefusal(control, { ...listing, ...action }, embedded)?.code ?? null).toBe(code)
  })

  it('tells a brake from what cannot be read, in words short enough for one line', () => {
    const tell = (found: ControlRow, brakes: BrakeScope[]) =>
      findControlRefusal(toEffectiveControl({ row: found, brakes, working_caps: {} }, open), listing, false)?.detail
    expect(tell(row, [everything])).toBe('Everything is stopped until an admin releases it.')
    expect(tell(null, [])).toBe('What is in force cannot be read, so everything is stopped.')
  })
})

import { killSwitches } from '@autopack/contract/control'
import type { BrakeScope, ControlInForce, KillSwitch } from '@autopack/contract/control'
import type { ControlCeiling } from '../environment.ts'

/** The live control row; null: the row is missing, and everything is stopped. */
export type ControlRow = {
  external_actions_enabled: boolean
  dry_run: boolean
  kill_switches: Partial<Record<KillSwitch, boolean>>
  version: number
} | null

/** Everything operators set: the row, the brakes that are engaged, and the caps below the ceiling (`''`: the count of actions). */
export type ControlState = { row: ControlRow; brakes: BrakeScope[]; working_caps: Readonly<Record<string, number>> }

export type EffectiveControl = Pick<
  ControlInForce,
  'external_actions_enabled' | 'dry_run' | 'brake_engaged' | 'brakes' | 'kill_switches' | 'version'
> & {
  /** The daily caps of the whole deployment, in minor units by currency; `''`: the count of actions. */
  deployment_caps: Readonly<Record<string, number>>
}

/** What is in force: environment AND row, so that each alone can stop and neither alone can start anything. */
export function toEffectiveControl(state: ControlState, ceiling: ControlCeiling): EffectiveControl {
  const { row, brakes } = state
  const isOn = (name: KillSwitch) => ceiling.killSwitches[name] === true && row?.kill_switches[name] === true
  return {
    external_actions_enabled: ceiling.externalActionsEnabled && row?.external_actions_enabled === true,
    dry_run: ceiling.dryRun || row?.dry_run !== false,
    brake_engaged: row === null || brakes.some(({ kind }) => kind === 'all'),
    brakes,
    kill_switches: Object.fromEntries(killSwitches.map((name) => [name, isOn(name)])) as Record<KillSwitch, boolean>,
    version: row?.version ?? 0,
    deployment_caps: Object.fromEntries(
      Object.entries(listCeilingCaps(ceiling)).map(([currency, cap]) => [currency, Math.min(cap, state.working_caps[currency] ?? cap)]),
    ),
  }
}

/** The caps that the environment sets, in minor units by currency; `''`: the count of actions. */
export function listCeilingCaps(ceiling: ControlCeiling): Record<string, number> {
  return { '': ceiling.maxActionsPerDay, ...ceiling.maxDailySpendMinor }
}

export type ControlledAction = {
  mode: 'live' | 'dry_run'
  tier: 'A' | 'B' | 'C'
  provider: string
  kill_switch: string | null
  run_id: string | null
  executor_id: string
}
export type ControlRefusal = { code: 'brake_engaged' | 'kill_switch_off' | 'dry_run_on'; detail: string }

/** Providers that listen on this machine only: what reaches them has not left it. */
const loopbackProviders: ReadonlySet<string> = new Set(['demo_shop'])

/** The brake that stops this action, in words; null: none does. */
export function findBrake(
  control: Pick<EffectiveControl, 'brake_engaged' | 'brakes'>,
  action: Pick<ControlledAction, 'provider' | 'run_id' | 'executor_id'>,
): string | null {
  if (control.brake_engaged) {
    return control.brakes.some(({ kind }) => kind === 'all')
      ? 'Everything is stopped until an admin releases it.'
      : 'What is in force cannot be read, so everything is stopped.'
  }
  for (const { kind, id } of control.brakes) {
    if (kind === 'provider' && id === action.provider) return `The brake is engaged for everything that goes to ${id}.`
    if (kind === 'run' && id === action.run_id) return 'The brake is engaged for this run.'
    if (kind === 'executor' && id === action.executor_id) return 'The brake is engaged for this executor.'
  }
  return null
}

/**
 * Why control does not let this action out at this moment, or null. A dry run needs no switch. `embedded`: the ledger is on the
 * embedded database, which is good enough for providers on this machine only (security.md, "Configuration").
 */
export function findControlRefusal(control: EffectiveControl, action: ControlledAction, embedded: boolean): ControlRefusal | null {
  const brake = findBrake(control, action)
  if (brake !== null) return { code: 'brake_engaged', detail: brake }
  if (action.mode === 'dry_run') return null
  if (!control.external_actions_enabled) {
    return { code: 'kill_switch_off', detail: 'External actions are switched off here (AUTOPACK_EXTERNAL_ACTIONS_ENABLED).' }
  }
  if (action.kill_switch === null) {
    return { code: 'kill_switch_off', detail: 'Nobody has described this kind of action, so it has no kill switch and never runs live.' }
  }
  if (control.kill_switches[action.kill_switch as KillSwitch] !== true) {
    return { code: 'kill_switch_off', detail: `The kill switch ${action.kill_switch} is off (AUTOPACK_ENABLE_${action.kill_switch}).` }
  }
  if (control.dry_run) {
    return { code: 'dry_run_on', detail: 'Dry run is on here (AUTOPACK_SIDE_EFFECTS_DRY_RUN): propose the action as a dry run, or turn dry run off.' }
  }
  if (embedded && action.tier === 'C' && !loopbackProviders.has(action.provider)) {
    return { code: 'kill_switch_off', detail: 'Live actions that leave this machine need PostgreSQL; this ledger is on the embedded database.' }
  }
  return null
}

/** The switches as the audit log keeps them. */
export function toSwitchSnapshot(control: EffectiveControl): Record<string, boolean> {
  return {
    EXTERNAL_ACTIONS_ENABLED: control.external_actions_enabled,
    DRY_RUN: control.dry_run,
    BRAKE_ENGAGED: control.brake_engaged,
    ...control.kill_switches,
  }
}

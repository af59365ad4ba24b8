import type { ControlSwitch } from '@autopack/contract/control'
import type { ControlCeiling } from '../environment.ts'

/** The environment variable that is the ceiling of a switch. */
export function switchVariableOf(name: ControlSwitch): string {
  if (name === 'EXTERNAL_ACTIONS_ENABLED') return 'AUTOPACK_EXTERNAL_ACTIONS_ENABLED'
  if (name === 'DRY_RUN') return 'AUTOPACK_SIDE_EFFECTS_DRY_RUN'
  return `AUTOPACK_ENABLE_${name}`
}

/** The environment's word on a switch. */
export function switchCeilingOf(name: ControlSwitch, ceiling: ControlCeiling): boolean {
  if (name === 'EXTERNAL_ACTIONS_ENABLED') return ceiling.externalActionsEnabled
  if (name === 'DRY_RUN') return ceiling.dryRun
  return ceiling.killSwitches[name]
}

import type { Control } from '@autopack/contract/operator-control'
import { hasRole, type Role } from '@autopack/contract/roles'

export type Switch = Control['switches'][number]

/** The switch that sends nothing while it is on; every other one sends nothing while it is off. */
const isReversed = ({ name }: Pick<Switch, 'name'>) => name === 'DRY_RUN'

/** Whether the switch, as it is in force, lets something happen outside. */
export function letsThrough(control: Pick<Switch, 'name' | 'on'>): boolean {
  return isReversed(control) ? !control.on : control.on
}

/** Whether the environment alone keeps it where it is: no live row can let something through then. */
function isHeldByEnvironment(control: Switch): boolean {
  return isReversed(control) ? control.ceiling : !control.ceiling
}

/** What holds it back besides the environment, which `toTurn` names; null where nothing does. */
export function toSwitchReason(control: Switch): string | null {
  if (letsThrough(control)) return null
  const word = control.on ? 'on' : 'off'
  if (control.row === null) return `${word}: there is no control row, so everything is stopped`
  const rowHolds = isReversed(control) ? control.row : !control.row
  if (isHeldByEnvironment(control)) return rowHolds ? `${word} here, too` : null
  return `${word} here, the environment allows ${word === 'off' ? 'on' : 'off'}`
}

/**
 * What pressing the switch would do to the live row, and what is missing for it (null: nothing). Towards safety an approver may; towards
 * effect an admin, as far as the environment allows.
 */
export function toTurn(control: Switch, role: Role): { on: boolean; towardsEffect: boolean; missing: string | null } {
  const present = control.row ?? control.on
  const on = !present
  const towardsEffect = isReversed(control) ? !on : on
  if (control.row === null) return { on, towardsEffect, missing: 'there is no control row to write to' }
  // Whatever the live row says here, nothing goes on or off by it.
  if (isHeldByEnvironment(control))
    return { on, towardsEffect, missing: `the environment says ${control.ceiling ? 'on' : 'off'}: changing it needs a new start` }
  if (towardsEffect && !hasRole(role, 'admin'))
    return { on, towardsEffect, missing: `turning it ${on ? 'on' : 'off'} needs an admin; you are ${role}` }
  if (!hasRole(role, 'approver')) return { on, towardsEffect, missing: `turning it ${on ? 'on' : 'off'} needs an approver; you are ${role}` }
  return { on, towardsEffect, missing: null }
}

/** `External actions`, `Dry run`, `ETSY_PUBLISH`. */
export function toSwitchName({ name }: Pick<Switch, 'name'>): string {
  return name === 'EXTERNAL_ACTIONS_ENABLED' ? 'External actions' : name === 'DRY_RUN' ? 'Dry run' : name
}

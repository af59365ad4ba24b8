import type { ControlInForce } from '@autopack/contract/control'
import { hasRole, type Role } from '@autopack/contract/roles'

/**
 * Where the brake of the top bar and its key lead: to the question why, open and answered in advance, so that Enter stops. Where there is
 * nothing to stop for this person, or everything is stopped already, to the page alone.
 */
export function toBrakeAddress(role: Role, control: Pick<ControlInForce, 'brake_engaged'> | undefined): string {
  return hasRole(role, 'approver') && control?.brake_engaged !== true ? '/brake?scope=all' : '/brake'
}

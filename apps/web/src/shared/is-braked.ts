import type { WaitingItem } from '@autopack/contract/approvals'
import type { ControlInForce } from '@autopack/contract/control'
import { toSubject } from './waiting-item.ts'

/** Whether a brake keeps this from being approved; rejecting goes on. `control` undefined: not known yet, so nothing is claimed. */
export function isBraked(item: WaitingItem, control: Pick<ControlInForce, 'brake_engaged' | 'brakes'> | undefined): boolean {
  if (control === undefined) return false
  if (control.brake_engaged) return true
  const { run_id, executor } = toSubject(item)
  return control.brakes.some(({ kind, id }) => {
    if (kind === 'provider') return item.kind === 'external_action' && item.action.provider === id
    return kind === 'run' ? run_id === id : kind === 'executor' && executor.executor_id === id
  })
}

/** What operators set, by the model's rules. Each moves the model on and returns the code of the answer. */
import { ceilingCaps, isInScope, kindOf } from './ledger-model.ts'
import type { Model } from './ledger-model.ts'
import type { Step } from './steps.ts'

type BrakeStep = Extract<Step, { do: 'engage' | 'release' }>

/** An approver engages, an admin releases. */
export function expectBrake(model: Model, step: BrakeStep): string {
  const standing = model.brakes.find((brake) => brake.scope === step.scope && !brake.released)
  if (step.do === 'engage') {
    // A scope that is stopped already stays as it is.
    if (standing !== undefined) return 'done'
    model.brakes.push({ scope: step.scope, id: '', released: false })
    model.controlAudit.push('control.brake_engaged')
    return 'done'
  }
  if (standing === undefined) {
    if (!model.brakes.some((brake) => brake.scope === step.scope)) return 'not_found'
    model.controlAudit.push('control.brake_release_refused')
    return 'not_open'
  }
  standing.released = true
  model.controlAudit.push('control.brake_released')
  for (const action of model.actions) {
    const { holdSeconds } = kindOf(action)
    if (action.state !== 'APPROVED' || holdSeconds === 0 || !isInScope(action, step.scope)) continue
    action.notBefore = Math.max(action.notBefore ?? 0, model.now + holdSeconds)
    action.version += 1
    action.announced += 1
  }
  return 'done'
}

/** By an admin. */
export function expectCap(model: Model, { currency, cap }: Extract<Step, { do: 'cap' }>): string {
  if (cap > ceilingCaps[currency]) {
    model.controlAudit.push('control.cap_set_refused')
    return 'over_ceiling'
  }
  if (model.workingCaps[currency] !== cap) model.controlAudit.push('control.cap_set')
  model.workingCaps[currency] = cap
  return 'done'
}

/** By an admin. */
export function expectSwitch(model: Model, { name, on }: Extract<Step, { do: 'switch' }>): string {
  if (model.switches[name] !== on) model.controlAudit.push('control.switch_set')
  model.switches[name] = on
  return 'done'
}

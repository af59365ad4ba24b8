/** What executors and the clock do, by the model's rules. Each moves the model on and returns the code of the answer. */
import { refuse } from './expect-decision.ts'
import { begin, capOf, change, isBraked, kindOf, lease, needsOf, useOf } from './ledger-model.ts'
import type { Model, ModelAction } from './ledger-model.ts'
import { finishes } from './steps.ts'
import type { FinishHow, ReviseHow, Step } from './steps.ts'

export function expectClaim(model: Model, action: ModelAction, step: Extract<Step, { do: 'claim' }>, key: string): string {
  if (step.how === 'foreign') return 'not_found'
  const code = findClaimRefusal(model, action, step, key)
  if (code === 'the same again') return 'done'
  if (code === 'expired' && action.state === 'APPROVED') change(model, action, 'EXPIRED', 'expired')
  if (code !== null) return refuse(action, 'claim_refused', code)
  for (const [currency, amount] of needsOf(action)) useOf(model, model.now, currency).reserved += amount
  action.fence += 1
  action.claim = { key, revision: action.revision, executionId: '', at: model.now, leaseUntil: model.now + lease }
  change(model, action, 'EXECUTING', 'claimed')
  return 'done'
}

function findClaimRefusal(model: Model, action: ModelAction, step: Extract<Step, { do: 'claim' }>, key: string): string | null {
  const { live, killSwitch, provider } = kindOf(action)
  const { switches } = model
  if (model.clockIsBack) return 'clock_moved_back'
  if (isBraked(model, action)) return 'brake_engaged'
  if (live) {
    if (!switches.EXTERNAL_ACTIONS_ENABLED || killSwitch === null || !switches[killSwitch]) return 'kill_switch_off'
    if (switches.DRY_RUN) return 'dry_run_on'
    if (model.embedded && provider !== 'demo_shop') return 'kill_switch_off'
  }
  const earlier = model.actions.find((one) => one.executor === action.executor && one.claim?.key === key)
  if (earlier !== undefined) {
    if (earlier !== action || step.how === 'other bytes' || step.how === 'another revision') return 'idempotency_key_reused'
    return action.state === 'EXECUTING' && model.now < action.claim!.leaseUntil ? 'the same again' : 'already_claimed'
  }
  if (action.state === 'EXPIRED') return 'expired'
  if (action.state !== 'APPROVED') return action.claim !== null ? 'already_claimed' : 'not_approved'
  if (model.now >= action.executeBy!) return 'expired'
  if (action.notBefore !== null && model.now < action.notBefore) return 'in_hold'
  if (step.how === 'another revision') return 'stale_revision'
  if (step.how === 'other bytes') return 'hash_mismatch'
  for (const [currency, amount] of needsOf(action)) {
    const { used, reserved } = useOf(model, model.now, currency)
    if (amount > Math.max(0, capOf(model, currency) - used - reserved)) return 'cap_reached'
  }
  return null
}

export function expectHeartbeat(model: Model, action: ModelAction, step: Extract<Step, { do: 'heartbeat' }>): string {
  if (action.state !== 'EXECUTING') return 'not_executing'
  if (step.fence === 'wrong') return 'stale_fence'
  if (model.now >= action.claim!.leaseUntil) return 'not_executing'
  action.claim!.leaseUntil = model.now + lease
  return 'done'
}

export function expectFinish(model: Model, action: ModelAction, step: Extract<Step, { do: 'finish' }>): string {
  const code = findFinishRefusal(action, step)
  if (code === 'the same again') return 'done'
  if (code !== null) return refuse(action, 'finish_refused', code)
  const [state, reservation] = kindOf(action).live ? liveOutcomes[step.how]! : dryOutcomeOf(step.how)
  settle(model, action, reservation)
  action.finishedHow = step.how
  change(model, action, state, 'finished')
  return 'done'
}

function findFinishRefusal(action: ModelAction, step: Extract<Step, { do: 'finish' }>): string | null {
  if (action.claim === null) return 'not_executing'
  if (step.fence === 'wrong') return 'stale_fence'
  if (kindOf(action).live && step.how === 'completed, not sent') return 'invalid_request'
  if (action.state === 'EXECUTING') return null
  return action.finishedHow === step.how ? 'the same again' : 'not_executing'
}

type Reservation = 'used' | 'released' | 'kept'
const liveOutcomes: Partial<Record<FinishHow, [string, Reservation]>> = {
  completed: ['COMPLETED', 'used'],
  'sent other bytes': ['UNKNOWN', 'kept'],
  'does not say which bytes': ['UNKNOWN', 'kept'],
  'failed, not sent': ['FAILED', 'released'],
  'failed, sent': ['FAILED', 'used'],
  'does not know': ['UNKNOWN', 'kept'],
}

function dryOutcomeOf(how: FinishHow): [string, Reservation] {
  if (finishes[how].sent !== 'no') return ['UNKNOWN', 'kept']
  return how === 'completed, not sent' ? ['SIMULATED', 'released'] : ['FAILED', 'released']
}

/** On the day of the claim, whenever it ends. */
function settle(model: Model, action: ModelAction, as: Reservation): void {
  if (as === 'kept') return
  for (const [currency, amount] of needsOf(action)) {
    const use = useOf(model, action.claim!.at, currency)
    use.reserved -= amount
    if (as === 'used') use.used += amount
  }
}

/** A person who looked it up: only a report that nothing was sent frees room under a cap, so `failed` keeps what it holds. */
export function expectResolve(model: Model, action: ModelAction, step: Extract<Step, { do: 'resolve' }>): string {
  if (step.who === 'viewer') return refuse(action, 'resolve_refused', 'role_missing')
  if (action.resolved) return refuse(action, 'resolve_refused', 'already_decided')
  if (action.state !== 'UNKNOWN') return refuse(action, 'resolve_refused', 'not_unknown')
  action.resolved = true
  settle(model, action, step.outcome === 'completed' ? 'used' : 'kept')
  change(model, action, step.outcome === 'completed' ? 'COMPLETED' : 'FAILED', 'resolved')
  return 'done'
}

export function expectRevise(model: Model, action: ModelAction, how: ReviseHow, payload: string): string {
  if (how === 'foreign') return 'not_found'
  if (how === 'the last again' && action.revision > 1) return 'done'
  const code = findReviseRefusal(model, action, how)
  if (code === 'expired' && action.state !== 'EXPIRED') change(model, action, 'EXPIRED', 'expired')
  if (code !== null) return refuse(action, 'revision_refused', code)
  action.payloads.push(payload)
  action.revision += 1
  change(model, action, 'PENDING', 'revised')
  begin(model, action)
  return 'done'
}

function findReviseRefusal(model: Model, action: ModelAction, how: ReviseHow): string | null {
  if (action.state === 'EXPIRED') return 'expired'
  if (action.state !== 'PENDING' && action.state !== 'APPROVED') return 'not_open'
  if (model.now >= (action.state === 'APPROVED' ? action.executeBy! : action.decideBy)) return 'expired'
  if (how === 'another revision') return 'stale_revision'
  return how === 'another mode' ? 'policy_mismatch' : null
}

export function expectCancel(model: Model, action: ModelAction): string {
  if (action.state === 'CANCELLED') return 'done'
  if (action.state !== 'PENDING' && action.state !== 'APPROVED') return refuse(action, 'cancel_refused', 'not_open')
  change(model, action, 'CANCELLED', 'cancelled')
  return 'done'
}

/** Which actions a sweep moves on. */
export function listOverdue(model: Model): ModelAction[] {
  return model.actions.filter(
    (action) =>
      (action.state === 'PENDING' && model.now >= action.decideBy) ||
      (action.state === 'APPROVED' && model.now >= action.executeBy!) ||
      (action.state === 'EXECUTING' && model.now >= action.claim!.leaseUntil),
  )
}

export function expectSweep(model: Model): string {
  for (const action of listOverdue(model)) {
    if (action.state === 'EXECUTING') change(model, action, 'UNKNOWN', 'lease_lost')
    else change(model, action, 'EXPIRED', 'expired')
  }
  return 'done'
}

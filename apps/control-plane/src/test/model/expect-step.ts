/** The ledger of a few lines: what a step does to it, what it answers, and what has to be sent for that. */
import { randomUUID } from 'node:crypto'
import { actionKinds } from './action-kinds.ts'
import { expectBrake, expectCap, expectSwitch } from './expect-control.ts'
import { expectDecide, expectRevoke, toModelAction } from './expect-decision.ts'
import { expectCancel, expectClaim, expectFinish, expectHeartbeat, expectResolve, expectRevise, expectSweep } from './expect-execution.ts'
import type { Model, ModelAction } from './ledger-model.ts'
import type { ReviseHow, Step } from './steps.ts'
import type { StepSubject } from './take-step.ts'

/** Farther than a million histories go ahead of the audit log, whose clock is the real one. */
const thousandYears = 1_000 * 365 * 86_400

export type Expected = {
  /** Of the answer; `done` when it is no refusal. */
  code: string
  subject: StepSubject
  /** The action that the answer's ids belong to. */
  target: ModelAction | null
}

/** Moves `model` on. The subject is of the model before, so the real step is told what a client would know. */
export function expectStep(model: Model, before: Model, step: Step): Expected {
  if (step.do === 'propose') return expectPropose(model, before, step)
  const place = 'which' in step ? step.which % model.actions.length : 0
  const target = model.actions[place]!
  const action = before.actions[place]!
  const plain = (code: string): Expected => ({ code, subject: { action, payload: '', key: '' }, target })
  switch (step.do) {
    case 'approve':
    case 'reject':
    case 'ask for change':
      return plain(expectDecide(model, target, step))
    case 'cancel':
      return plain(expectCancel(model, target))
    case 'claim': {
      const key = toClaimKey(before, action, step)
      return { code: expectClaim(model, target, step, key), subject: { action, payload: '', key }, target }
    }
    case 'heartbeat':
      return plain(expectHeartbeat(model, target, step))
    case 'finish':
      return plain(expectFinish(model, target, step))
    case 'sweep':
      return plain(expectSweep(model))
    case 'revoke':
    case 'veto':
      return plain(expectRevoke(model, target, step))
    case 'revise': {
      const payload = toRevisedPayload(action, step.how)
      return { code: expectRevise(model, target, step.how, payload), subject: { action, payload, key: '' }, target }
    }
    case 'resolve':
      return plain(expectResolve(model, target, step))
    case 'engage':
    case 'release': {
      const brake = before.brakes.findLast(({ scope }) => scope === step.scope)
      return { code: expectBrake(model, step), subject: { action: null, payload: '', key: brake?.id ?? '' }, target: null }
    }
    case 'cap':
      return plain(expectCap(model, step))
    case 'switch':
      return plain(expectSwitch(model, step))
    case 'wait':
      model.now += step.seconds
      return plain('done')
    case 'clock': {
      const back = step.to === 'years back'
      if (back !== model.clockIsBack) model.now += back ? -thousandYears : thousandYears
      model.clockIsBack = back
      return plain('done')
    }
  }
}

function toRevisedPayload(action: ModelAction, how: ReviseHow): string {
  if (how === 'same bytes' || (how === 'the last again' && action.revision > 1)) return action.payloads.at(-1)!
  const text = actionKinds[action.kind].payload(`Report ${randomUUID()}`)
  if (how !== 'another mode') return text
  return text.includes('"mode":"live"') ? text.replace('"mode":"live"', '"mode":"dry_run"') : text.replace('"mode":"dry_run"', '"mode":"live"')
}

function toClaimKey(before: Model, action: ModelAction, step: Extract<Step, { do: 'claim' }>): string {
  if (step.how === 'again' && action.claim !== null) return action.claim.key
  if (step.how === 'key of another') {
    const other = before.actions.find((one) => one !== action && one.executor === action.executor && one.claim !== null)
    if (other !== undefined) return other.claim!.key
  }
  return randomUUID()
}

function expectPropose(model: Model, before: Model, step: Extract<Step, { do: 'propose' }>): Expected {
  const last = step.key === 'new' ? undefined : before.actions.findLast((action) => action.executor === step.executor)
  if (last === undefined) {
    const payload = actionKinds[step.kind].payload(`Report ${randomUUID()}`)
    const idempotencyKey = randomUUID()
    const { kind, executor, inRun } = step
    if (actionKinds[kind].overGrant) return { code: 'cap_reached', subject: { action: null, payload, key: idempotencyKey }, target: null }
    const target = toModelAction(model, { kind, executor, inRun, payload, idempotencyKey })
    model.actions.push(target)
    return { code: 'done', subject: { action: null, payload, key: idempotencyKey }, target }
  }
  const target = model.actions[before.actions.indexOf(last)]!
  if (step.key === 'for something else') {
    const payload = actionKinds[step.kind].payload(`Report ${randomUUID()}`)
    return { code: 'idempotency_key_reused', subject: { action: null, payload, key: last.idempotencyKey }, target }
  }
  // The same again, in the run it was in: a different body under the same key would be something else.
  const same = last.inRun === step.inRun && actionKinds[last.kind].escalated === actionKinds[step.kind].escalated
  return { code: same ? 'done' : 'idempotency_key_reused', subject: { action: null, payload: last.payloads[0]!, key: last.idempotencyKey }, target }
}

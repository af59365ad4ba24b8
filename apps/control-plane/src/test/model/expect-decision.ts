/** What people say, by the model's rules. Each moves the model on and returns the code of the answer, `done` when it is no refusal. */
import { begin, change, isBraked, kindOf } from './ledger-model.ts'
import type { Model, ModelAction } from './ledger-model.ts'
import type { Step } from './steps.ts'

type About = 'it' | 'another revision' | 'other bytes'
type DecideStep = Extract<Step, { do: 'approve' | 'reject' | 'ask for change' }>

/** A refusal that is kept in the audit log; without a version, because nothing changed. */
export function refuse(action: ModelAction, event: string, code: string): string {
  action.audit.push(event)
  return code
}

export function expectDecide(model: Model, action: ModelAction, step: DecideStep): string {
  const code = findDecideRefusal(model, action, step)
  if (code === 'expired' && action.state === 'PENDING') change(model, action, 'EXPIRED', 'expired')
  if (code !== null) return refuse(action, 'decision_refused', code)
  action.decisions += 1
  if (step.do === 'reject') {
    action.said.push({ who: step.who, kind: 'reject' })
    change(model, action, 'REJECTED', 'rejected')
  } else if (step.do === 'ask for change') {
    action.said.push({ who: step.who, kind: 'ask_change' })
    change(model, action, 'PENDING', 'change_asked')
  } else {
    action.said.push({ who: step.who, kind: 'approve' })
    const complete = approvalsOf(action) === kindOf(action).people
    if (complete) {
      const { executeWithinSeconds, holdSeconds } = kindOf(action)
      action.authorizedAt = model.now
      action.executeBy = model.now + executeWithinSeconds + holdSeconds
      action.notBefore = holdSeconds > 0 ? model.now + holdSeconds : null
    }
    change(model, action, complete ? 'APPROVED' : 'PENDING', 'approved')
  }
  return 'done'
}

function approvalsOf(action: ModelAction): number {
  return action.said.filter(({ kind }) => kind === 'approve').length
}

function findDecideRefusal(model: Model, action: ModelAction, step: DecideStep): string | null {
  if (step.do === 'approve' && model.clockIsBack) return 'clock_moved_back'
  if (step.who === 'viewer') return 'role_missing'
  if (action.state !== 'PENDING') {
    if (action.state === 'EXPIRED') return 'expired'
    if (action.state === 'CANCELLED') return 'not_open'
    return action.said.length > 0 ? 'already_decided' : 'not_open'
  }
  if (model.now >= action.decideBy) return 'expired'
  if (step.do !== 'reject') {
    if (action.said.some(({ kind }) => kind === 'ask_change')) return 'change_requested'
    if (step.do === 'approve') {
      if (action.said.some(({ who }) => who === step.who)) return 'already_decided'
      if (isBraked(model, action)) return 'brake_engaged'
      // `second` started the run.
      if (action.inRun && step.who === 'second') return 'self_approval'
    }
  }
  return findBindingRefusal(step.about)
}

function findBindingRefusal(about: About): string | null {
  return { it: null, 'another revision': 'stale_revision', 'other bytes': 'hash_mismatch' }[about]
}

type RevokeStep = Extract<Step, { do: 'revoke' | 'veto' }>

export function expectRevoke(model: Model, action: ModelAction, step: RevokeStep): string {
  const code = findRevokeRefusal(model, action, step)
  if (code === 'expired' && action.state === 'APPROVED') change(model, action, 'EXPIRED', 'expired')
  if (code !== null) return refuse(action, 'revoke_refused', code)
  action.decisions += 1
  action.said.push({ who: step.who, kind: step.do })
  change(model, action, 'REVOKED', step.do === 'veto' ? 'vetoed' : 'revoked')
  return 'done'
}

function findRevokeRefusal(model: Model, action: ModelAction, step: RevokeStep): string | null {
  if (step.about === 'another revision') return 'stale_revision'
  if (action.claim !== null) return 'already_claimed'
  if (action.state === 'EXPIRED') return 'expired'
  if (action.state === 'CANCELLED') return 'not_open'
  if (action.state === 'PENDING') return 'not_approved'
  if (action.state !== 'APPROVED') return 'already_decided'
  if (model.now >= action.executeBy!) return 'expired'
  if (step.do === 'veto' && (action.notBefore === null || model.now >= action.notBefore)) return 'not_in_hold'
  return step.about === 'other bytes' ? 'hash_mismatch' : null
}

export function toModelAction(
  model: Model,
  facts: Pick<ModelAction, 'kind' | 'executor' | 'inRun' | 'idempotencyKey'> & { payload: string },
): ModelAction {
  const { payload, ...rest } = facts
  const action: ModelAction = {
    ...rest,
    id: '',
    payloads: [payload],
    state: 'PENDING',
    stateSince: model.now,
    revision: 1,
    version: 1,
    fence: 0,
    decideBy: 0,
    authorizedAt: null,
    executeBy: null,
    notBefore: null,
    said: [],
    decisions: 0,
    announced: 1,
    claim: null,
    finishedHow: null,
    resolved: false,
    audit: ['proposed'],
  }
  begin(model, action)
  return action
}

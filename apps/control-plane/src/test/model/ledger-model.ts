/** The state of a ledger of a few lines: no locks, no rows, no transactions. Times are seconds on the histories' own clock. */
import { actionKinds } from './action-kinds.ts'
import type { ActionKind, KindName } from './action-kinds.ts'
import type { BrakeScopeKind, FinishHow, SwitchName, Who } from './steps.ts'

export type ModelAction = {
  /** The real one's; empty while nobody knows it. */
  id: string
  idempotencyKey: string
  kind: KindName
  executor: 0 | 1
  inRun: boolean
  /** By revision, the first at 0. */
  payloads: string[]
  state: string
  stateSince: number
  revision: number
  version: number
  fence: number
  decideBy: number
  authorizedAt: number | null
  executeBy: number | null
  notBefore: number | null
  /** Of the revision in force. */
  said: { who: Who; kind: 'approve' | 'reject' | 'ask_change' | 'revoke' | 'veto' }[]
  /** About any revision. */
  decisions: number
  /** How often the streams were told of it; a brake's release tells of holds that start over without an event in the audit log. */
  announced: number
  claim: { key: string; revision: number; executionId: string; at: number; leaseUntil: number } | null
  finishedHow: FinishHow | null
  resolved: boolean
  audit: string[]
}

export type Model = {
  now: number
  /** Years behind the audit log, whose moments are those of the real clock. */
  clockIsBack: boolean
  /** On the embedded database nothing leaves this machine. */
  embedded: boolean
  actions: ModelAction[]
  brakes: { scope: BrakeScopeKind; id: string; released: boolean }[]
  switches: Record<SwitchName, boolean>
  workingCaps: { '': number | null; USD: number | null }
  /** By day and currency, `2030-01-01 USD`. */
  use: Record<string, { used: number; reserved: number }>
  controlAudit: string[]
}

export const ceilingCaps = { '': 3, USD: 60 } as const
const decideWithin = 86_400
export const lease = 60

export function toModel(now: number, embedded: boolean): Model {
  return {
    now,
    clockIsBack: false,
    embedded,
    actions: [],
    brakes: [],
    switches: { EXTERNAL_ACTIONS_ENABLED: true, DRY_RUN: false, DEMO_SHOP_PUBLISH: true, ETSY_PUBLISH: true },
    workingCaps: { '': null, USD: null },
    use: {},
    controlAudit: [],
  }
}

export function kindOf(action: ModelAction): ActionKind {
  return actionKinds[action.kind]
}

export function capOf(model: Model, currency: '' | 'USD'): number {
  return Math.min(ceilingCaps[currency], model.workingCaps[currency] ?? ceilingCaps[currency])
}

export function useOf(model: Model, at: number, currency: '' | 'USD'): { used: number; reserved: number } {
  return (model.use[`${toDay(at)} ${currency}`] ??= { used: 0, reserved: 0 })
}

function toDay(at: number): string {
  return new Date(at * 1_000).toISOString().slice(0, 10)
}

/** What a live action needs of each cap. */
export function needsOf(action: ModelAction): ['' | 'USD', number][] {
  const { live, costMinor } = kindOf(action)
  if (!live) return []
  return costMinor === 0
    ? [['', 1]]
    : [
        ['', 1],
        ['USD', costMinor],
      ]
}

export function isBraked(model: Model, action: ModelAction): boolean {
  return model.brakes.some((brake) => !brake.released && isInScope(action, brake.scope))
}

export function isInScope(action: ModelAction, scope: BrakeScopeKind): boolean {
  if (scope === 'provider') return kindOf(action).provider === 'demo_shop'
  if (scope === 'run') return action.inRun && action.executor === 0
  return scope === 'all' || action.executor === 0
}

/** Begins anew as a revision that nobody has decided about: approved at once on a grant, pending otherwise. */
export function begin(model: Model, action: ModelAction): void {
  const { people, executeWithinSeconds } = kindOf(action)
  action.state = people === 0 ? 'APPROVED' : 'PENDING'
  action.stateSince = model.now
  action.decideBy = model.now + decideWithin
  action.authorizedAt = people === 0 ? model.now : null
  action.executeBy = people === 0 ? model.now + executeWithinSeconds : null
  action.notBefore = null
  action.said = []
  // A grant is a change of its own, told together with the proposal or the edit.
  if (people === 0) action.version += 1
}

/** One change of an action: a new version and an audit event, both or neither. */
export function change(model: Model, action: ModelAction, state: string, event: string): void {
  if (action.state !== state) action.stateSince = model.now
  action.state = state
  action.version += 1
  action.announced += 1
  action.audit.push(event)
}

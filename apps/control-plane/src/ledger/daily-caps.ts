import type { Descriptor, Grant } from '@autopack/approval-proof/descriptor'
import { formatMoney } from '@autopack/approval-proof/format-money'
import type { Cost } from '@autopack/approval-proof/payload'
import type { EffectiveControl } from './effective-control.ts'

/**
 * One cap that an action must fit under today. `currency` empty: the count of actions; `scope` empty: the whole deployment;
 * `grant:<descriptor id>`: what is granted of one kind of action without a person.
 */
export type DailyCap = { scope: string; currency: string; cap: number; amount: number }

/**
 * Every cap a live action needs room under, in the order in which their rows are locked. A cost in a currency without a cap meets a
 * cap of 0; a cost of nothing reserves nothing.
 */
export function listDailyCaps(control: Pick<EffectiveControl, 'deployment_caps'>, descriptor: Descriptor | null, cost: Cost | null): DailyCap[] {
  const caps: DailyCap[] = [{ scope: '', currency: '', cap: capOf(control, ''), amount: 1 }]
  if (descriptor !== null) caps.push({ scope: descriptor.id, currency: '', cap: descriptor.limits.actions_per_day, amount: 1 })
  if (cost !== null && cost.amount_minor > 0) {
    caps.push({ scope: '', currency: cost.currency, cap: capOf(control, cost.currency), amount: cost.amount_minor })
    const limit = descriptor?.limits.amount_minor_per_day[cost.currency]
    if (descriptor !== null && limit !== undefined) {
      caps.push({ scope: descriptor.id, currency: cost.currency, cap: limit, amount: cost.amount_minor })
    }
  }
  return sortCaps(caps)
}

/** What the day's grant must have room for, if the action runs on one; a cost in a currency that is not granted meets a cap of 0. */
export function listGrantCaps(descriptor: Descriptor | null, grant: Grant | null, cost: Cost | null): DailyCap[] {
  if (descriptor === null || grant === null) return []
  const scope = `${grantScope}${descriptor.id}`
  const caps: DailyCap[] = [{ scope, currency: '', cap: grant.actions_per_day, amount: 1 }]
  if (cost !== null && cost.amount_minor > 0) {
    const { currency, amount_minor } = cost
    const cap = Object.hasOwn(grant.cost_minor_per_day, currency) ? grant.cost_minor_per_day[currency]! : 0
    caps.push({ scope, currency, cap, amount: amount_minor })
  }
  return sortCaps(caps)
}

const grantScope = 'grant:'

/** In the order in which their rows are locked. */
export function sortCaps(caps: readonly DailyCap[]): DailyCap[] {
  return caps.toSorted((one, other) => compare(one.scope, other.scope) || compare(one.currency, other.currency))
}

function capOf({ deployment_caps }: Pick<EffectiveControl, 'deployment_caps'>, currency: string): number {
  return Object.hasOwn(deployment_caps, currency) ? deployment_caps[currency]! : 0
}

function compare(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}

export type CapUse = { used: number; reserved: number }

/** Caps with what is used and reserved of each; a cap without a row is untouched. */
export function addCapUse(caps: readonly DailyCap[], use: readonly (CapUse & { scope: string; currency: string })[]): (DailyCap & CapUse)[] {
  return caps.map((cap) => {
    const found = use.find(({ scope, currency }) => scope === cap.scope && currency === cap.currency)
    return { ...cap, used: found?.used ?? 0, reserved: found?.reserved ?? 0 }
  })
}

/** The first cap without room, in words: which, what is left, when it starts anew; null when all have room. */
export function findCapRefusal(caps: readonly (DailyCap & CapUse)[]): string | null {
  for (const { scope, currency, cap, amount, used, reserved } of caps) {
    const left = Math.max(0, cap - used - reserved)
    if (amount <= left) continue
    const whose = toWhose(scope)
    const what =
      currency === ''
        ? `actions a day ${whose}: ${left} of ${cap} left`
        : `${currency} a day ${whose}: ${formatMoney(left, currency)} of ${formatMoney(cap, currency)} left, ${formatMoney(amount, currency)} needed`
    return `The cap on ${what}. It starts anew at 00:00 UTC.`
  }
  return null
}

function toWhose(scope: string): string {
  if (scope === '') return 'for this deployment'
  return scope.startsWith(grantScope) ? `on the grant of ${scope.slice(grantScope.length)}` : `for ${scope}`
}

/** The UTC day of a moment, `2026-11-22`. */
export function toUtcDay(at: Date): string {
  return at.toISOString().slice(0, 10)
}

/** When the caps of that day start anew. */
export function toCapReset(at: Date): Date {
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate() + 1))
}

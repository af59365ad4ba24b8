import { brakeScopeKinds, type BrakeScope } from '@autopack/contract/control'
import type { Brake } from '@autopack/contract/operator-control'
import type { ExternalActionSummary } from '@autopack/contract/external-actions'
import { formatCount } from '../../shared/format-count.ts'

/** The large sentence of the page. */
export function toBrakeSentence({ brakes, brake_engaged }: { brakes: readonly unknown[]; brake_engaged: boolean }): string {
  if (brake_engaged) return 'Everything is stopped.'
  if (brakes.length === 0) return 'Nothing is stopped.'
  return brakes.length === 1 ? 'One part is stopped.' : `${formatCount(brakes.length)} parts are stopped.`
}

/** `provider etsy`, `run Research desk organisers`; what a person or agent wrote in it is shown as text. */
export function toScopeWords({ scope, scope_name }: Pick<Brake, 'scope' | 'scope_name'>): string {
  return scope.kind === 'all' ? 'everything' : `${scope.kind} ${scope_name === '' ? scope.id : scope_name}`
}

/** The scope of an address: `all`, `provider:etsy`, `run:r_1`, `executor:ex_1`; null for anything else. */
export function parseScope(text: string | null): BrakeScope | null {
  if (text === 'all') return { kind: 'all', id: '' }
  const [, kind, id] = /^([a-z]+):([^\u0000]{1,200})$/s.exec(text ?? '') ?? []
  const known = brakeScopeKinds.find((each) => each === kind)
  return known === undefined || known === 'all' || id === undefined ? null : { kind: known, id }
}

export function toScopeSearch({ kind, id }: BrakeScope): string {
  return `?scope=${kind === 'all' ? 'all' : `${kind}:${encodeURIComponent(id)}`}`
}

/** A part that can be stopped on its own, and what of the ledger stands in it now. */
export type Part = { scope: BrakeScope; name: string; executing: number; approved: number; waiting: number; unknown: number }

const counted = { EXECUTING: 'executing', APPROVED: 'approved', PENDING: 'waiting', UNKNOWN: 'unknown' } as const

/** Every part that the given actions belong to, those with the most at stake first. Pure. */
export function listParts(actions: readonly ExternalActionSummary[], kind: 'provider' | 'executor'): Part[] {
  const parts = new Map<string, Part>()
  for (const action of actions) {
    const [id, name] = kind === 'provider' ? [action.provider, action.provider] : [action.executor.executor_id, action.executor.name]
    const part = parts.get(id) ?? { scope: { kind, id }, name, executing: 0, approved: 0, waiting: 0, unknown: 0 }
    parts.set(id, part)
    if (action.state in counted) part[counted[action.state as keyof typeof counted]] += 1
  }
  const stake = (part: Part) => part.executing * 1_000_000 + part.approved * 1_000 + part.waiting
  return [...parts.values()].toSorted((one, other) => stake(other) - stake(one) || (one.name < other.name ? -1 : 1))
}

/** `1 executing, 2 approved, 3 waiting`; what is not there is not said. */
export function toPartWords({ executing, approved, waiting, unknown }: Part): string {
  const said = [
    [executing, 'executing'],
    [approved, 'approved'],
    [waiting, 'waiting for a person'],
    [unknown, 'unknown'],
  ] as const
  const words = said.filter(([count]) => count > 0).map(([count, word]) => `${formatCount(count)} ${word}`)
  return words.length === 0 ? 'nothing open' : words.join(', ')
}

/** How many of the approved actions are still in their launch hold. */
export function countHolds(actions: readonly Pick<ExternalActionSummary, 'not_before'>[], nowMs: number): number {
  return actions.filter(({ not_before }) => not_before !== null && Date.parse(not_before) > nowMs).length
}

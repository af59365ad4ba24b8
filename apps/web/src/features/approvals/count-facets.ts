import type { ApprovalKind, WaitingItem } from '@autopack/contract/approvals'
import type { RiskLevel } from '../../shared/risk-bars.tsx'
import { toSubject } from '../../shared/waiting-item.ts'
import type { QueueChoice } from './queue-filter.ts'

export type FacetCounts = { kind: (kind: ApprovalKind) => number; risk: (risk: RiskLevel) => number; provider: (provider: string) => number }
type Choice = Pick<QueueChoice, 'kind' | 'risk' | 'provider'>

/**
 * How many rows each value of a filter opens, beside the other filters in force. Null when that cannot be told: not every row is at hand,
 * or words are searched, which only the server can.
 */
export function countFacets(
  list: { items: readonly WaitingItem[]; total: { count: number; exact: boolean } } | undefined,
  choice: Choice & { q: string },
): FacetCounts | null {
  if (list === undefined || choice.q !== '' || !list.total.exact || list.total.count !== list.items.length) return null
  const count = (changed: Partial<Choice>) => list.items.filter((item) => matches(item, { ...choice, ...changed })).length
  return { kind: (kind) => count({ kind }), risk: (risk) => count({ risk }), provider: (provider) => count({ provider }) }
}

/** The providers among the rows at hand, and the one that is asked for. */
export function listProviders(items: readonly WaitingItem[], asked: string | null): string[] {
  const found = items.flatMap((item) => (item.kind === 'external_action' ? [item.action.provider] : []))
  return [...new Set([...(asked === null ? [] : [asked]), ...found])].toSorted()
}

function matches(item: WaitingItem, { kind, risk, provider }: Choice): boolean {
  if (kind !== null && item.kind !== kind) return false
  if (risk !== null && toSubject(item).risk.level !== risk) return false
  return provider === null || (item.kind === 'external_action' && item.action.provider === provider)
}

import { approvalKinds, type ApprovalKind } from '@autopack/contract/approvals'
import { riskLevels } from '@autopack/contract/external-actions'
import type { ApprovalQueueFilter } from '../../shared/approval-queue-queries.ts'
import type { RiskLevel } from '../../shared/risk-bars.tsx'

export const scopes = ['actionable', 'open', 'decided'] as const
export type Scope = (typeof scopes)[number]
/** What narrows a scope; null or '': nothing. Only external actions have a provider. */
export type QueueChoice = { scope: Scope; kind: ApprovalKind | null; risk: RiskLevel | null; provider: string | null; q: string }
export type QueueFilter = QueueChoice & { cursor: string | null; query: ApprovalQueueFilter }

const pageSize = 100

/** The filter in the address. When nothing narrows `actionable` its query is exactly the badge's, so the two share one answer. */
export function readQueueFilter(search: URLSearchParams): QueueFilter {
  const scope = scopes.find((name) => name === search.get('scope')) ?? 'actionable'
  const kind = approvalKinds.find((name) => name === search.get('kind')) ?? null
  const risk = riskLevels.find((name) => name === search.get('risk')) ?? null
  const provider = readText(search, 'provider', /^[a-z][a-z0-9_]{0,63}$/)
  const q = (search.get('q') ?? '').slice(0, 200)
  const cursor = readText(search, 'cursor', /^[A-Za-z0-9_-]{1,400}$/)
  const narrowed = { ...(kind && { kind }), ...(risk && { risk }), ...(provider && { provider }), ...(q !== '' && { q }), ...(cursor && { cursor }) }
  return { scope, kind, risk, provider, q, cursor, query: { scope, limit: pageSize, ...narrowed } }
}

/** The address of a filter; the defaults are left out. A changed filter begins at its first page. */
export function toQueueSearch({ scope, kind, risk, provider, q, cursor }: Partial<QueueChoice> & { cursor?: string | null }): string {
  const search = new URLSearchParams()
  if (scope !== undefined && scope !== 'actionable') search.set('scope', scope)
  if (kind) search.set('kind', kind)
  if (risk) search.set('risk', risk)
  if (provider) search.set('provider', provider)
  if (q) search.set('q', q)
  if (cursor) search.set('cursor', cursor)
  return search.size === 0 ? '' : `?${search.toString()}`
}

export function isNarrowed({ kind, risk, provider, q }: QueueChoice): boolean {
  return kind !== null || risk !== null || provider !== null || q !== ''
}

function readText(search: URLSearchParams, name: string, form: RegExp): string | null {
  const text = search.get(name)
  return text !== null && form.test(text) ? text : null
}

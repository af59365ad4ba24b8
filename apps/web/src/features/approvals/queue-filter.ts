import type { ApprovalQueueFilter } from '../../shared/approval-queue-queries.ts'

export const scopes = ['actionable', 'open', 'decided'] as const
export type Scope = (typeof scopes)[number]
export type QueueFilter = { scope: Scope; q: string; cursor: string | null; query: ApprovalQueueFilter }

const pageSize = 100

/** The filter in the address. Without words the query of `actionable` is exactly the badge's, so the two share one answer. */
export function readQueueFilter(search: URLSearchParams): QueueFilter {
  const scope = scopes.find((name) => name === search.get('scope')) ?? 'actionable'
  const q = (search.get('q') ?? '').slice(0, 200)
  const text = search.get('cursor')
  const cursor = text !== null && /^[A-Za-z0-9_-]{1,400}$/.test(text) ? text : null
  return { scope, q, cursor, query: { scope, limit: pageSize, ...(q === '' ? {} : { q }), ...(cursor === null ? {} : { cursor }) } }
}

/** The address of a filter; the defaults are left out. A changed filter begins at its first page. */
export function toQueueSearch({ scope, q, cursor }: { scope: Scope; q: string; cursor?: string | null }): string {
  const search = new URLSearchParams()
  if (scope !== 'actionable') search.set('scope', scope)
  if (q !== '') search.set('q', q)
  if (cursor !== undefined && cursor !== null) search.set('cursor', cursor)
  return search.size === 0 ? '' : `?${search.toString()}`
}

import { runSorts } from '@autopack/contract/operator-runs'
import { runStates } from '@autopack/contract/runs'
import type { RunFilter } from '../../shared/run-queries.ts'

export const pageSize = 50

/** The filter lives in the address. Anything the contract would refuse is dropped here, so that an old link still opens. */
export function readRunFilter(search: URLSearchParams): RunFilter {
  const state = search.get('state')
  const sort = search.get('sort')
  const since = search.get('since')
  return {
    state: ([...runStates, 'silent'] as string[]).includes(state ?? '') ? (state ?? undefined) : undefined,
    q: search.get('q')?.slice(0, 200) || undefined,
    owner: search.get('owner')?.slice(0, 100) || undefined,
    executor: /^[a-z0-9][a-z0-9-]{0,62}$/.test(search.get('executor') ?? '') ? (search.get('executor') ?? undefined) : undefined,
    since: since !== null && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/.test(since) ? since : undefined,
    sort: (runSorts as readonly string[]).includes(sort ?? '') ? (sort ?? undefined) : undefined,
    cursor: /^[A-Za-z0-9_-]{1,400}$/.test(search.get('cursor') ?? '') ? (search.get('cursor') ?? undefined) : undefined,
    limit: pageSize,
  }
}

/** The address with some of its parameters changed; null removes one. Every change but paging goes back to the first page. */
export function withParameters(search: URLSearchParams, changes: Record<string, string | null>): string {
  const next = new URLSearchParams(search)
  if (!('cursor' in changes)) next.delete('cursor')
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === '') next.delete(name)
    else next.set(name, value)
  }
  const text = next.toString()
  return text === '' ? '' : `?${text}`
}

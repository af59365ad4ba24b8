import { actionStates, observationResults, type ActionState, type ObservationResult } from '@autopack/contract/external-actions'
import type { listExternalActions } from '@autopack/contract/operator-actions'
import type { QueryInputOf } from '@autopack/contract/route'

export const pageSize = 50
export type LedgerFilter = NonNullable<QueryInputOf<typeof listExternalActions>>

/** The filter lives in the address. Anything the contract would refuse is dropped here, so that an old link still opens. */
export function readLedgerFilter(search: URLSearchParams): LedgerFilter {
  const provider = search.get('provider') ?? ''
  const cursor = search.get('cursor') ?? ''
  return {
    state: actionStates.find((state) => state === search.get('state')),
    observed: observationResults.find((result) => result === search.get('observed')),
    provider: /^[a-z][a-z0-9_]{0,63}$/.test(provider) ? provider : undefined,
    q: search.get('q')?.slice(0, 200) || undefined,
    cursor: /^[A-Za-z0-9_-]{1,400}$/.test(cursor) ? cursor : undefined,
    limit: pageSize,
  }
}

/** The address of the ledger with some parameters changed; null removes one. Every change but paging goes back to the first page. */
export function toLedgerAddress(search: URLSearchParams, changes: Record<string, string | null>): string {
  const next = new URLSearchParams(search)
  if (!('cursor' in changes)) next.delete('cursor')
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === '') next.delete(name)
    else next.set(name, value)
  }
  return next.size === 0 ? '/actions' : `/actions?${next.toString()}`
}

/** What people come back for; each is a filter and nothing more. */
export const savedViews: readonly { name: string; state: ActionState | null; observed: ObservationResult | null }[] = [
  { name: 'All', state: null, observed: null },
  { name: 'May go out', state: 'APPROVED', observed: null },
  { name: 'Unknown', state: 'UNKNOWN', observed: null },
  { name: 'Drifted', state: null, observed: 'drifted' },
  { name: 'Cannot verify', state: null, observed: 'cannot_verify' },
  { name: 'Failed', state: 'FAILED', observed: null },
]

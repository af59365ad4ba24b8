import type { ExternalActionSummary } from '@autopack/contract/external-actions'
import { actionStates } from '@autopack/contract/external-actions'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import { Link } from '../../shared/link.tsx'
import { formatTotal } from '../../shared/format-count.ts'
import { savedViews, toLedgerAddress } from './ledger-filter.ts'
import { ledgerCountQuery } from './ledger-queries.ts'
import { stateWords } from './state-words.ts'

type Total = { count: number; exact: boolean }

/** Filters people come back for, each with how many rows it opens, as far as that is known. */
export function SavedViews({ search, total }: { search: URLSearchParams; total: Total | undefined }) {
  // The counts are of all actions: beside another filter they would not be of the rows that the link opens.
  const narrowed = search.has('q') || search.has('provider')
  return (
    <nav className="segctl" aria-label="Views">
      {savedViews.map(({ name, state, observed }) => {
        const current = search.get('state') === state && search.get('observed') === observed
        return (
          <Link key={name} to={toLedgerAddress(search, { state, observed })} aria-current={current ? 'true' : undefined} preventScrollReset>
            {name}
            <span className="n tn">
              {current ? total && formatTotal(total) : narrowed ? null : <ViewCount state={state ?? undefined} observed={observed ?? undefined} />}
            </span>
          </Link>
        )
      })}
    </nav>
  )
}

function ViewCount(filter: Parameters<typeof ledgerCountQuery>[0]) {
  const total = useQuery(ledgerCountQuery(filter)).data
  return total && formatTotal(total)
}

/** Every state and every provider on the page, for what no view was saved. */
export function LedgerSelects({ search, actions }: { search: URLSearchParams; actions: readonly ExternalActionSummary[] }) {
  const navigate = useNavigate()
  const provider = search.get('provider')
  const providers = [...new Set([...(provider === null ? [] : [provider]), ...actions.map((action) => action.provider)])].toSorted()
  return (
    <>
      <select
        className="input"
        aria-label="State"
        value={search.get('state') ?? ''}
        onChange={(event) => void navigate(toLedgerAddress(search, { state: event.target.value, observed: null }))}
      >
        <option value="">Any state</option>
        {actionStates.map((state) => (
          <option key={state} value={state}>
            {stateWords[state]}
          </option>
        ))}
      </select>
      {(provider !== null || providers.length > 1) && (
        <select
          className="input"
          aria-label="Provider"
          value={provider ?? ''}
          onChange={(event) => void navigate(toLedgerAddress(search, { provider: event.target.value }))}
        >
          <option value="">Any provider</option>
          {providers.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      )}
    </>
  )
}

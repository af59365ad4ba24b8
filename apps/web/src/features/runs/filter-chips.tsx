import { useNavigate } from 'react-router'
import { formatShortTime } from '../../shared/format-time.ts'
import { Icon } from '../../shared/icon.tsx'
import { runStateWords } from '../../shared/run-mark.tsx'
import { serverNowMs } from '../../shared/server-clock.ts'
import { useSession } from '../../shared/session.ts'
import { isRunState } from './run-facets.tsx'
import { withParameters } from './run-filter.ts'

/** Every active filter as `field value ×`. */
export function FilterChips({ search }: { search: URLSearchParams }) {
  const navigate = useNavigate()
  const { operator } = useSession()
  return describeFilters(search, operator.operator_id)
    .filter((chip) => chip.name !== 'q')
    .map((chip) => (
      <span className="fchip" key={chip.name}>
        <span>
          {chip.field} <b>{chip.value}</b>
        </span>
        <button
          type="button"
          aria-label={`Remove filter ${chip.field} ${chip.value}`}
          onClick={() => void navigate(`/runs${withParameters(search, { [chip.name]: null })}`)}
        >
          <Icon name="x" />
        </button>
      </span>
    ))
}

/** The filters of the address in words, in the order they are shown. */
export function describeFilters(search: URLSearchParams, ownId: string): { name: string; field: string; value: string }[] {
  const state = search.get('state')
  const since = search.get('since')
  const owner = search.get('owner')
  const executor = search.get('executor')
  const q = search.get('q')
  return [
    ...(isRunState(state) ? [{ name: 'state', field: 'state', value: runStateWords[state].label.toLowerCase() }] : []),
    ...(executor ? [{ name: 'executor', field: 'executor', value: executor }] : []),
    ...(owner ? [{ name: 'owner', field: 'owner', value: owner === ownId ? 'you' : owner }] : []),
    ...(since && !Number.isNaN(Date.parse(since))
      ? [{ name: 'since', field: 'started since', value: formatShortTime(Date.parse(since), serverNowMs()) }]
      : []),
    ...(q ? [{ name: 'q', field: 'search', value: q }] : []),
  ]
}

import { runStates, type RunState } from '@autopack/contract/runs'
import { Link } from '../../shared/link.tsx'
import { CommandLine } from '../../shared/command-line.tsx'
import { Empty } from '../../shared/empty.tsx'
import { formatTotal } from '../../shared/format-count.ts'
import { useSession } from '../../shared/session.ts'
import { describeFilters } from './filter-chips.tsx'

type Total = { count: number; exact: boolean }

/** Nothing ever, or nothing that fits: two different things. */
export function NoRuns({
  filtered,
  search,
  byState,
}: {
  filtered: boolean
  search: URLSearchParams
  byState: Partial<Record<RunState | 'silent', Total>> | undefined
}) {
  const { operator } = useSession()
  if (!filtered) {
    return (
      <Empty title="No runs yet">
        <p className="muted">A run appears here when an executor reports one. This makes one, on the machine of the console:</p>
        <CommandLine command="npm run demo:run" />
      </Empty>
    )
  }
  // Silent runs are running runs too; counting them again would count them twice.
  const totals = runStates.map((state) => byState?.[state]).filter((total) => total !== undefined)
  const all = { count: totals.reduce((sum, total) => sum + total.count, 0), exact: totals.every((total) => total.exact) }
  return (
    <Empty title={totals.length > 0 ? `0 of ${formatTotal(all)} match` : 'Nothing matches'}>
      <p className="muted">
        {describeFilters(search, operator.operator_id)
          .map((filter) => `${filter.field} ${filter.value}`)
          .join(', ')}
      </p>
      <Link className="btn" to="/runs">
        Clear filters
      </Link>
    </Empty>
  )
}

import { Link } from '../../shared/link.tsx'
import { formatCount, formatTotal } from '../../shared/format-count.ts'
import { Icon } from '../../shared/icon.tsx'
import { pageSize, withParameters } from './run-filter.ts'

/** Travels with the history entry: a cursor only leads onward, so the way back is remembered. */
export type PagerState = { before?: (string | null)[] }

export function RunPager({
  search,
  count,
  total,
  next,
  state,
}: {
  search: URLSearchParams
  count: number
  total: { count: number; exact: boolean }
  next: string | null
  state: PagerState
}) {
  const before = state.before ?? []
  const cursor = search.get('cursor')
  // Without the way back (a link from elsewhere) the place in the whole is not known.
  const first = cursor === null ? 1 : before.length > 0 ? before.length * pageSize + 1 : null
  const newer = before.at(-1)
  return (
    <nav className="pager" aria-label="Pages">
      <span className="tn">
        {first === null
          ? `${formatCount(count)} of ${formatTotal(total)}`
          : `${formatCount(first)} to ${formatCount(first + count - 1)} of ${formatTotal(total)}`}
      </span>
      {newer !== undefined && (
        <Link to={`/runs${withParameters(search, { cursor: newer })}`} state={{ before: before.slice(0, -1) } satisfies PagerState}>
          Newer
        </Link>
      )}
      {cursor !== null && newer === undefined && <Link to={`/runs${withParameters(search, { cursor: null })}`}>To the first page</Link>}
      {next !== null && (
        <Link to={`/runs${withParameters(search, { cursor: next })}`} state={{ before: [...before, cursor] } satisfies PagerState}>
          Older
        </Link>
      )}
      <span className="end keys">
        <kbd className="kbd">J</kbd> <kbd className="kbd">K</kbd> move{' '}
        <kbd className="kbd">
          <Icon name="enter" label="Enter" />
        </kbd>{' '}
        open <kbd className="kbd">?</kbd> all keys
      </span>
    </nav>
  )
}

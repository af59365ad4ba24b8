import { runStates, type RunState } from '@autopack/contract/runs'
import { Link } from '../../shared/link.tsx'
import { formatTotal } from '../../shared/format-count.ts'
import { runStateWords } from '../../shared/run-mark.tsx'
import { useSession } from '../../shared/session.ts'
import { useServerNow } from '../../shared/server-clock.ts'
import { StateMark } from '../../shared/state-mark.tsx'
import { withParameters } from './run-filter.ts'

type Total = { count: number; exact: boolean }

const order: readonly (RunState | 'silent')[] = ['waiting', 'silent', 'running', 'failed', 'stopped', 'done', 'queued']

/** Views and the states with their counts; each is a link to exactly the rows it counts. */
export function RunFacets({
  search,
  byState,
  total,
  executors,
}: {
  search: URLSearchParams
  byState: Partial<Record<RunState | 'silent', Total>> | undefined
  /** Of the list at hand; undefined while it is not known. */
  total: Total | undefined
  /** Names among the rows at hand; how many runs each has is not known here, so nothing is counted. */
  executors: readonly string[]
}) {
  const { operator } = useSession()
  const today = startOfDay(useServerNow(), 0)
  const week = startOfDay(useServerNow(), 6)
  const state = search.get('state')
  const executor = search.get('executor')
  // The counts are of all runs: beside another filter they would not be of the rows that the link opens.
  const narrowed = ['q', 'owner', 'executor', 'since'].some((name) => search.has(name))
  const views = [
    {
      name: 'All',
      to: withParameters(search, { state: null, owner: null, since: null }),
      current: !state && !search.get('owner') && !search.get('since'),
    },
    { name: 'Mine', to: withParameters(search, { owner: operator.operator_id }), current: search.get('owner') === operator.operator_id },
    { name: 'Today', to: withParameters(search, { since: today }), current: search.get('since') === today },
    { name: 'Last 7 days', to: withParameters(search, { since: week }), current: search.get('since') === week },
  ]
  return (
    <aside className="pane-l runfacets" aria-label="Views and filters">
      <ul className="views">
        {views.map((view) => (
          <li key={view.name}>
            <Link to={view.to || '?'} aria-current={view.current || undefined}>
              {view.name}
              <span className="n tn">{view.current && !state && total ? formatTotal(total) : ''}</span>
            </Link>
          </li>
        ))}
      </ul>
      <h2 id="facet-state">State</h2>
      <ul className="facet" aria-labelledby="facet-state">
        {order.map((each) => {
          const words = runStateWords[each]
          const current = state === each
          const counted = narrowed ? (current ? total : undefined) : byState?.[each]
          return (
            <li key={each} data-none={counted?.count === 0 || undefined}>
              <Link to={withParameters(search, { state: current ? null : each }) || '?'} aria-current={current || undefined}>
                <StateMark kind={words.kind} label={words.label} quiet={words.ordinary || counted === undefined || counted.count === 0} />
                <span className="n tn">{counted ? formatTotal(counted) : ''}</span>
              </Link>
            </li>
          )
        })}
      </ul>
      {(executor !== null || executors.length > 1) && (
        <div className="byexecutor">
          <h2 id="facet-executor">Executor on this page</h2>
          <ul className="facet" aria-labelledby="facet-executor">
            {executors.map((name) => (
              <li key={name}>
                <Link to={withParameters(search, { executor: executor === name ? null : name }) || '?'} aria-current={executor === name || undefined}>
                  <span className="name" title={name}>
                    {name}
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        </div>
      )}
    </aside>
  )
}

export function isRunState(text: string | null): text is RunState | 'silent' {
  return text === 'silent' || (runStates as readonly (string | null)[]).includes(text)
}

function startOfDay(nowMs: number, daysBefore: number): string {
  const day = new Date(nowMs - daysBefore * 86_400_000)
  // Midnight of the person, not of Greenwich; written in UTC like every time on the wire.
  return new Date(day.getFullYear(), day.getMonth(), day.getDate()).toISOString()
}

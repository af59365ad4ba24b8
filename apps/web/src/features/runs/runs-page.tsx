import { useQuery } from '@tanstack/react-query'
import { useLocation, useNavigate, useSearchParams } from 'react-router'
import { actionableQueueQuery } from '../../shared/approval-queue-queries.ts'
import { formatTotal } from '../../shared/format-count.ts'
import { useHeldRows } from '../../shared/held-rows.ts'
import { NewPill } from '../../shared/new-pill.tsx'
import { PageTitle } from '../../shared/page-title.tsx'
import { ProblemPanel } from '../../shared/problem-panel.tsx'
import { runListQuery } from '../../shared/run-queries.ts'
import { Skeleton } from '../../shared/skeleton.tsx'
import { FilterChips } from './filter-chips.tsx'
import { NoRuns } from './no-runs.tsx'
import { RunFacets } from './run-facets.tsx'
import { readRunFilter, withParameters } from './run-filter.ts'
import { RunPager, type PagerState } from './run-pager.tsx'
import { RunTable } from './run-table.tsx'
import { SearchField } from '../../shared/search-field.tsx'
import { findRunId } from '../../shared/waiting-item.ts'
import './runs-page.css'

/** `/runs?state=&q=&owner=&executor=&since=&sort=&cursor=`: what runs, what ran; live, but nothing moves until it is asked to. */
export function RunsPage() {
  const [search] = useSearchParams()
  const navigate = useNavigate()
  const location = useLocation()
  const filter = readRunFilter(search)
  const runs = useQuery(runListQuery(filter))
  const queue = useQuery(actionableQueueQuery)
  const held = useHeldRows(JSON.stringify(filter), runs.isPlaceholderData ? undefined : runs.data?.items, {
    toId: (run) => run.run_id,
    toVersion: (run) => run.version,
    keepWhileReading: true,
  })
  const shown = held.rows.map((row) => row.item)
  const asked = search.get('executor')
  const executors = [...new Set([...(asked === null ? [] : [asked]), ...shown.map((run) => run.executor.name)])].toSorted()
  const actionable = new Set(queue.data?.items.map(findRunId))
  const filtered = [...search.keys()].some((name) => name !== 'sort' && name !== 'cursor')
  const pager = (location.state ?? {}) as PagerState

  return (
    <>
      <PageTitle>Runs</PageTitle>
      <div className="pagehead">
        <h1>Runs</h1>
        <span className="total tn">{runs.data ? formatTotal(runs.data.total) : ''}</span>
        <SearchField
          value={search.get('q') ?? ''}
          label="Search runs"
          placeholder="Name, run id, executor"
          onSearch={(text) => void navigate(`/runs${withParameters(search, { q: text })}`, { replace: true })}
        />
        <FilterChips search={search} />
        <div className="end">
          <NewPill count={held.arrived} moved={held.moved} onShow={held.adopt} />
        </div>
      </div>
      <div className="runspage">
        <RunFacets
          search={search}
          byState={runs.data?.by_state}
          total={runs.isPlaceholderData ? undefined : runs.data?.total}
          executors={executors}
        />
        <div className="runslist">
          {runs.error && (
            <ProblemPanel
              title="Runs could not be read"
              error={runs.error}
              stillWorks={shown.length > 0 ? 'The rows below are the last that were read.' : undefined}
              onRetry={() => void runs.refetch()}
            />
          )}
          {runs.isPending && <Skeleton rows={8} label="Reading the runs" />}
          {runs.data && !runs.isPlaceholderData && shown.length === 0 && <NoRuns filtered={filtered} search={search} byState={runs.data?.by_state} />}
          {shown.length > 0 && <RunTable runs={shown} search={search} actionable={actionable} fading={runs.isPlaceholderData} />}
          {shown.length > 0 && runs.data && (
            <RunPager search={search} count={shown.length} total={runs.data.total} next={runs.data.next_cursor} state={pager} />
          )}
        </div>
      </div>
    </>
  )
}

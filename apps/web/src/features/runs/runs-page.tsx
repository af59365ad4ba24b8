import type { RunSummary } from '@autopack/contract/runs'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation, useNavigate, useSearchParams } from 'react-router'
import { actionableQueueQuery } from '../../shared/approval-queue-queries.ts'
import { formatTotal } from '../../shared/format-count.ts'
import { Icon } from '../../shared/icon.tsx'
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
import { findWaitingChanges, showRows, updateShownRows, type ShownRows } from './shown-rows.ts'
import './runs-page.css'

/** `/runs?state=&q=&owner=&executor=&since=&sort=&cursor=`: what runs, what ran; live, but nothing moves until it is asked to. */
export function RunsPage() {
  const [search] = useSearchParams()
  const navigate = useNavigate()
  const location = useLocation()
  const filter = readRunFilter(search)
  const runs = useQuery(runListQuery(filter))
  const queue = useQuery(actionableQueueQuery)
  const [page, setPage] = useState<{ of: string; rows: ShownRows; from: readonly RunSummary[] } | null>(null)

  // Shown rows belong to one filter; a later answer of the same filter updates them in place.
  const of = JSON.stringify(filter)
  const items = runs.isPlaceholderData ? undefined : runs.data?.items
  if (items && (page === null || page.of !== of)) setPage({ of, rows: showRows(items), from: items })
  else if (items && page && page.from !== items) setPage({ of, rows: updateShownRows(page.rows, items), from: items })

  const changes = page && items && page.of === of ? findWaitingChanges(page.rows, items) : { added: 0, moved: false }
  const actionable = new Set(queue.data?.items.map((item) => item.action.run_id))
  const filtered = [...search.keys()].some((name) => name !== 'sort' && name !== 'cursor')
  const shown = page?.rows.order.map((id) => page.rows.known.get(id)!) ?? []
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
        <div className="end" aria-live="polite">
          {(changes.added > 0 || changes.moved) && (
            <button
              className="newpill"
              type="button"
              onClick={() => {
                if (items) setPage({ of, rows: showRows(items), from: items })
              }}
            >
              <Icon name="arrow-u" small />
              {changes.added > 0 ? `${changes.added} new` : 'Order changed'}
            </button>
          )}
        </div>
      </div>
      <div className="runspage">
        <RunFacets search={search} byState={runs.data?.by_state} />
        <div className="runslist">
          {runs.error && (
            <ProblemPanel
              title="Runs could not be read"
              error={runs.error}
              stillWorks={shown.length > 0 ? 'The rows below are the last that were read.' : undefined}
              onRetry={() => void runs.refetch()}
            />
          )}
          {page === null && runs.isPending && <Skeleton rows={8} label="Reading the runs" />}
          {page && shown.length === 0 && page.of === of && <NoRuns filtered={filtered} search={search} byState={runs.data?.by_state} />}
          {shown.length > 0 && <RunTable runs={shown} search={search} actionable={actionable} fading={runs.isPlaceholderData} />}
          {shown.length > 0 && runs.data && (
            <RunPager search={search} count={shown.length} total={runs.data.total} next={runs.data.next_cursor} state={pager} />
          )}
        </div>
      </div>
    </>
  )
}

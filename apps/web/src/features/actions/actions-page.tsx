import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation, useNavigate, useSearchParams } from 'react-router'
import { actionableQueueQuery } from '../../shared/approval-queue-queries.ts'
import { useHeldRows } from '../../shared/held-rows.ts'
import { NewPill } from '../../shared/new-pill.tsx'
import { PageTitle } from '../../shared/page-title.tsx'
import { ProblemPanel } from '../../shared/problem-panel.tsx'
import { SearchField } from '../../shared/search-field.tsx'
import { Skeleton } from '../../shared/skeleton.tsx'
import { readLedgerFilter, toLedgerAddress } from './ledger-filter.ts'
import { LedgerInspector } from './ledger-inspector.tsx'
import { LedgerPager, type PagerState } from './ledger-pager.tsx'
import { ledgerQuery } from './ledger-queries.ts'
import { LedgerTable } from './ledger-table.tsx'
import { NoActions } from './no-actions.tsx'
import { LedgerSelects, SavedViews } from './saved-views.tsx'
import { useWideWindow } from '../../shared/use-wide-window.ts'
import './actions-page.css'

/** `/actions?state=&provider=&observed=&q=&cursor=`: what was to happen outside and what came of it, newest first; live, but nothing moves by itself. */
export function ActionsPage() {
  const [search] = useSearchParams()
  const navigate = useNavigate()
  const location = useLocation()
  const wide = useWideWindow()
  const [chosen, setChosen] = useState<string | null | undefined>()
  const filter = readLedgerFilter(search)
  const ledger = useQuery(ledgerQuery(filter))
  const queue = useQuery(actionableQueueQuery)
  const held = useHeldRows(JSON.stringify(filter), ledger.isPlaceholderData ? undefined : ledger.data?.items, {
    toId: (action) => action.action_id,
    toVersion: (action) => action.version,
    keepWhileReading: true,
  })
  const shown = held.rows.map((row) => row.item)
  const actionable = new Set(queue.data?.items.map((item) => item.approval_ref.id))
  const filtered = ['state', 'provider', 'observed', 'q'].some((name) => search.has(name))
  // Beside the list there is always something to read; where there is no pane, nothing is marked before somebody moves.
  const first = wide && chosen !== null ? (shown[0]?.action_id ?? null) : null
  const selected = shown.some((action) => action.action_id === chosen) ? (chosen ?? null) : first
  const total = ledger.isPlaceholderData ? undefined : ledger.data?.total

  return (
    <>
      <PageTitle>Actions</PageTitle>
      <div className="pagehead ledgerhead">
        <h1>Actions</h1>
        <span className="total">what happened outside</span>
        <SearchField
          value={search.get('q') ?? ''}
          label="Search actions"
          placeholder="Words, target, run, id"
          onSearch={(text) => void navigate(toLedgerAddress(search, { q: text }), { replace: true })}
        />
        <SavedViews search={search} total={total} />
        <LedgerSelects search={search} actions={shown} />
        <div className="end">
          <NewPill count={held.arrived} moved={held.moved} onShow={held.adopt} />
        </div>
      </div>
      <div className="ledgerpage">
        <div className="ledgerlist">
          {ledger.error !== null && (
            <ProblemPanel
              title="The ledger could not be read"
              error={ledger.error}
              stillWorks={shown.length > 0 ? 'The rows below are the last that were read.' : undefined}
              onRetry={() => void ledger.refetch()}
            />
          )}
          {ledger.isPending && <Skeleton rows={8} label="Reading the ledger" />}
          {ledger.data !== undefined && !ledger.isPlaceholderData && shown.length === 0 && <NoActions filtered={filtered} />}
          {shown.length > 0 && (
            <LedgerTable actions={shown} actionable={actionable} selected={selected} onSelect={setChosen} fading={ledger.isPlaceholderData} />
          )}
          {shown.length > 0 && ledger.data !== undefined && (
            <LedgerPager
              search={search}
              count={shown.length}
              total={ledger.data.total}
              next={ledger.data.next_cursor}
              state={(location.state ?? {}) as PagerState}
            />
          )}
        </div>
        {wide && shown.length > 0 && (
          <LedgerInspector
            summary={shown.find((action) => action.action_id === selected) ?? null}
            actionable={selected !== null && actionable.has(selected)}
          />
        )}
      </div>
    </>
  )
}

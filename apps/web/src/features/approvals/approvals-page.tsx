import { hasRole } from '@autopack/contract/roles'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { Link } from '../../shared/link.tsx'
import { approvalQueueQuery, actionableQueueQuery } from '../../shared/approval-queue-queries.ts'
import { formatTotal } from '../../shared/format-count.ts'
import { Icon } from '../../shared/icon.tsx'
import { useHeldRows } from '../../shared/held-rows.ts'
import { NewPill } from '../../shared/new-pill.tsx'
import { PageTitle } from '../../shared/page-title.tsx'
import { ProblemPanel } from '../../shared/problem-panel.tsx'
import { SearchField } from '../../shared/search-field.tsx'
import { useKeys } from '../../shared/keyboard.ts'
import { useSession } from '../../shared/session.ts'
import { Skeleton } from '../../shared/skeleton.tsx'
import { QueueTable } from './queue-table.tsx'
import { statusQuery } from '../../shared/status-queries.ts'
import { isBraked } from '../../shared/is-braked.ts'
import { toSubject } from '../../shared/waiting-item.ts'
import { NothingWaits } from './nothing-waits.tsx'
import { QueueFacets } from './queue-facets.tsx'
import { isNarrowed, readQueueFilter, toQueueSearch } from './queue-filter.ts'
import { toQueueWords } from './queue-words.ts'
import './approvals-page.css'

const RejectSeveralDialog = lazy(async () => ({ default: (await import('./reject-several-dialog.tsx')).RejectSeveralDialog }))

/**
 * `/approvals?scope=&kind=&risk=&provider=&q=&cursor=`: what waits for a person, of every kind, the nearest deadline first. Opens pages;
 * approves nothing by itself.
 */
export function ApprovalsPage() {
  const [search] = useSearchParams()
  const navigate = useNavigate()
  const filter = readQueueFilter(search)
  const query = useQuery(approvalQueueQuery(filter.query))
  const mine = useQuery(actionableQueueQuery)
  const open = useQuery(approvalQueueQuery({ scope: 'open', limit: 100 }))
  // All of the scope, without what narrows it: the same answer as the list's when nothing does.
  const whole = useQuery(approvalQueueQuery({ scope: filter.scope, limit: 100 }))
  const { data: status } = useQuery(statusQuery)
  const control = status?.control
  const listKey = JSON.stringify(filter.query)
  const held = useHeldRows(listKey, query.data?.items, { toId: (item) => item.approval_ref.id, toVersion: (item) => toSubject(item).version })
  const rows = held.rows.map(({ item, gone }) => ({ item, actionable: item.actionable && !gone, gone, braked: isBraked(toSubject(item), control) }))
  const decided = filter.scope === 'decided'

  const { operator } = useSession()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [rejecting, setRejecting] = useState(false)
  // Only what is on screen and still open can be rejected with others.
  const selected = rows
    .filter(({ item, gone }) => !gone && toSubject(item).state === 'PENDING' && chosen.has(item.approval_ref.id))
    .map(({ item }) => item)
  const toggle = (id: string) => setChosen(new Set(chosen.has(id) ? [...chosen].filter((each) => each !== id) : [...chosen, id]))
  const clear = () => setChosen(new Set())
  const maySelect = !decided && hasRole(operator.role, 'approver')
  useKeys(maySelect ? [{ keys: 'r', does: 'reject what is selected', run: () => selected.length > 0 && setRejecting(true) }] : [])

  return (
    <>
      <PageTitle>Approvals</PageTitle>
      <div className="pagehead">
        <h1>Approvals</h1>
        <span className="total tn">{open.data && mine.data && toQueueWords(open.data.total, mine.data, control)}</span>
        <NewPill count={held.arrived} moved={held.moved} onShow={held.adopt} />
        <div className="end">
          <SearchField
            value={filter.q}
            label="Search approvals"
            placeholder="Words, target, seal, id"
            onSearch={(q) => void navigate(`/approvals${toQueueSearch({ ...filter, cursor: null, q })}`, { replace: true })}
          />
        </div>
      </div>
      <div className="approvalspage">
        <QueueFacets
          choice={filter}
          lists={{ actionable: mine.data, open: open.data, decided: decided ? whole.data : undefined }}
          shown={query.data?.items ?? []}
        />
        <div className="q-list">
          {!decided && rows.some((row) => row.braked && !row.gone) && <BrakedBand all={control?.brake_engaged ?? false} />}
          {query.error !== null && (
            <ProblemPanel
              title="The queue could not be read"
              error={query.error}
              stillWorks={rows.length > 0 ? 'The rows below are the last that were read.' : undefined}
              onRetry={() => void query.refetch()}
            />
          )}
          {query.isPending && <Skeleton rows={6} label="Reading the queue" />}
          {query.data !== undefined && rows.length === 0 && (
            <NothingWaits
              scope={filter.scope}
              words={isNarrowed(filter) ? filter : null}
              all={whole.data?.total}
              open={open.data?.total.count ?? 0}
              clearTo={`/approvals${toQueueSearch({ scope: filter.scope })}`}
            />
          )}
          {rows.length > 0 && (
            <QueueTable
              listKey={listKey}
              rows={rows}
              decided={decided}
              grouped={filter.scope === 'open'}
              selection={maySelect ? { has: (id) => chosen.has(id), toggle, clear } : null}
            />
          )}
          {query.data !== undefined && rows.length > 0 && (
            <nav className="pager" aria-label="Pages">
              <span className="tn">
                {rows.length} of {formatTotal(query.data.total)}
              </span>
              {filter.cursor !== null && <Link to={`/approvals${toQueueSearch({ ...filter, cursor: null })}`}>To the first page</Link>}
              {query.data.next_cursor !== null && (
                <Link to={`/approvals${toQueueSearch({ ...filter, cursor: query.data.next_cursor })}`}>{decided ? 'Older' : 'Later deadlines'}</Link>
              )}
              <span className="end muted">Approving is one at a time, on its own page.</span>
            </nav>
          )}
          {selected.length > 0 && (
            <div className="q-bar" role="region" aria-label="Selected">
              <span>
                <b className="tn">{selected.length}</b> selected
              </span>
              <button className="btn" type="button" onClick={() => setRejecting(true)}>
                {selected.length === 2 ? 'Reject both…' : selected.length === 1 ? 'Reject…' : `Reject ${selected.length}…`}
              </button>
              <button className="btn quiet" type="button" onClick={clear}>
                Clear{' '}
                <span className="keys" aria-hidden="true">
                  <kbd className="kbd">esc</kbd>
                </span>
              </button>
            </div>
          )}
        </div>
      </div>
      {rejecting && (
        <Suspense fallback={null}>
          <RejectSeveralDialog
            items={selected}
            onClose={(rejected) => {
              setRejecting(false)
              setChosen(new Set([...chosen].filter((id) => !rejected.includes(id))))
            }}
          />
        </Suspense>
      )}
    </>
  )
}

/** Nobody can approve then, whoever they are; the queue says so once, above its rows. */
function BrakedBand({ all }: { all: boolean }) {
  return (
    <div className="banner" data-s="halted">
      <Icon name="halted" />
      <p>
        <strong>{all ? 'The brake is engaged.' : 'A brake is engaged for some of these.'}</strong>{' '}
        {all ? 'Nothing can be approved until an admin releases it.' : 'Those with an octagon cannot be approved until an admin releases it.'}{' '}
        Rejecting works.
      </p>
      <span className="end">
        <Link to="/brake">Who and why</Link>
      </span>
    </div>
  )
}

import { hasRole } from '@autopack/contract/roles'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { approvalQueueQuery, actionableQueueQuery } from '../../shared/approval-queue-queries.ts'
import { CommandLine } from '../../shared/command-line.tsx'
import { Empty } from '../../shared/empty.tsx'
import { formatTotal } from '../../shared/format-count.ts'
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
import { readQueueFilter, scopes, toQueueSearch, type Scope } from './queue-filter.ts'
import { RejectSeveralDialog } from './reject-several-dialog.tsx'
import './approvals-page.css'

const scopeWords: Record<Scope, string> = { actionable: 'Mine and actionable', open: 'All open', decided: 'Decided' }

/** `/approvals?scope=&q=&cursor=`: what waits for a person, the nearest deadline first. Opens pages; approves nothing by itself. */
export function ApprovalsPage() {
  const [search] = useSearchParams()
  const navigate = useNavigate()
  const filter = readQueueFilter(search)
  const query = useQuery(approvalQueueQuery(filter.query))
  const mine = useQuery(actionableQueueQuery)
  const open = useQuery(approvalQueueQuery({ scope: 'open', limit: 100 }))
  const listKey = JSON.stringify(filter.query)
  const held = useHeldRows(listKey, query.data?.items, { toId: (item) => item.approval_ref.id })
  const counts: Partial<Record<Scope, string>> = {
    actionable: mine.data && formatTotal(mine.data.total),
    open: open.data && formatTotal(open.data.total),
  }
  const rows = held.rows.map(({ item, gone }) => ({ action: item.action, actionable: item.actionable && !gone, gone }))

  const { operator } = useSession()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [rejecting, setRejecting] = useState(false)
  // Only what is on screen and still open can be rejected with others.
  const selected = rows.filter((row) => !row.gone && row.action.state === 'PENDING' && chosen.has(row.action.action_id)).map((row) => row.action)
  const toggle = (id: string) => setChosen(new Set(chosen.has(id) ? [...chosen].filter((each) => each !== id) : [...chosen, id]))
  const clear = () => setChosen(new Set())
  const maySelect = filter.scope !== 'decided' && hasRole(operator.role, 'approver')
  useKeys(maySelect ? [{ keys: 'r', does: 'reject what is selected', run: () => selected.length > 0 && setRejecting(true) }] : [])

  return (
    <>
      <PageTitle>Approvals</PageTitle>
      <div className="pagehead">
        <h1>Approvals</h1>
        <span className="total tn">{toHeadWords(open.data?.total, mine.data?.total)}</span>
        <NewPill count={held.arrived} moved={held.moved} onShow={held.adopt} />
        <div className="end">
          <SearchField
            value={filter.q}
            label="Search approvals"
            placeholder="Words, target, seal, id"
            onSearch={(q) => void navigate(`/approvals${toQueueSearch({ scope: filter.scope, q })}`, { replace: true })}
          />
        </div>
      </div>
      <div className="approvalspage">
        <aside className="pane-l" aria-label="Views">
          <ul className="views">
            {scopes.map((scope) => (
              <li key={scope}>
                <Link to={`/approvals${toQueueSearch({ scope, q: filter.q })}`} aria-current={scope === filter.scope ? 'page' : undefined}>
                  {scopeWords[scope]}
                  {filter.q === '' && counts[scope] !== undefined && <span className="n tn">{counts[scope]}</span>}
                </Link>
              </li>
            ))}
          </ul>
        </aside>
        <div className="q-list">
          {query.error !== null && (
            <ProblemPanel
              title="The queue could not be read"
              error={query.error}
              stillWorks={rows.length > 0 ? 'The rows below are the last that were read.' : undefined}
              onRetry={() => void query.refetch()}
            />
          )}
          {query.isPending && <Skeleton rows={6} label="Reading the queue" />}
          {query.data !== undefined && rows.length === 0 && <NothingHere scope={filter.scope} q={filter.q} open={open.data?.total.count ?? 0} />}
          {rows.length > 0 && (
            <QueueTable
              listKey={listKey}
              rows={rows}
              decided={filter.scope === 'decided'}
              grouped={filter.scope === 'open'}
              selection={maySelect ? { has: (id) => chosen.has(id), toggle, clear } : null}
            />
          )}
          {query.data !== undefined && rows.length > 0 && (
            <nav className="pager" aria-label="Pages">
              <span className="tn">
                {rows.length} of {formatTotal(query.data.total)}
              </span>
              {filter.cursor !== null && <Link to={`/approvals${toQueueSearch({ scope: filter.scope, q: filter.q })}`}>To the first page</Link>}
              {query.data.next_cursor !== null && (
                <Link to={`/approvals${toQueueSearch({ ...filter, cursor: query.data.next_cursor })}`}>
                  {filter.scope === 'decided' ? 'Older' : 'Later deadlines'}
                </Link>
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
        <RejectSeveralDialog
          actions={selected}
          onClose={(rejected) => {
            setRejecting(false)
            setChosen(new Set([...chosen].filter((id) => !rejected.includes(id))))
          }}
        />
      )}
    </>
  )
}

type Total = { count: number; exact: boolean }

function toHeadWords(open: Total | undefined, mine: Total | undefined): string {
  if (open === undefined || mine === undefined) return ''
  return `${formatTotal(open)} open, ${formatTotal(mine)} ${mine.count === 1 ? 'needs' : 'need'} you`
}

function NothingHere({ scope, q, open }: { scope: Scope; q: string; open: number }) {
  const { operator } = useSession()
  const { data: status } = useQuery(statusQuery)
  if (q !== '') {
    return (
      <Empty title="Nothing matches">
        <p className="muted">
          No {scope === 'decided' ? 'decided' : 'open'} action has “<span className="v">{q}</span>” in its words, target, seal or id.
        </p>
        <Link className="btn" to={`/approvals${toQueueSearch({ scope, q: '' })}`}>
          Clear the search
        </Link>
      </Empty>
    )
  }
  if (scope === 'actionable' && open > 0) {
    return (
      <Empty title="Nothing needs you">
        <p className="muted">
          {open === 1 ? '1 action waits' : `${open} actions wait`} for{' '}
          {hasRole(operator.role, 'approver') ? 'somebody else' : 'an approver: viewers look and do not decide'}.
        </p>
        <Link className="btn" to="/approvals?scope=open">
          Show all open
        </Link>
      </Empty>
    )
  }
  return (
    <Empty title={scope === 'decided' ? 'Nothing was decided yet' : 'Nothing needs you'}>
      <p className="muted">
        {scope === 'decided'
          ? 'Decided actions stay here for good, with who decided, when and why.'
          : 'When an agent wants to do something outside, it waits here until a person decides. This is how it begins:'}
      </p>
      {scope !== 'decided' && status !== undefined && (
        <CommandLine command={status.demo ? 'npm run demo:run' : 'npm run keys -- create my-executor'} />
      )}
    </Empty>
  )
}

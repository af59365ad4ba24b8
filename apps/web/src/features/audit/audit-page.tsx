import type { AuditEntry } from '@autopack/contract/audit'
import { exportAudit } from '@autopack/contract/audit'
import { parseAuditQuery } from '@autopack/contract/audit-query'
import { hasRole } from '@autopack/contract/roles'
import { consolePath } from '@autopack/contract/route'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { Link } from '../../shared/link.tsx'
import { CommandLine } from '../../shared/command-line.tsx'
import { Empty } from '../../shared/empty.tsx'
import { formatCount, formatTotal } from '../../shared/format-count.ts'
import { Icon } from '../../shared/icon.tsx'
import { NewPill } from '../../shared/new-pill.tsx'
import { PageTitle } from '../../shared/page-title.tsx'
import { ProblemPanel } from '../../shared/problem-panel.tsx'
import { SearchField } from '../../shared/search-field.tsx'
import { useSession } from '../../shared/session.ts'
import { Skeleton } from '../../shared/skeleton.tsx'
import { statusQuery } from '../../shared/status-queries.ts'
import { readAuditSearch, setAuditTerm, toAuditSearch } from './audit-filter.ts'
import { auditNewestQuery, auditStoryQuery } from './audit-queries.ts'
import { AuditTable } from './audit-table.tsx'
import './audit-page.css'

/** `/audit?q=`: who did what, newest first; grows only when asked. */
export function AuditPage() {
  const [search] = useSearchParams()
  const navigate = useNavigate()
  const [openedAtMs, setOpenedAtMs] = useState(Date.now)
  const { operator } = useSession()
  const query = readAuditSearch(search)
  const story = useInfiniteQuery(auditStoryQuery(query, openedAtMs))
  const newest = useQuery(auditNewestQuery(query))
  const status = useQuery(statusQuery)
  const read = story.data?.pages.flatMap((page) => page.items) ?? []
  // An empty screen takes what arrives at once: there is nothing to move.
  const entries = read.length === 0 ? (newest.data?.items ?? []) : read
  const arrived = countArrived(entries, newest.data?.items)
  const total = newest.data?.total ?? story.data?.pages[0]?.total

  const unfiltered = query.trim() === ''

  function showNewest() {
    setOpenedAtMs(Date.now())
    window.scrollTo(0, 0)
  }
  return (
    <>
      <PageTitle>Audit</PageTitle>
      <div className="pagehead">
        <h1>Audit</h1>
        <span className="total tn">{total === undefined ? '' : `${formatTotal(total)} ${total.count === 1 ? 'event' : 'events'}`}</span>
        <SearchField
          value={query}
          label="Search the audit log"
          placeholder="Person, action, target, request id"
          onSearch={(q) => void navigate(toAuditSearch(q), { replace: true })}
        />
        <ResultSwitch query={query} />
        <NewPill count={arrived} onShow={showNewest} />
        <div className="end">
          {hasRole(operator.role, 'admin') ? (
            <a className="btn" href={consolePath(exportAudit.path)} download="audit.ndjson">
              <Icon name="download" />
              Export
            </a>
          ) : (
            <button className="btn" type="button" disabled title="The whole log leaves only with an admin.">
              <Icon name="download" />
              Export: admins
            </button>
          )}
        </div>
      </div>
      <div className="chainbar">
        {status.data !== undefined && (
          <span>
            <b className="tn">{formatCount(status.data.audit.head_seq)}</b> in the chain
            {unfiltered && total?.exact && total.count < status.data.audit.head_seq && <>, {formatCount(total.count)} of them yours to see</>}, head{' '}
            <code>{status.data.audit.head_hash.slice(0, 8)}</code>
          </span>
        )}
        <span className="muted">each entry holds the hash of the one before it; check the chain with</span>
        <CommandLine command="npm run verify:audit" />
      </div>
      {story.error !== null && <ProblemPanel title="The audit log could not be read" error={story.error} onRetry={() => void story.refetch()} />}
      {story.isPending && <Skeleton rows={8} label="Reading the audit log" />}
      {story.data !== undefined && entries.length === 0 && <NothingHere filtered={!unfiltered} />}
      {entries.length > 0 && <AuditTable entries={entries} query={query} />}
      {entries.length > 0 && (
        <nav className="pager" aria-label="Older entries">
          <span className="tn">
            {formatCount(entries.length)} of {total === undefined ? '' : formatTotal(total)}
          </span>
          {story.hasNextPage && (
            <button className="btn" type="button" aria-disabled={story.isFetchingNextPage} onClick={() => void story.fetchNextPage()}>
              {story.isFetchingNextPage ? 'Reading' : 'Older'}
            </button>
          )}
        </nav>
      )}
    </>
  )
}

/** How many of the newest are not in the story yet; `100` may mean more. */
function countArrived(entries: readonly AuditEntry[], newest: readonly AuditEntry[] | undefined): number {
  const head = entries[0]?.seq ?? 0
  return newest?.filter((entry) => entry.seq > head).length ?? 0
}

const results = [
  { value: '', words: 'Everything' },
  { value: 'ok', words: 'Done' },
  { value: 'refused', words: 'Refusals' },
]

function ResultSwitch({ query }: { query: string }) {
  const reading = parseAuditQuery(query)
  const now = reading.ok ? reading.terms.find(({ field }) => field === 'result')?.text : undefined
  return (
    <nav className="segctl" aria-label="Results">
      {results.map(({ value, words }) => (
        <Link key={value} to={toAuditSearch(setAuditTerm(query, 'result', value))} aria-current={(now ?? '') === value ? 'true' : undefined}>
          {words}
        </Link>
      ))}
    </nav>
  )
}

function NothingHere({ filtered }: { filtered: boolean }) {
  return (
    <Empty title={filtered ? 'Nothing matches' : 'Nothing has happened yet'}>
      <p className="muted">
        {filtered
          ? 'No entry of the log fits this filter.'
          : 'Decisions, executions, keys, sign-ins and refusals are written here, one after the other, for good.'}
      </p>
      {filtered && (
        <Link className="btn" to="/audit">
          Show everything
        </Link>
      )}
    </Empty>
  )
}

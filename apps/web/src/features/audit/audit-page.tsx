import type { AuditEntry } from '@autopack/contract/audit'
import { exportAudit } from '@autopack/contract/audit'
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
import { filterNames, readAuditFilter, toAuditSearch, type AuditFilter, type FilterName } from './audit-filter.ts'
import { auditNewestQuery, auditStoryQuery } from './audit-queries.ts'
import { AuditTable } from './audit-table.tsx'
import { toDidWords } from './audit-words.ts'
import './audit-page.css'

/** `/audit?actor=&event_type=&run_id=&approval_ref=&result=&q=`: who did what, newest first; grows only when asked. */
export function AuditPage() {
  const [search] = useSearchParams()
  const navigate = useNavigate()
  const [openedAtMs, setOpenedAtMs] = useState(Date.now)
  const { operator } = useSession()
  const filter = readAuditFilter(search)
  const story = useInfiniteQuery(auditStoryQuery(filter, openedAtMs))
  const newest = useQuery(auditNewestQuery(filter))
  const status = useQuery(statusQuery)
  const read = story.data?.pages.flatMap((page) => page.items) ?? []
  // An empty screen takes what arrives at once: there is nothing to move.
  const entries = read.length === 0 ? (newest.data?.items ?? []) : read
  const arrived = countArrived(entries, newest.data?.items)
  const total = newest.data?.total ?? story.data?.pages[0]?.total

  const unfiltered = Object.keys(filter).length === 0

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
          value={filter.q ?? ''}
          label="Search the audit log"
          placeholder="Person, action, target, request id"
          onSearch={(q) => void navigate(toAuditSearch(filter, 'q', q), { replace: true })}
        />
        <Chips filter={filter} />
        <ResultSwitch filter={filter} />
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
      {entries.length > 0 && <AuditTable entries={entries} filter={filter} />}
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

const chipWords: Record<Exclude<FilterName, 'q' | 'result'>, string> = { actor: 'who', event_type: 'did', run_id: 'run', approval_ref: 'action' }

function Chips({ filter }: { filter: AuditFilter }) {
  return filterNames
    .filter((name) => name !== 'q' && name !== 'result')
    .filter((name) => filter[name] !== undefined)
    .map((name) => {
      const text = name === 'event_type' ? toDidWords(String(filter[name])) : String(filter[name])
      return (
        <span className="fchip" key={name}>
          <span>
            {chipWords[name]} <b className="clip chiptext">{text}</b>
          </span>
          <Link className="fchip-x" to={toAuditSearch(filter, name, '')} aria-label={`Remove filter ${chipWords[name]} ${text}`}>
            <Icon name="x" />
          </Link>
        </span>
      )
    })
}

const results = [
  { value: '', words: 'Everything' },
  { value: 'ok', words: 'Done' },
  { value: 'refused', words: 'Refusals' },
]

function ResultSwitch({ filter }: { filter: AuditFilter }) {
  return (
    <nav className="segctl" aria-label="Results">
      {results.map(({ value, words }) => (
        <Link key={value} to={toAuditSearch(filter, 'result', value)} aria-current={(filter.result ?? '') === value ? 'true' : undefined}>
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

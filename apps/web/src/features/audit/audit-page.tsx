import type { AuditEntry } from '@autopack/contract/audit'
import { parseAuditQuery } from '@autopack/contract/audit-query'
import { keepPreviousData, queryOptions, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { Link } from '../../shared/link.tsx'
import { Empty } from '../../shared/empty.tsx'
import { formatCount, formatTotal } from '../../shared/format-count.ts'
import { NewPill } from '../../shared/new-pill.tsx'
import { PageTitle } from '../../shared/page-title.tsx'
import { ProblemPanel } from '../../shared/problem-panel.tsx'
import { Skeleton } from '../../shared/skeleton.tsx'
import { statusQuery } from '../../shared/status-queries.ts'
import { useWideWindow } from '../../shared/use-wide-window.ts'
import { toAuditAddress } from './audit-address.ts'
import { auditNewestQuery, auditStoryQuery } from './audit-queries.ts'
import { AuditTable } from './audit-table.tsx'
import { toSubjectWords } from './audit-words.ts'
import { toKeptWords } from './kept-words.ts'
import type { SeenValues } from './complete-query.ts'
import { QueryField } from './query-field.tsx'
import { QuickFilters } from './quick-filters.tsx'
import { useCheckpointsBackTo } from './use-checkpoints.ts'
import './audit-page.css'

const ExportMenu = lazy(async () => ({ default: (await import('./export-menu.tsx')).ExportMenu }))
const SavedQueries = lazy(async () => ({ default: (await import('./saved-queries.tsx')).SavedQueries }))
const ChainBar = lazy(async () => ({ default: (await import('./chain-bar.tsx')).ChainBar }))
// Only beside the list, where there is room: the rows do not wait for it.
const AuditInspector = lazy(async () => ({ default: (await import('./audit-inspector.tsx')).AuditInspector }))

/** For the completion alone: names, which come when they come. */
const namesQuery = queryOptions({
  queryKey: ['people', 'names'],
  queryFn: async ({ client }) => {
    const { peopleQuery } = await import('../../shared/settings/people-query.ts')
    return (await client.fetchQuery(peopleQuery)).items.map(({ name, role }) => ({ name, role }))
  },
})

/** `/audit?q=`: who did what, newest first; grows only when asked. */
export function AuditPage() {
  const [search] = useSearchParams()
  const navigate = useNavigate()
  const query = (search.get('q') ?? '').trim()
  const readable = parseAuditQuery(query).ok
  return (
    <>
      <PageTitle>Audit</PageTitle>
      <Story query={query} readable={readable} onQuery={(next, options) => void navigate(toAuditAddress(next), options)} />
    </>
  )
}

function Story({ query, readable, onQuery }: { query: string; readable: boolean; onQuery: (query: string, options: { replace: boolean }) => void }) {
  const [openedAtMs, setOpenedAtMs] = useState(Date.now)
  const [chosen, setChosen] = useState<number | null>(null)
  const wide = useWideWindow()
  // The answer before stays, faded, until the next is here.
  const story = useInfiniteQuery({ ...auditStoryQuery(query, openedAtMs), enabled: readable, placeholderData: keepPreviousData })
  const newest = useQuery({ ...auditNewestQuery(query), enabled: readable })
  const status = useQuery(statusQuery)
  const people = useQuery(namesQuery)
  // A query that cannot be read has no answer, also not the one before: there is nothing under it, and the field says why.
  const pages = readable ? story.data?.pages : undefined
  const read = pages?.flatMap((page) => page.items) ?? []
  // An empty screen takes what arrives at once: there is nothing to move.
  const entries = read.length === 0 ? (newest.data?.items ?? []) : read
  const arrived = story.isPlaceholderData ? 0 : countArrived(entries, newest.data?.items)
  const total = newest.data?.total ?? pages?.[0]?.total
  const head = status.data?.audit.head_seq
  const searchedFrom = pages?.at(-1)?.searched_from ?? null
  const { checkpoints, facts } = useCheckpointsBackTo(entries.at(-1)?.seq ?? null)
  const selected = entries.find(({ seq }) => seq === chosen) ?? (wide ? entries[0] : undefined)
  const counted = total === undefined ? null : `${formatTotal(total)} ${total.count === 1 ? 'event' : 'events'}`

  return (
    <>
      <div className="pagehead audithead">
        <h1>Audit</h1>
        <span className="total tn">{counted}</span>
        {/* Only what was asked for is read out, not what arrives by itself. */}
        <span className="sr" role="status">
          {pages === undefined || story.isPlaceholderData || total === undefined ? '' : `${formatTotal(pages[0]!.total)} found`}
        </span>
        <QueryField query={query} seen={toSeen(entries, people.data ?? [])} onQuery={onQuery} />
        <QuickFilters query={query} />
        <NewPill
          count={arrived}
          onShow={() => {
            setOpenedAtMs(Date.now())
            setChosen(null)
            window.scrollTo(0, 0)
          }}
        />
        <div className="end">
          <Suspense fallback={null}>
            <SavedQueries query={query} readable={readable} />
            <ExportMenu query={query} readable={readable} count={counted} />
          </Suspense>
        </div>
      </div>
      <Suspense fallback={<div className="chainbar" />}>
        <ChainBar
          ofThem={
            query === '' && total?.exact && head !== undefined && total.count < head ? `, ${formatCount(total.count)} of them yours to see` : ''
          }
        />
      </Suspense>
      <div className="auditcols">
        <div className="auditlist">
          {story.error !== null && <ProblemPanel title="The audit log could not be read" error={story.error} onRetry={() => void story.refetch()} />}
          {readable && story.isPending && entries.length === 0 && <Skeleton rows={8} label="Reading the audit log" />}
          {pages !== undefined && !story.isPlaceholderData && entries.length === 0 && <NothingHere query={query} of={head} from={searchedFrom} />}
          {entries.length > 0 && (
            <AuditTable
              entries={entries}
              query={query}
              checkpoints={checkpoints}
              kept={toKeptWords(facts?.independent ?? false)}
              selected={selected?.seq ?? null}
              onSelect={setChosen}
              fading={story.isPlaceholderData}
            />
          )}
          {(entries.length > 0 || (readable && story.hasNextPage)) && (
            <nav className="pager" aria-label="Older entries">
              <span className="tn">
                {formatCount(entries.length)} of {total === undefined ? '' : formatTotal(total)}
                {searchedFrom !== null && `, words looked for back to ${formatCount(searchedFrom)}`}
              </span>
              {story.hasNextPage && (
                <button className="btn" type="button" aria-disabled={story.isFetchingNextPage} onClick={() => void story.fetchNextPage()}>
                  {story.isFetchingNextPage ? 'Reading' : searchedFrom === null ? 'Older' : 'Look further back'}
                </button>
              )}
            </nav>
          )}
        </div>
        {wide && entries.length > 0 && (
          <Suspense fallback={<div className="pane-r" />}>
            <AuditInspector entry={selected ?? null} />
          </Suspense>
        )}
      </div>
    </>
  )
}

/** How many of the newest are not in the story yet; `100` may mean more. */
function countArrived(entries: readonly AuditEntry[], newest: readonly AuditEntry[] | undefined): number {
  const head = entries[0]?.seq ?? 0
  return newest?.filter((entry) => entry.seq > head).length ?? 0
}

/** What the completion may offer besides the language itself: people by name, and who and what stands in the list. */
function toSeen(entries: readonly AuditEntry[], people: readonly { name: string; role: string }[]): SeenValues {
  const who = new Map(people.map(({ name, role }) => [name, role]))
  const run = new Map<string, string>()
  const action = new Map<string, string>()
  for (const { event } of entries) {
    const name = event.auth_principal_name ?? event.auth_principal_id
    if (!who.has(name)) who.set(name, event.auth_principal_type)
    if (event.run_id !== null) run.set(event.run_id, 'a run in this list')
    if (event.approval_ref?.kind === 'external_action') action.set(event.approval_ref.id, toSubjectWords(event) ?? 'an action in this list')
  }
  const toList = (values: Map<string, string>) => [...values].map(([value, explains]) => ({ value, explains }))
  return { who: toList(who), run: toList(run), action: toList(action) }
}

/** `from`: the words were looked for in the entries from this one on; null: in all of them. */
function NothingHere({ query, of, from }: { query: string; of: number | undefined; from: number | null }) {
  const all = of === undefined ? 'none' : `0 of ${formatCount(from === null ? of : Math.max(0, of - from + 1))}`
  return (
    <Empty title={query === '' ? 'Nothing has happened yet' : `${all} match${from === null ? '' : `, from ${formatCount(from)} on`}`}>
      <p className="muted">
        {query === ''
          ? 'Decisions, executions, keys, sign-ins and refusals are written here, one after the other, for good.'
          : from === null
            ? 'No entry of the log that you may see fits this query.'
            : 'The entries before that were not looked through yet.'}
      </p>
      {query !== '' && (
        <Link className="btn" to="/audit">
          Show everything
        </Link>
      )}
    </Empty>
  )
}

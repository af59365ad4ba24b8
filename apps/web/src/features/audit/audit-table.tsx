import type { AuditEntry } from '@autopack/contract/audit'
import { useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { Link } from '../../shared/link.tsx'
import { formatCount } from '../../shared/format-count.ts'
import { formatAbsoluteTime } from '../../shared/format-time.ts'
import { useKeys } from '../../shared/keyboard.ts'
import { SentenceText } from '../../shared/sentence-text.tsx'
import { setAuditTerm, toAuditSearch } from './audit-filter.ts'
import { toAuditLinks } from './audit-links.ts'
import { PrincipalIcon, ResultMark } from './audit-marks.tsx'
import { toDidWords, toSubjectWords } from './audit-words.ts'

/** The chain, drawn at the left: one node an entry. */
export function AuditTable({ entries, query }: { entries: readonly AuditEntry[]; query: string }) {
  const [at, setAt] = useState(-1)
  const table = useRef<HTMLTableElement>(null)
  const navigate = useNavigate()
  const move = (by: number) => {
    const next = Math.min(entries.length - 1, Math.max(0, at + by))
    setAt(next)
    table.current?.querySelectorAll<HTMLElement>('a.seq')[next]?.focus()
  }
  useKeys([
    { keys: 'j', does: 'next entry', run: () => move(1) },
    { keys: 'k', does: 'previous entry', run: () => move(-1) },
    { keys: 'Enter', does: 'open the entry', run: () => entries[at] !== undefined && void navigate(`/audit/${entries[at].seq}`) },
  ])
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard
    <div className="tablewrap" tabIndex={0} role="region" aria-label="Entries">
      <table className="t fixed audit" ref={table}>
        <thead>
          <tr>
            <th className="c1" scope="col">
              <span className="sr">Chain</span>
            </th>
            <th className="c2 num" scope="col">
              Seq
            </th>
            <th className="c3" scope="col">
              Time
            </th>
            <th className="c4" scope="col">
              Who
            </th>
            <th className="c5" scope="col">
              Did
            </th>
            <th className="c6" scope="col">
              On
            </th>
            <th className="c7" scope="col">
              Result
            </th>
            <th className="c8" scope="col">
              Hash
            </th>
          </tr>
        </thead>
        <tbody className="hov">
          {entries.map((entry, place) => (
            <Row key={entry.seq} entry={entry} query={query} broken={isBroken(entry, entries[place + 1])} onFocus={() => setAt(place)} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Neighbours that do not hold together; a filter leaves entries out, so only true neighbours are compared. */
function isBroken(entry: AuditEntry, older: AuditEntry | undefined): boolean {
  return older !== undefined && older.seq === entry.seq - 1 && older.hash !== entry.prev
}

function Row({ entry, query, broken, onFocus }: { entry: AuditEntry; query: string; broken: boolean; onFocus: () => void }) {
  const { event } = entry
  const links = toAuditLinks(entry)
  const subject = toSubjectWords(event)
  const name = event.auth_principal_name ?? event.auth_principal_id
  const to = links.action ?? links.run
  return (
    <tr>
      <td className="c1 w-node" aria-label={broken ? 'The chain is broken here' : 'linked'}>
        <i className={broken ? 'node broken' : 'node'} title={broken ? 'This entry does not hold the hash of the one before it.' : undefined} />
      </td>
      <td className="c2 num mono">
        <Link className="seq" to={links.self} onFocus={onFocus}>
          {formatCount(entry.seq)}
        </Link>
      </td>
      <td className="c3 mono muted">
        <ClockTime at={event.at} />
      </td>
      <td className="c4">
        <span className="who" title={event.principal_chain.join(', then ') || event.auth_principal_type}>
          <PrincipalIcon type={event.auth_principal_type} />
          <Link className="name" to={toAuditSearch(setAuditTerm(query, 'who', event.auth_principal_id))}>
            {name}
          </Link>
        </span>
      </td>
      <td className="c5">
        <Link className="name" to={toAuditSearch(setAuditTerm(query, 'did', event.event_type))} title={event.event_type}>
          {toDidWords(event.event_type)}
        </Link>
      </td>
      <td className="c6">
        {subject === null ? (
          <span className="faint" aria-label="nothing">
            –
          </span>
        ) : to === null ? (
          <span className="name v" dir="auto" title={subject}>
            <SentenceText sentence={subject} />
          </span>
        ) : (
          <Link className="name v" dir="auto" title={subject} to={to}>
            <SentenceText sentence={subject} />
          </Link>
        )}
      </td>
      <td className="c7">
        <ResultMark event={event} brief />
        {broken && <span className="sr"> The chain is broken here.</span>}
      </td>
      <td className="c8 mono muted">{entry.hash.slice(0, 8)}</td>
    </tr>
  )
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 })
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })

/** To the millisecond: entries of one request are that close together. */
function ClockTime({ at }: { at: string }) {
  const date = new Date(at)
  return (
    <time dateTime={at} title={formatAbsoluteTime(date.getTime())}>
      {day.format(date)} {clock.format(date)}
    </time>
  )
}

import type { AuditEntry } from '@autopack/contract/audit'
import { Fragment, useRef } from 'react'
import { useNavigate } from 'react-router'
import { toAgentWords, VisibleText } from '../../shared/agent-text.tsx'
import { Link } from '../../shared/link.tsx'
import { formatCount } from '../../shared/format-count.ts'
import { formatAbsoluteTime } from '../../shared/format-time.ts'
import { useKeys } from '../../shared/keyboard.ts'
import { serverNowMs } from '../../shared/server-clock.ts'
import { SentenceText } from '../../shared/sentence-text.tsx'
import { Time } from '../../shared/time.tsx'
import { toAuditAddress, withTerm } from './audit-address.ts'
import { toAuditLinks } from './audit-links.ts'
import { PrincipalIcon, ResultMark } from './audit-marks.tsx'
import { toDidWords, toSubjectWords } from './audit-words.ts'
import { placeCheckpoints, type CheckpointLine, type PlacedCheckpoint } from './place-checkpoints.ts'

type Props = {
  entries: readonly AuditEntry[]
  query: string
  checkpoints: readonly PlacedCheckpoint[]
  /** In words, where the checkpoints are kept. */
  kept: string
  selected: number | null
  onSelect: (seq: number) => void
  /** Rows of the query before, while the next are being read. */
  fading: boolean
}

/** The chain, drawn at the left: one node an entry, two short lines a checkpoint. */
export function AuditTable({ entries, query, checkpoints, kept, selected, onSelect, fading }: Props) {
  const table = useRef<HTMLTableElement>(null)
  const navigate = useNavigate()
  const lines = placeCheckpoints(
    entries.map(({ seq }) => seq),
    checkpoints,
  )
  const move = (by: number) => {
    const links = [...(table.current?.querySelectorAll<HTMLElement>('a.seq') ?? [])]
    const focused = links.indexOf(document.activeElement as HTMLElement)
    const at = focused === -1 ? entries.findIndex(({ seq }) => seq === selected) : focused
    // From nowhere the first key goes to the first row, wherever the mark stands.
    const next = focused === -1 && by > 0 && at <= 0 ? 0 : Math.min(entries.length - 1, Math.max(0, at + by))
    links[next]?.focus()
  }
  useKeys([
    { keys: 'j', does: 'next entry', run: () => move(1) },
    { keys: 'k', does: 'previous entry', run: () => move(-1) },
    { keys: 'Enter', does: 'open the entry', run: () => selected !== null && void navigate(`/audit/${selected}`) },
  ])
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard
    <div className="tablewrap" tabIndex={0} role="region" aria-label="Entries" data-fading={fading || undefined}>
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
            <Fragment key={entry.seq}>
              {lines.has(place) && <Checkpoint line={lines.get(place)!} kept={kept} />}
              <Row
                entry={entry}
                query={query}
                broken={isBroken(entry, entries[place + 1])}
                selected={entry.seq === selected}
                onSelect={() => onSelect(entry.seq)}
              />
            </Fragment>
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

function Checkpoint({ line: { checkpoint, more }, kept }: { line: CheckpointLine; kept: string }) {
  return (
    <tr className="cp">
      <td className="c1 w-node" aria-label="checkpoint">
        <i className="node cpn" />
      </td>
      <td className="cpt" colSpan={6}>
        checkpoint at {formatCount(checkpoint.size)}, signed <Time at={checkpoint.time} form="clock" />, {kept}
        {more > 0 && `, and ${formatCount(more)} more in between`}
      </td>
      {/* A span over a column that is hidden would keep the room of it. */}
      <td className="c8" aria-hidden />
    </tr>
  )
}

type RowProps = { entry: AuditEntry; query: string; broken: boolean; selected: boolean; onSelect: () => void }

function Row({ entry, query, broken, selected, onSelect }: RowProps) {
  const { event } = entry
  const links = toAuditLinks(entry)
  const subject = toSubjectWords(event)
  const name = toAgentWords(event.auth_principal_name ?? event.auth_principal_id)
  const to = links.action ?? links.run
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions -- a shortcut of the mouse to what j and k do; the links in the row are there for everybody
    <tr aria-selected={selected} onClick={onSelect}>
      <td className="c1 w-node" aria-label={broken ? 'The chain is broken here' : 'linked'}>
        <i className={broken ? 'node broken' : 'node'} title={broken ? 'This entry does not hold the hash of the one before it.' : undefined} />
      </td>
      <td className="c2 num mono">
        <Link className="seq" to={links.self} onFocus={onSelect}>
          {formatCount(entry.seq)}
        </Link>
      </td>
      <td className="c3 mono muted">
        <ClockTime at={event.at} />
      </td>
      <td className="c4">
        <span className="who" title={toAgentWords(event.principal_chain.join(', then ')) || event.auth_principal_type}>
          <PrincipalIcon type={event.auth_principal_type} />
          <Link className="name" to={toAuditAddress(withTerm(query, 'who', event.auth_principal_id))}>
            <VisibleText text={name} />
          </Link>
        </span>
      </td>
      <td className="c5">
        <Link className="name" to={toAuditAddress(withTerm(query, 'did', event.event_type))} title={event.event_type}>
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
const daySecond = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' })

/** Of today to the millisecond, as entries of one request are that close together; of another day with the day. */
function ClockTime({ at }: { at: string }) {
  const date = new Date(at)
  const today = date.toDateString() === new Date(serverNowMs()).toDateString()
  return (
    <time dateTime={at} title={formatAbsoluteTime(date.getTime())}>
      {today ? clock.format(date) : daySecond.format(date).replace(',', '')}
    </time>
  )
}

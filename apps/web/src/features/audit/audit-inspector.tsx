import type { AuditEntry } from '@autopack/contract/audit'
import { writeAuditQueryTerm } from '@autopack/contract/audit-query'
import { useQuery } from '@tanstack/react-query'
import { VisibleText } from '../../shared/agent-text.tsx'
import { formatCount } from '../../shared/format-count.ts'
import { Link } from '../../shared/link.tsx'
import { SentenceText } from '../../shared/sentence-text.tsx'
import { Time } from '../../shared/time.tsx'
import { toAuditAddress } from './audit-address.ts'
import { EntryFields, EntryLinks, EntryStory } from './audit-entry.tsx'
import { auditNextOfQuery } from './audit-queries.ts'
import { toDidWords, toResultWords, toSubjectWords } from './audit-words.ts'
import { EntryChain } from './entry-chain.tsx'

/** The selected row, told beside the list. */
export function AuditInspector({ entry }: { entry: AuditEntry | null }) {
  if (entry === null) {
    return (
      <aside className="pane-r auditpane" aria-label="No event selected">
        <p className="insp muted">Nothing is selected.</p>
      </aside>
    )
  }
  return (
    <aside className="pane-r auditpane" aria-label={`Event ${formatCount(entry.seq)}`}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it stays beside a long list, and what scrolls by itself must be reachable */}
      <div className="insp" tabIndex={0} key={entry.seq}>
        <div className="insp-top">
          <h2>{toTitle(entry)}</h2>
          <Link className="end mono muted" to={`/audit/${entry.seq}`}>
            {formatCount(entry.seq)}
          </Link>
        </div>
        <EntryStory event={entry.event} />
        <EntryFields event={entry.event} brief />
        <hr />
        <div>
          <h3>In the chain</h3>
          <EntryChain entry={entry} after={null} brief />
        </div>
        <hr />
        <div>
          <h3>Same {entry.event.auth_principal_type === 'operator' ? 'person' : 'one'}, next</h3>
          <Next entry={entry} />
        </div>
        <div>
          <h3>What it belongs to</h3>
          <EntryLinks entry={entry} />
        </div>
      </div>
    </aside>
  )
}

function toTitle({ event }: AuditEntry): string {
  const did = toDidWords(event.event_type)
  return did.charAt(0).toUpperCase() + did.slice(1)
}

/** What this person, executor or part of the console did after it. */
function Next({ entry }: { entry: AuditEntry }) {
  const next = useQuery(auditNextOfQuery(entry))
  if (next.error !== null) return <p className="muted">It could not be read.</p>
  if (next.data === undefined) return <p className="muted">Reading it.</p>
  if (next.data === null) return <p className="muted">Nothing since.</p>
  if (next.data === 'many') {
    const since = `${writeAuditQueryTerm('who', entry.event.auth_principal_id)} since:${entry.event.at}`
    return <Link to={toAuditAddress(since)}>More than could be looked through: everything since</Link>
  }
  const { event, seq } = next.data
  const subject = toSubjectWords(event)
  return (
    <p>
      <Link to={`/audit/${seq}`}>
        <Time at={event.at} form="clock" /> {toDidWords(event.event_type)},{' '}
        <span className="v">
          <VisibleText text={toResultWords(event).text} />
        </span>
      </Link>
      {subject !== null && (
        <span className="muted name v" dir="auto" title={subject}>
          <SentenceText sentence={subject} />
        </span>
      )}
    </p>
  )
}

import { formatMoney } from '@autopack/approval-proof/format-money'
import type { AuditEntry, AuditEvent } from '@autopack/contract/audit'
import { Fragment, type ReactNode } from 'react'
import { AgentText } from '../../shared/agent-text.tsx'
import { formatAbsoluteTime } from '../../shared/format-time.ts'
import { Link } from '../../shared/link.tsx'
import { SentenceText } from '../../shared/sentence-text.tsx'
import { ActorChain } from './actor-chain.tsx'
import { toTermAddress } from './audit-address.ts'
import { toAuditLinks } from './audit-links.ts'
import { ProofNotes, ResultMark } from './audit-marks.tsx'
import { toDidWords, toSubjectWords } from './audit-words.ts'

/** Who did what, why, what came of it, and how strong that was. */
export function EntryStory({ event }: { event: AuditEvent }) {
  const subject = toSubjectWords(event)
  return (
    <>
      <p className="entrystory">
        <b>
          <AgentText text={event.auth_principal_name ?? event.auth_principal_id} />
        </b>{' '}
        {toDidWords(event.event_type)}
        {subject !== null && (
          <>
            {': '}
            <span className="v" dir="auto">
              <SentenceText sentence={subject} />
            </span>
          </>
        )}
      </p>
      {event.reason !== null && (
        <p>
          <q>
            <AgentText text={event.reason} />
          </q>
        </p>
      )}
      {event.result_status !== 'ok' && (
        <p>
          <ResultMark event={event} />
        </p>
      )}
      <ProofNotes event={event} />
    </>
  )
}

/** What the entry belongs to, each with everything else that the log has of it. */
export function EntryLinks({ entry }: { entry: AuditEntry }) {
  const { event } = entry
  const links = toAuditLinks(entry)
  return (
    <ul className="entrylinks">
      {links.action !== null && (
        <li>
          <Link to={links.action}>the action</Link>, <Link to={toTermAddress('action', event.approval_ref!.id)}>its story</Link>
        </li>
      )}
      {links.request !== null && (
        <li>
          <Link to={links.request}>the request</Link>, <Link to={toTermAddress('request', event.approval_ref!.id)}>its story</Link>
        </li>
      )}
      {links.run !== null && (
        <li>
          <Link to={links.run}>the run</Link>, <Link to={toTermAddress('run', event.run_id!)}>its story</Link>
        </li>
      )}
      <li>
        <Link to={toTermAddress('who', event.auth_principal_id)}>
          everything of <AgentText text={event.auth_principal_name ?? event.auth_principal_id} />
        </Link>
      </li>
    </ul>
  )
}

/**
 * Everything the entry holds; what is null of most events is named together, so that it hides nothing and buries nothing. `brief`: beside
 * its story, without what that tells and without the names of what is null.
 */
export function EntryFields({ event, brief = false }: { event: AuditEvent; brief?: boolean }) {
  const fields = Object.entries(event).filter(([name]) => !shownAbove.has(name) && !(brief && toldInStory.has(name)))
  const told = fields.filter(([, value]) => !isNothing(value))
  const untold = fields.filter(([, value]) => isNothing(value))
  return (
    <dl className="kv entryfields">
      <Row name="who">
        <ActorChain event={event} />
      </Row>
      <Row name="when">
        <time dateTime={event.at}>{formatAbsoluteTime(Date.parse(event.at))}</time> <span className="muted mono">{event.at}</span>
      </Row>
      {told.map(([name, value]) => (
        <Row key={name} name={names[name] ?? name.replaceAll('_', ' ')}>
          <Value name={name} value={value} />
        </Row>
      ))}
      {brief && untold.length > 0 && (
        <Row name="null">
          <span className="muted">{untold.length} more, which do not apply or were not known</span>
        </Row>
      )}
      {!brief && untold.length > 0 && (
        <Row name="null">
          <span className="muted">
            {untold.map(([name]) => names[name] ?? name.replaceAll('_', ' ')).join(', ')}: {untold.length === 1 ? 'does' : 'do'} not apply to this
            kind of event, or {untold.length === 1 ? 'was' : 'were'} not known yet
          </span>
        </Row>
      )}
    </dl>
  )
}

export function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  )
}

const shownAbove = new Set(['at', 'auth_principal_type', 'principal_chain', 'reason'])
const toldInStory = new Set(['auth_principal_id', 'auth_principal_name', 'payload_summary', 'result_status', 'requested_at', 'proof'])
const names: Readonly<Record<string, string>> = {
  auth_principal_id: 'id',
  auth_principal_name: 'name then',
  kill_switch_snapshot: 'switches then',
  spend_snapshot: 'caps then',
  approval_ref: 'about',
  event_type: 'type',
  request_id: 'request',
}

function isNothing(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.length === 0)
}

function Value({ name, value }: { name: string; value: unknown }) {
  if (name === 'approved_by' && Array.isArray(value)) {
    return value.map((id: string, place) => (
      <Fragment key={id}>
        {place > 0 && <span className="dot" />}
        <Who id={id} />
      </Fragment>
    ))
  }
  if (name === 'requested_by' || name === 'auth_principal_id') return <Who id={String(value)} />
  if (Array.isArray(value)) return <AgentText text={value.join(', ')} />
  if (name === 'spend_snapshot') return <Spend value={value as NonNullable<AuditEvent['spend_snapshot']>} />
  if (typeof value === 'object' && value !== null) {
    const told = Object.entries(value).filter(([, item]) => item !== null)
    return told.map(([key, item], place) => (
      <Fragment key={key}>
        {place > 0 && <span className="dot" />}
        <AgentText text={`${key} ${item === true ? 'on' : item === false ? 'off' : String(item)}`} />
      </Fragment>
    ))
  }
  return /_id$|_hash$|_sha256$|_key$|^event_type$/.test(name) ? (
    <span className="mono">
      <AgentText text={String(value)} />
    </span>
  ) : (
    <AgentText text={String(value)} />
  )
}

/** An id, with the way to what its owner did: there the entries have the name. */
function Who({ id }: { id: string }) {
  return (
    <Link className="v mono" to={toTermAddress('who', id)}>
      {id}
    </Link>
  )
}

function Spend({ value }: { value: NonNullable<AuditEvent['spend_snapshot']> }) {
  const money = (amount_minor: number) => formatMoney(amount_minor, value.currency)
  return (
    <span className="tn">
      {money(value.reserved_minor)} reserved
      <span className="dot" />
      {value.actual_minor === null ? 'actual not known' : `${money(value.actual_minor)} actual`}
      <span className="dot" />
      {money(value.spent_today_minor)} of {money(value.cap_minor)} today
    </span>
  )
}

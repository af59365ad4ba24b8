import { ApiProblem } from '@autopack/api-client/errors'
import { formatMoney } from '@autopack/approval-proof/format-money'
import type { AuditEntry } from '@autopack/contract/audit'
import { useQuery } from '@tanstack/react-query'
import { Fragment, type ReactNode } from 'react'
import { useNavigate, useParams } from 'react-router'
import { Link } from '../../shared/link.tsx'
import { CopyButton } from '../../shared/copy-button.tsx'
import { Empty } from '../../shared/empty.tsx'
import { formatCount } from '../../shared/format-count.ts'
import { Icon } from '../../shared/icon.tsx'
import { useKeys } from '../../shared/keyboard.ts'
import { PageTitle } from '../../shared/page-title.tsx'
import { ProblemPanel } from '../../shared/problem-panel.tsx'
import { SentenceText } from '../../shared/sentence-text.tsx'
import { Skeleton } from '../../shared/skeleton.tsx'
import { statusQuery } from '../../shared/status-queries.ts'
import { formatAbsoluteTime } from '../../shared/format-time.ts'
import { toAuditStory } from './audit-filter.ts'
import { toAuditLinks } from './audit-links.ts'
import { PrincipalIcon, ProofNotes, ResultMark } from './audit-marks.tsx'
import { auditEntryQuery } from './audit-queries.ts'
import { toDidWords, toSubjectWords } from './audit-words.ts'
import './audit-page.css'

/** `/audit/:seq`: one entry with everything it holds, and its place in the chain. */
export function AuditEventPage() {
  const { seq = '' } = useParams()
  return /^[1-9]\d{0,11}$/.test(seq) ? <Entry key={seq} seq={Number(seq)} /> : <NotHere />
}

function Entry({ seq }: { seq: number }) {
  const navigate = useNavigate()
  const entry = useQuery(auditEntryQuery(String(seq)))
  const status = useQuery(statusQuery)
  const before = seq > 1 ? `/audit/${seq - 1}` : null
  const head = status.data?.audit.head_seq
  const after = head === undefined || seq < head ? `/audit/${seq + 1}` : null
  // They work before the entry is here, and where it is somebody else's: the way along the chain has no dead end.
  useKeys([
    { keys: '[', does: 'the entry before', run: () => before !== null && void navigate(before) },
    { keys: ']', does: 'the entry after', run: () => after !== null && void navigate(after) },
  ])
  if (entry.data !== undefined) return <Whole entry={entry.data} before={before} after={after} />
  if (entry.error instanceof ApiProblem && entry.error.code === 'not_found')
    return <NotHere seq={seq} written={head !== undefined && seq <= head} before={before} after={after} />
  return (
    <>
      <PageTitle>Audit entry</PageTitle>
      {entry.error === null ? (
        <Skeleton rows={6} label="Reading the entry" />
      ) : (
        <ProblemPanel title="This entry could not be read" error={entry.error} onRetry={() => void entry.refetch()} />
      )}
    </>
  )
}

type Neighbours = { before: string | null; after: string | null }

function Whole({ entry, before, after }: { entry: AuditEntry } & Neighbours) {
  const links = toAuditLinks(entry)
  const { event } = entry
  const subject = toSubjectWords(event)
  const fields = Object.entries(event).filter(([name]) => !shownAbove.has(name))
  const told = fields.filter(([, value]) => !isNothing(value))
  const untold = fields.filter(([, value]) => isNothing(value))
  return (
    <>
      <PageTitle>{`Audit ${entry.seq}`}</PageTitle>
      <div className="pagehead">
        <Link className="btn quiet iconbtn" to="/audit" aria-label="To the audit log">
          <Icon name="arrow-l" />
        </Link>
        <h1>{toDidWords(event.event_type)}</h1>
        <span className="total mono">{formatCount(entry.seq)}</span>
        <div className="end">
          <Along before={before} after={after} />
        </div>
      </div>
      <div className="auditentry">
        <p className="sentence">
          <b>{event.auth_principal_name ?? event.auth_principal_id}</b> {toDidWords(event.event_type)}
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
            <q className="v" dir="auto">
              {event.reason}
            </q>
          </p>
        )}
        <p>
          <ResultMark event={event} />
        </p>
        <ProofNotes event={event} />
        <section aria-labelledby="links-title">
          <h2 className="sr" id="links-title">
            What it belongs to
          </h2>
          <ul className="entrylinks">
            {links.action !== null && (
              <li>
                <Link to={links.action}>the action</Link>, <Link to={toAuditStory('action', event.approval_ref!.id)}>its story</Link>
              </li>
            )}
            {links.request !== null && (
              <li>
                <Link to={links.request}>the request</Link>, <Link to={toAuditStory('request', event.approval_ref!.id)}>its story</Link>
              </li>
            )}
            {links.run !== null && (
              <li>
                <Link to={links.run}>the run</Link>, <Link to={toAuditStory('run', event.run_id!)}>its story</Link>
              </li>
            )}
            <li>
              <Link to={toAuditStory('who', event.auth_principal_id)}>everything of {event.auth_principal_name ?? event.auth_principal_id}</Link>
            </li>
          </ul>
        </section>
        <section aria-labelledby="fields-title">
          <h2 className="sec" id="fields-title">
            The entry
          </h2>
          <dl className="kv entryfields">
            <Row name="at">
              <time dateTime={event.at}>{formatAbsoluteTime(Date.parse(event.at))}</time> <span className="muted mono">{event.at}</span>
            </Row>
            <Row name="who">
              <PrincipalIcon type={event.auth_principal_type} /> {event.auth_principal_type}
              <span className="dot" />
              {event.principal_chain.length === 0 ? event.auth_principal_id : event.principal_chain.join(', then ')}
            </Row>
            {told.map(([name, value]) => (
              <Row key={name} name={name.replaceAll('_', ' ')}>
                <Value name={name} value={value} />
              </Row>
            ))}
            {untold.length > 0 && (
              <Row name="null">
                <span className="muted">
                  {untold.map(([name]) => name.replaceAll('_', ' ')).join(', ')}: {untold.length === 1 ? 'does' : 'do'} not apply here, or{' '}
                  {untold.length === 1 ? 'was' : 'were'} not known yet
                </span>
              </Row>
            )}
          </dl>
        </section>
        <section aria-labelledby="chain-title">
          <h2 className="sec" id="chain-title">
            In the chain
          </h2>
          <dl className="kv entryfields">
            <Row name="before">
              <code className="wrap">{entry.prev}</code> {before !== null && <Link to={before}>{formatCount(entry.seq - 1)}</Link>}
            </Row>
            <Row name="this">
              <code className="wrap">{entry.hash}</code> <CopyButton text={entry.hash} label="Copy this hash" />
            </Row>
            <Row name="after">
              {after === null ? <span className="muted">this is the newest entry</span> : <Link to={after}>{formatCount(entry.seq + 1)}</Link>}
            </Row>
          </dl>
        </section>
      </div>
    </>
  )
}

/** Three rows in four say nothing of most events; named together, they hide nothing and bury nothing. */
function isNothing(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.length === 0)
}

const shownAbove = new Set(['at', 'auth_principal_type', 'auth_principal_id', 'principal_chain'])

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  )
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
  if (name === 'requested_by') return <Who id={String(value)} />
  if (Array.isArray(value)) return <span className="v">{value.join(', ')}</span>
  if (name === 'spend_snapshot') return <Spend value={value as NonNullable<AuditEntry['event']['spend_snapshot']>} />
  if (typeof value === 'object' && value !== null) {
    const told = Object.entries(value).filter(([, item]) => item !== null)
    return told.map(([key, item], place) => (
      <Fragment key={key}>
        {place > 0 && <span className="dot" />}
        <span className="v">
          {key} {item === true ? 'on' : item === false ? 'off' : String(item)}
        </span>
      </Fragment>
    ))
  }
  const mono = /_id$|_hash$|_key$|^event_type$/.test(name)
  return (
    <span className={mono ? 'v mono' : 'v'} dir="auto">
      {String(value)}
    </span>
  )
}

/** An id, with the way to what its owner did: there the entries have the name. */
function Who({ id }: { id: string }) {
  return (
    <Link className="v mono" to={toAuditStory('who', id)}>
      {id}
    </Link>
  )
}

function Spend({ value }: { value: NonNullable<AuditEntry['event']['spend_snapshot']> }) {
  const money = (amount_minor: number) => formatMoney(amount_minor, value.currency)
  return (
    <>
      {money(value.reserved_minor)} reserved
      <span className="dot" />
      {value.actual_minor === null ? 'actual not known' : `${money(value.actual_minor)} actual`}
      <span className="dot" />
      {money(value.spent_today_minor)} of {money(value.cap_minor)} today
    </>
  )
}

function Along({ before, after }: Neighbours) {
  return (
    <>
      {before !== null && (
        <Link className="btn" to={before}>
          <Icon name="chev-l" />
          Before
        </Link>
      )}
      {after !== null && (
        <Link className="btn" to={after}>
          After
          <Icon name="chev-r" />
        </Link>
      )}
    </>
  )
}

/** `seq`: a place in the chain whose entry is somebody else's or not written yet. Missing: the address names no place at all. */
function NotHere({ seq, written = false, before = null, after = null }: { seq?: number; written?: boolean } & Partial<Neighbours>) {
  return (
    <>
      <PageTitle>Not here</PageTitle>
      <Empty title={seq === undefined ? 'This entry is not here' : `Entry ${formatCount(seq)} is not here`} asPage>
        <p className="muted">
          {written ? 'It is part of the chain, and not yours to see. An admin sees every entry.' : 'It was not written yet, or you may not see it.'}
        </p>
        <div className="besides">
          <Along before={before} after={after} />
          <Link className="btn" to="/audit">
            To the audit log
          </Link>
        </div>
      </Empty>
    </>
  )
}

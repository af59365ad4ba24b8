import { ApiProblem } from '@autopack/api-client/errors'
import type { AuditEntry } from '@autopack/contract/audit'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from 'react-router'
import { Link } from '../../shared/link.tsx'
import { Empty } from '../../shared/empty.tsx'
import { formatCount } from '../../shared/format-count.ts'
import { Icon } from '../../shared/icon.tsx'
import { useKeys } from '../../shared/keyboard.ts'
import { PageTitle } from '../../shared/page-title.tsx'
import { ProblemPanel } from '../../shared/problem-panel.tsx'
import { Skeleton } from '../../shared/skeleton.tsx'
import { statusQuery } from '../../shared/status-queries.ts'
import { EntryFields, EntryLinks, EntryStory } from './audit-entry.tsx'
import { auditEntryQuery } from './audit-queries.ts'
import { toDidWords } from './audit-words.ts'
import { EntryChain } from './entry-chain.tsx'
import './audit-page.css'

/** `/audit/:seq`: one entry with everything it holds, and its place in the chain. */
export function AuditEventPage() {
  const { seq = '' } = useParams()
  return /^[1-9]\d{0,11}$/.test(seq) ? <Entry key={seq} seq={Number(seq)} /> : <NotHere />
}

function Entry({ seq }: { seq: number }) {
  const navigate = useNavigate()
  const entry = useQuery(auditEntryQuery(String(seq)))
  // Whether it is the newest is asked anew at every entry: most of what is written makes no live event.
  const status = useQuery({ ...statusQuery, staleTime: 0 })
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
  return (
    <>
      <PageTitle>{`Audit ${entry.seq}`}</PageTitle>
      <div className="pagehead">
        <Link className="btn quiet iconbtn" to="/audit" aria-label="To the audit log">
          <Icon name="arrow-l" />
        </Link>
        <h1>{toDidWords(entry.event.event_type)}</h1>
        <span className="total mono">{formatCount(entry.seq)}</span>
        <div className="end">
          <Along before={before} after={after} />
        </div>
      </div>
      <div className="auditentry">
        <EntryStory event={entry.event} />
        <section aria-labelledby="links-title">
          <h2 className="sr" id="links-title">
            What it belongs to
          </h2>
          <EntryLinks entry={entry} />
        </section>
        <section aria-labelledby="fields-title">
          <h2 className="sec" id="fields-title">
            The entry
          </h2>
          <EntryFields event={entry.event} />
        </section>
        <section aria-labelledby="chain-title">
          <h2 className="sec" id="chain-title">
            In the chain
          </h2>
          <EntryChain entry={entry} after={after} />
        </section>
      </div>
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

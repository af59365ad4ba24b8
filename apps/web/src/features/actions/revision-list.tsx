import type { ExternalAction } from '@autopack/contract/external-actions'
import { useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'react-router'
import { Link } from '../../shared/link.tsx'
import { AgentText, VisibleText } from '../../shared/agent-text.tsx'
import { Icon } from '../../shared/icon.tsx'
import { ProblemPanel } from '../../shared/problem-panel.tsx'
import { SealMark } from '../../shared/seal-mark.tsx'
import { SentenceText } from '../../shared/sentence-text.tsx'
import { Skeleton } from '../../shared/skeleton.tsx'
import { Time } from '../../shared/time.tsx'
import { compareRevisions, type RevisionChange } from './compare-revisions.ts'
import { revisionQuery } from './ledger-queries.ts'
import { RevisionPayload } from './revision-payload.tsx'

/** All that was proposed, newest first; `?revision=` opens the payload of one. Superseded ones are struck, and stay readable. */
export function RevisionList({ action }: { action: ExternalAction }) {
  const [search] = useSearchParams()
  const asked = Number(search.get('revision') ?? Number.NaN)
  const oldest = action.revisions.at(-1)?.revision ?? 1
  return (
    <ol className="act-revisions" reversed>
      {action.revisions.map((revision) => {
        const inForce = revision.revision === action.revision
        const open = revision.revision === asked
        return (
          <li key={revision.revision} id={`revision-${revision.revision}`} data-old={!inForce || undefined}>
            <p className="act-rev-head">
              <strong>Revision {revision.revision}</strong>
              <span className="muted">
                <Time at={revision.created_at} form="clock" />
                {inForce ? (action.revisions.length > 1 ? ', in force' : '') : ', superseded'}
              </span>
              <SealMark seal={revision.seal} />
            </p>
            {action.revisions.length > 1 && (
              <p className="act-rev-sentence">
                <SentenceText sentence={revision.sentence} capital />
              </p>
            )}
            {revision.revision > oldest && <Difference actionId={action.action_id} revision={revision.revision} />}
            {revision.revision === oldest && oldest > 1 && <p className="muted">The {oldest - 1} before it are in the audit log.</p>}
            <p>
              <Link to={open ? '?' : `?revision=${revision.revision}`} replace preventScrollReset aria-expanded={open}>
                {open ? 'Hide the payload' : 'Read the payload'}
              </Link>
            </p>
            {open && <RevisionPayload actionId={action.action_id} revision={revision} />}
          </li>
        )
      })}
    </ol>
  )
}

/** What this revision says other than the one before, from the bytes of both. */
function Difference({ actionId, revision }: { actionId: string; revision: number }) {
  const before = useQuery(revisionQuery({ action_id: actionId, revision: revision - 1 }))
  const after = useQuery(revisionQuery({ action_id: actionId, revision }))
  const error = before.error ?? after.error
  if (error !== null) {
    return (
      <ProblemPanel
        title="What changed could not be read"
        error={error}
        onRetry={() => {
          void before.refetch()
          void after.refetch()
        }}
      />
    )
  }
  if (before.data === undefined || after.data === undefined) return <Skeleton rows={1} label="Reading what changed" />
  if (before.data.unreadable !== null || after.data.unreadable !== null) return <p className="muted">One of the two cannot be read as a payload.</p>
  const { changes, equal } = compareRevisions(before.data.fields, after.data.fields)
  return (
    <div className="act-diff">
      <p className="muted">
        {changes.length === 0 ? 'No value differs' : changes.length === 1 ? '1 value differs' : `${changes.length} values differ`} from revision{' '}
        {revision - 1}
        {equal > 0 && `, ${equal} are equal`}.
      </p>
      {changes.length > 0 && (
        <dl>
          {changes.map((change) => (
            <div key={change.pointer}>
              <dt title={change.pointer}>
                <AgentText text={change.label} />
              </dt>
              <dd>
                <Change change={change} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  )
}

function Change({ change: { before, after } }: { change: RevisionChange }) {
  if (before === null)
    return (
      <>
        <span className="muted">new:</span> <Leaf text={after!} />
      </>
    )
  if (after === null)
    return (
      <>
        <span className="muted">gone:</span>{' '}
        <s className="muted">
          <Leaf text={before} />
        </s>
      </>
    )
  return (
    <>
      <s className="muted">
        <Leaf text={before} />
      </s>{' '}
      <Icon name="arrow-r" label="became" small />{' '}
      <b>
        <Leaf text={after} />
      </b>
    </>
  )
}

/** As the renderer wrote it: hidden characters are escaped already. */
function Leaf({ text }: { text: string }) {
  return text === '' ? (
    <span className="muted">empty</span>
  ) : (
    <span className="v" dir="auto">
      <VisibleText text={text} />
    </span>
  )
}

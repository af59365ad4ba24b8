import { toVisibleText } from '@autopack/approval-proof/visible-text'
import type { ExternalAction } from '@autopack/contract/external-actions'
import { useQuery } from '@tanstack/react-query'
import { VisibleText } from '../../shared/agent-text.tsx'
import { CopyButton } from '../../shared/copy-button.tsx'
import { formatCount } from '../../shared/format-count.ts'
import { Icon } from '../../shared/icon.tsx'
import { ProblemPanel } from '../../shared/problem-panel.tsx'
import { Skeleton } from '../../shared/skeleton.tsx'
import { revisionQuery } from './ledger-queries.ts'

type Revision = ExternalAction['revisions'][number]

/** One revision as proposed: every value by its name, then exactly the bytes, hashed here. */
export function RevisionPayload({ actionId, revision }: { actionId: string; revision: Revision }) {
  const query = useQuery(revisionQuery({ action_id: actionId, revision: revision.revision }))
  if (query.error !== null) return <ProblemPanel title="The payload could not be read" error={query.error} onRetry={() => void query.refetch()} />
  if (query.data === undefined) return <Skeleton rows={4} label="Reading the payload" />
  const { bytes, fields, hash, unreadable } = query.data
  const text = new TextDecoder().decode(bytes)
  return (
    <div className="act-payload">
      {hash !== revision.payload_hash && (
        <p className="act-bad" role="alert">
          <Icon name="failed" /> <b>These are not the bytes of this revision.</b> Their hash is {hash}, the ledger has {revision.payload_hash}.
        </p>
      )}
      {unreadable !== null && <p className="act-bad">They cannot be read as a payload: {unreadable}</p>}
      {fields.length > 0 && (
        <dl>
          {fields.map((field) => (
            <div key={field.pointer}>
              <dt title={field.pointer}>
                <VisibleText text={field.label} />
              </dt>
              <dd className={field.explained ? 'v' : 'v mono'} dir="auto">
                {field.value_text === '' ? <span className="muted">empty</span> : <VisibleText text={field.value_text} />}
              </dd>
            </div>
          ))}
        </dl>
      )}
      <p className="act-bytes">
        <span className="muted">The {formatCount(bytes.length)} bytes as proposed</span>
        <CopyButton text={text} label="Copy bytes" words="Copy bytes" />
      </p>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard */}
      <pre className="well act-raw" tabIndex={0} role="region" aria-label={`The bytes of revision ${revision.revision}`}>
        <VisibleText text={toVisibleText(text, false).text} />
      </pre>
    </div>
  )
}

import type { AuditEntry } from '@autopack/contract/audit'
import { CopyButton } from '../../shared/copy-button.tsx'
import { formatCount } from '../../shared/format-count.ts'
import { Link } from '../../shared/link.tsx'
import { Time } from '../../shared/time.tsx'
import { Row } from './audit-entry.tsx'
import { useCheckpointsBackTo } from './use-checkpoints.ts'
import { findSealing } from './place-checkpoints.ts'

/** The place of an entry: its neighbours by hash, and the checkpoint that keeps it. `after` null: it is the newest. */
export function EntryChain({ entry, after, brief = false }: { entry: AuditEntry; after: string | null; brief?: boolean }) {
  const { checkpoints, complete, error } = useCheckpointsBackTo(entry.seq)
  const sealing = findSealing(entry.seq, checkpoints)
  const shown = (hash: string) => (brief ? `${hash.slice(0, 8)} ${hash.slice(8, 16)} …` : hash)
  return (
    <dl className="kv entryfields">
      <Row name="before">
        <code className="wrap muted">{shown(entry.prev)}</code>{' '}
        {entry.seq > 1 ? <Link to={`/audit/${entry.seq - 1}`}>{formatCount(entry.seq - 1)}</Link> : <span className="muted">the first of all</span>}
      </Row>
      <Row name="this">
        <code className="wrap">{shown(entry.hash)}</code> <CopyButton text={entry.hash} label="Copy this hash" />
      </Row>
      {!brief && (
        <Row name="after">
          {after === null ? <span className="muted">this is the newest entry</span> : <Link to={after}>{formatCount(entry.seq + 1)}</Link>}
        </Row>
      )}
      <Row name="sealed by">
        {sealing !== undefined ? (
          <>
            the checkpoint at {formatCount(sealing.size)}, signed <Time at={sealing.time} form="clock" />
          </>
        ) : (
          <span className="muted">
            {error !== null ? 'the checkpoints could not be read' : complete ? 'no checkpoint yet' : 'reading the checkpoints'}
          </span>
        )}
      </Row>
    </dl>
  )
}

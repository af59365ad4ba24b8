import type { AuditCheckpoint } from '@autopack/contract/checkpoints'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { formatCount } from '../../shared/format-count.ts'
import { formatExactDuration } from '../../shared/format-duration.ts'
import { Icon } from '../../shared/icon.tsx'
import { Link } from '../../shared/link.tsx'
import { useKnownLog } from '../../shared/evidence/last-check.ts'
import { StateMark } from '../../shared/state-mark.tsx'
import { statusQuery } from '../../shared/status-queries.ts'
import { Time } from '../../shared/time.tsx'
import { EvidenceTrouble } from './evidence-trouble.tsx'
import { toKeptWords } from './kept-words.ts'
import { toStanding } from './to-standing.ts'
import { useCheckpointsBackTo } from './use-checkpoints.ts'

/** How the chain stands: what this browser knows by itself, what was signed last, and where that is kept. */
export function ChainBar({ ofThem }: { ofThem: ReactNode }) {
  const status = useQuery(statusQuery)
  const known = useKnownLog()
  const { checkpoints, facts, error } = useCheckpointsBackTo(null)
  const size = status.data?.audit.head_seq
  const [newest] = checkpoints
  const standing = toStanding(known, size === undefined ? null : { size, readAtMs: status.dataUpdatedAt })
  return (
    <>
      <div className="chainbar">
        {known?.last.ok === false ? (
          <Link className="plain" to="/audit/verify">
            <StateMark {...standing} />
          </Link>
        ) : (
          <StateMark {...standing} />
        )}
        {size !== undefined && (
          <span>
            <b className="tn">{formatCount(size)}</b> {size === 1 ? 'event' : 'events'} in the chain{ofThem}
          </span>
        )}
        {facts !== undefined && <LastCheckpoint newest={newest} independent={facts.independent} size={size} />}
        {error !== null && <span className="muted">the checkpoints could not be read</span>}
        {known !== null && (
          <span className="muted">
            checked in this browser <Time at={known.last.at} form="clock" />, {formatCount(known.last.count)} events,{' '}
            <span className="nowrap">{formatExactDuration(known.last.tookMs)}</span>
          </span>
        )}
        <span className="end">
          <Link className="btn" to="/audit/verify">
            {known === null ? 'Verify' : 'Verify again'}
          </Link>
          <Link className="btn quiet" to="/audit/verify#file">
            Check a receipt…
          </Link>
        </span>
      </div>
      <EvidenceTrouble />
    </>
  )
}

function LastCheckpoint({ newest, independent, size }: { newest: AuditCheckpoint | undefined; independent: boolean; size: number | undefined }) {
  if (newest === undefined) return <span className="muted">no checkpoint was signed yet: nothing outside knows this log</span>
  const open = size === undefined ? 0 : size - newest.size
  return (
    <span className="muted">
      last checkpoint <Time at={newest.time} />
      {open > 0 && `, ${formatCount(open)} ${open === 1 ? 'event' : 'events'} since`}, key <code>ed25519 {newest.key_id}</code>,{' '}
      {toKeptWords(independent)}
      {!independent && (
        <span title="Whoever can write the database's folder can write these, too. Keep a copy elsewhere, or set the writer up on another machine.">
          {' '}
          <Icon name="info" small label="What that means: whoever can write the folder of the database can write these, too." />
        </span>
      )}
    </span>
  )
}

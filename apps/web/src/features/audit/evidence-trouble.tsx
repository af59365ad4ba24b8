import type { AuditLate, AuditStopped } from '@autopack/contract/checkpoints'
import { useQuery } from '@tanstack/react-query'
import { AgentText } from '../../shared/agent-text.tsx'
import { formatCount } from '../../shared/format-count.ts'
import { Icon } from '../../shared/icon.tsx'
import { statusQuery } from '../../shared/status-queries.ts'
import { Time } from '../../shared/time.tsx'

/** What keeps the log from being written or signed, in full; nothing while both go on. */
export function EvidenceTrouble() {
  const { data } = useQuery(statusQuery)
  return (
    <>
      {data?.audit.stopped && <Stopped stopped={data.audit.stopped} />}
      {data?.audit.late && <Late late={data.audit.late} />}
    </>
  )
}

/** Nothing is written any more: what that means, and who can end it. */
function Stopped({ stopped: { reason, checkpoint, log_size } }: { stopped: AuditStopped }) {
  return (
    <div className="banner" data-s="failed" role="alert">
      <Icon name="failed" />
      <p>
        <strong>Nothing is written any more.</strong>{' '}
        {reason === 'ahead' ? (
          <>
            The log has {formatCount(log_size)} events, and a checkpoint of <Time at={checkpoint.time} form="clock" /> knows{' '}
            {formatCount(checkpoint.size)}: the database was put back to an earlier state, or the end of the log was cut off.
          </>
        ) : (
          <>
            Entry {formatCount(checkpoint.size)} is not the one that was signed <Time at={checkpoint.time} form="clock" />: the log was written anew,
            or cannot be read.
          </>
        )}{' '}
        Every change is refused until whoever runs the deployment accepts this on purpose (docs/deployment.md, “A restored database”); reading and the
        brake still work.
      </p>
    </div>
  )
}

/** Nothing is signed any more: what was last heard of the writer, and what that means. */
function Late({ late: { since, detail } }: { late: AuditLate }) {
  return (
    <div className="banner" data-s="failed" role="alert">
      <Icon name="failed" />
      <p>
        <strong>
          Nothing was signed since <Time at={since} form="clock" />.
        </strong>{' '}
        {detail === null ? (
          'The checkpoint writer says nothing: it does not run, or does not reach the control plane.'
        ) : (
          <>
            The checkpoint writer does not sign: <AgentText text={detail} />
          </>
        )}{' '}
        Until it signs again, nothing outside knows what is written, and receipts of it wait (docs/deployment.md, “Checkpoints”).
      </p>
    </div>
  )
}

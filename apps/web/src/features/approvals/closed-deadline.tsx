import type { ExternalAction } from '@autopack/contract/external-actions'
import { Fuse } from '../../shared/fuse.tsx'
import { formatHoldClock } from '../../shared/ledger/format-hold-clock.ts'
import { useServerNow } from '../../shared/server-clock.ts'
import { Time } from '../../shared/time.tsx'

/** Where the time to decide stood: the launch hold while it runs, and then how old the proposal is. */
export function ClosedDeadline({ action }: { action: ExternalAction }) {
  const nowMs = useServerNow()
  const left = action.state === 'APPROVED' && action.not_before !== null ? formatHoldClock(Date.parse(action.not_before) - nowMs) : null
  if (left === null) {
    return (
      <p className="deadline muted">
        proposed <Time at={action.requested_at} />
      </p>
    )
  }
  return (
    <>
      <p className="deadline">
        <strong className="tn">{left}</strong>{' '}
        <span className="muted">
          until it goes out, at <Time at={action.not_before!} form="clock" />
        </span>
      </p>
      <span className="holdfuse">
        <Fuse from={action.decided_at ?? action.requested_at} to={action.not_before!} other />
      </span>
    </>
  )
}

import type { ReactNode } from 'react'
import { Link } from '../../shared/link.tsx'
import { Fuse } from '../../shared/fuse.tsx'
import { toDeadlineAnnouncement } from '../../shared/format-time-left.ts'
import { Icon } from '../../shared/icon.tsx'
import { useServerNow } from '../../shared/server-clock.ts'
import { Time } from '../../shared/time.tsx'
import { TimeLeft } from '../../shared/time-left.tsx'
import type { QueuePlace } from './find-queue-place.ts'
import { toPositionWords } from './position-words.ts'

type Props = {
  /** `latest_execute_by`: the second clock, of what is carried out later. */
  subject: { state: string; requested_at: string; decide_by: string; latest_execute_by?: string }
  place: QueuePlace
  /** The queue is here, so that its silence means something. */
  queueKnown: boolean
  mayApprove: boolean
  /** What stands in the place of the time left once it is closed. */
  closed: ReactNode
}

/** Where this stands in the queue, and how long there is to decide. */
export function QueueSubbar({ subject, place, queueKnown, mayApprove, closed }: Props) {
  const open = subject.state === 'PENDING'
  return (
    <section className="subbar" aria-label="Place in the queue, time left">
      <Link className="back" to="/approvals">
        <Icon name="arrow-l" />
        <span>Approvals</span>
      </Link>
      <span className="muted pos">{toPositionWords({ open, mayApprove, known: queueKnown, ...place })}</span>
      <span className="prevnext">
        <Neighbour to={place.previous} icon="chev-l" label="Previous item" />
        <Neighbour to={place.next} icon="chev-r" label="Next item" />
      </span>
      {open ? (
        <p className="deadline">
          <strong>
            <TimeLeft by={subject.decide_by} /> <Left by={subject.decide_by} />
          </strong>{' '}
          <span className="muted">
            to decide, by <Time at={subject.decide_by} form="clock" />
          </span>
          {subject.latest_execute_by !== undefined && (
            <span className="muted execute-by">
              <span className="dot" />
              to execute, by <Time at={subject.latest_execute_by} form="clock" />
            </span>
          )}
        </p>
      ) : (
        closed
      )}
      {open && <Fuse from={subject.requested_at} to={subject.decide_by} other={!mayApprove} />}
      {open && <DeadlineAnnouncer by={subject.decide_by} />}
    </section>
  )
}

function Left({ by }: { by: string }) {
  return Date.parse(by) > useServerNow() ? 'left' : ''
}

/** Spoken only when a mark is passed, never every second. */
function DeadlineAnnouncer({ by }: { by: string }) {
  return (
    <span className="sr" role="status">
      {toDeadlineAnnouncement(Date.parse(by) - useServerNow())}
    </span>
  )
}

function Neighbour({ to, icon, label }: { to: string | null; icon: 'chev-l' | 'chev-r'; label: string }) {
  if (to === null) {
    return (
      <span className="btn quiet iconbtn" aria-disabled="true" role="link" aria-label={`${label}: none`}>
        <Icon name={icon} />
      </span>
    )
  }
  return (
    <Link className="btn quiet iconbtn" to={to} aria-label={label}>
      <Icon name={icon} />
    </Link>
  )
}

import type { ExternalAction } from '@autopack/contract/external-actions'
import { AgentText } from '../../shared/agent-text.tsx'
import { Fuse } from '../../shared/fuse.tsx'
import { formatHoldClock } from '../../shared/ledger/format-hold-clock.ts'
import { useServerNow } from '../../shared/server-clock.ts'
import { Time } from '../../shared/time.tsx'

/** What is going on with it at this moment, in a sentence; nothing where the record says it all. */
export function ActionMoment({ action }: { action: ExternalAction }) {
  const nowMs = useServerNow()
  if (action.state === 'PENDING') return action.change_request === null ? <Waiting action={action} /> : <ChangeAsked action={action} />
  if (action.state === 'APPROVED') return <GoesOut action={action} nowMs={nowMs} />
  if (action.state === 'EXECUTING' && action.execution !== null) {
    return (
      <p className="act-moment">
        {action.executor.name} has it since <Time at={action.execution.claimed_at} />. If it falls silent, its lease ends{' '}
        <Time at={action.execution.lease_until} />, and a person has to look.
      </p>
    )
  }
  return null
}

function Waiting({ action }: { action: ExternalAction }) {
  return (
    <p className="act-moment">
      It waits for a person, until <Time at={action.decide_by} form="clock" />.
    </p>
  )
}

function ChangeAsked({ action }: { action: ExternalAction }) {
  const { asked_by, asked_at, field, reason } = action.change_request!
  return (
    <p className="act-moment">
      <b>{asked_by.name} asked for a change</b>, <Time at={asked_at} />
      {field !== null && (
        <>
          , of <AgentText text={field} />
        </>
      )}
      :{' '}
      <q>
        <AgentText text={reason} />
      </q>{' '}
      <span className="muted">Until {action.executor.name} sends another revision nobody can approve it.</span>
    </p>
  )
}

function GoesOut({ action, nowMs }: { action: ExternalAction; nowMs: number }) {
  const left = action.not_before === null ? null : formatHoldClock(Date.parse(action.not_before) - nowMs)
  if (left === null) {
    return (
      <p className="act-moment">
        {action.executor.name} takes it once
        {action.execute_by !== null && (
          <>
            , before <Time at={action.execute_by} form="clock" />
          </>
        )}
        . Nothing has left yet.
      </p>
    )
  }
  return (
    <div className="act-moment">
      <p>
        <b className="act-hold tn">{left}</b> until it may go out, at <Time at={action.not_before!} form="clock" />. Anybody can veto it.
      </p>
      <Fuse from={action.decided_at ?? action.requested_at} to={action.not_before!} other />
    </div>
  )
}

import type { WaitingItem } from '@autopack/contract/approvals'
import { Link } from '../../shared/link.tsx'
import { AgentText } from '../../shared/agent-text.tsx'
import { Badge } from '../../shared/badge.tsx'
import { Fuse } from '../../shared/fuse.tsx'
import { RiskBars } from '../../shared/risk-bars.tsx'
import { SealMark } from '../../shared/seal-mark.tsx'
import { SentenceText } from '../../shared/sentence-text.tsx'
import { StateMark } from '../../shared/state-mark.tsx'
import { Time } from '../../shared/time.tsx'
import { TimeLeft } from '../../shared/time-left.tsx'
import { WaitingCost } from '../../shared/waiting-cost.tsx'
import { toSubject } from '../../shared/waiting-item.ts'
import { QueueOutcome } from './queue-outcome.tsx'
import type { QueueItem } from './queue-table.tsx'

type Props = { row: QueueItem; decided: boolean; selected: boolean; onSelect: (() => void) | null; onFocus: () => void }

export function QueueRow({ row, decided, selected, onSelect, onFocus }: Props) {
  const { item, actionable, gone } = row
  const subject = toSubject(item)
  const open = subject.state === 'PENDING' && !gone
  return (
    <tr className={gone ? 'gone' : undefined} aria-selected={onSelect !== null && open ? selected : undefined}>
      <td className="w-glyph">
        <span className="q-glyph">
          {onSelect !== null && open && (
            <label className="q-check">
              <input className="check" type="checkbox" checked={selected} onChange={onSelect} />
              <span className="sr">
                Select “<AgentText text={subject.title} />” of {subject.executor.name}
              </span>
            </label>
          )}
          {open ? <OpenMark row={row} /> : !decided && <StateMark kind="idle" label="No longer waiting" iconOnly />}
        </span>
      </td>
      <td className="q-main">
        <Link className="two q-open" to={`/approvals/${item.approval_ref.id}`} onFocus={onFocus}>
          <SentenceText sentence={subject.sentence} capital />
        </Link>
        <span className="q-meta">
          <RiskBars level={subject.risk.level} />
          {item.kind === 'external_action' && item.action.blind && (
            <Badge icon="blind" tone="red">
              blind
            </Badge>
          )}
          <span className="clip q-who" title={subject.executor.name}>
            {subject.executor.name}
          </span>
          <Whereabouts item={item} />
          {item.kind === 'external_action' && item.action.mode === 'dry_run' && <Badge icon="simulated">dry run</Badge>}
          <SealMark seal={subject.seal} />
        </span>
      </td>
      <td className="num q-cost">
        <WaitingCost item={item} />
      </td>
      <td className="w-due">
        {decided || subject.state !== 'PENDING' ? (
          <QueueOutcome item={item} />
        ) : gone ? (
          <span className="muted">no longer waiting</span>
        ) : (
          <>
            <span>
              <b>
                <TimeLeft by={subject.decide_by} />
              </b>{' '}
              <span className="muted">
                <Time at={subject.decide_by} form="short" />
              </span>
            </span>
            <Fuse from={subject.requested_at} to={subject.decide_by} other={!actionable} />
          </>
        )}
      </td>
    </tr>
  )
}

/** Whom it waits for. Under a brake it waits for nobody who could approve it. */
function OpenMark({ row: { item, actionable, braked } }: { row: QueueItem }) {
  if (item.kind === 'external_action' && item.action.change_requested) {
    return <StateMark kind="idle" label="Back at its executor: a change was asked for" iconOnly />
  }
  if (braked) return <StateMark kind="halted" label="Stopped by a brake: it can be rejected, not approved" iconOnly />
  return <StateMark kind={actionable ? 'needs' : 'waiting'} label={actionable ? 'Needs you' : 'Waits for others'} iconOnly />
}

/** Where an action goes; of the other kinds, which it is and what it is about. */
function Whereabouts({ item }: { item: WaitingItem }) {
  if (item.kind === 'external_action') {
    return (
      <>
        <span className="v clip q-target">
          <AgentText text={item.action.target} />
        </span>
        {item.action.decided_as === 'ask_change' && <span className="q-note">change asked for</span>}
      </>
    )
  }
  if (item.kind === 'approval_request') {
    return (
      <>
        <span className="q-note">executor request</span>
        <span className="v clip q-target">
          <AgentText text={item.request.context} />
        </span>
      </>
    )
  }
  return (
    <span className="q-note">
      governance, {item.request.paths_count} {item.request.paths_count === 1 ? 'path' : 'paths'}
    </span>
  )
}

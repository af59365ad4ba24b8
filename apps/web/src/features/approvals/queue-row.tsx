import { Link } from 'react-router'
import { ActionMark } from '../../shared/action-mark.tsx'
import { Badge } from '../../shared/badge.tsx'
import { Cost } from '../../shared/cost.tsx'
import { Fuse } from '../../shared/fuse.tsx'
import { RiskBars } from '../../shared/risk-bars.tsx'
import { SealMark } from '../../shared/seal-mark.tsx'
import { SentenceText } from '../../shared/sentence-text.tsx'
import { StateMark } from '../../shared/state-mark.tsx'
import { Time } from '../../shared/time.tsx'
import { TimeLeft } from '../../shared/time-left.tsx'
import type { QueueItem } from './queue-table.tsx'

type Props = { row: QueueItem; decided: boolean; selected: boolean; onSelect: (() => void) | null; onFocus: () => void }

export function QueueRow({ row, decided, selected, onSelect, onFocus }: Props) {
  const { action, actionable, gone } = row
  const open = action.state === 'PENDING' && !gone
  return (
    <tr className={gone ? 'gone' : undefined} aria-selected={onSelect !== null && open ? selected : undefined}>
      <td className="w-glyph">
        <span className="q-glyph">
          {onSelect !== null && open && (
            <label className="q-check">
              <input className="check" type="checkbox" checked={selected} onChange={onSelect} />
              <span className="sr">
                Select “{action.title}” of {action.executor.name}
              </span>
            </label>
          )}
          {open && action.change_requested ? (
            <StateMark kind="idle" label="Back at its executor: a change was asked for" iconOnly />
          ) : open ? (
            <StateMark kind={actionable ? 'needs' : 'waiting'} label={actionable ? 'Needs you' : 'Waits for others'} iconOnly />
          ) : (
            !decided && <StateMark kind="idle" label="No longer waiting" iconOnly />
          )}
        </span>
      </td>
      <td className="q-main">
        <Link className="two q-open" to={`/approvals/${action.action_id}`} onFocus={onFocus}>
          <SentenceText sentence={action.sentence} capital />
        </Link>
        <span className="q-meta">
          <RiskBars level={action.risk.level} />
          {action.blind && (
            <Badge icon="blind" tone="red">
              blind
            </Badge>
          )}
          <span className="clip q-who" title={action.executor.name}>
            {action.executor.name}
          </span>
          <span className="v clip q-target">{action.target}</span>
          {action.mode === 'dry_run' && <Badge icon="simulated">dry run</Badge>}
          <SealMark seal={action.seal} />
        </span>
      </td>
      <td className="num q-cost">
        <Cost action={action} />
      </td>
      <td className="w-due">
        {decided || action.state !== 'PENDING' ? (
          <>
            <ActionMark state={action.state} quiet />
            <span className="q-by muted">
              {action.decided_by !== null && `${action.decided_by.name}, `}
              <Time at={action.decided_at ?? action.decide_by} form="short" />
            </span>
          </>
        ) : gone ? (
          <span className="muted">no longer waiting</span>
        ) : (
          <>
            <span>
              <b>
                <TimeLeft by={action.decide_by} />
              </b>{' '}
              <span className="muted">
                <Time at={action.decide_by} form="short" />
              </span>
            </span>
            <Fuse from={action.requested_at} to={action.decide_by} other={!actionable} />
          </>
        )}
      </td>
    </tr>
  )
}

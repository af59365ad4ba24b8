import type { ExternalActionSummary } from '@autopack/contract/external-actions'
import { useRef, useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { ActionMark } from '../../shared/action-mark.tsx'
import { Badge } from '../../shared/badge.tsx'
import { Fuse } from '../../shared/fuse.tsx'
import { useKeys } from '../../shared/keyboard.ts'
import { Cost } from '../../shared/cost.tsx'
import { RiskBars } from '../../shared/risk-bars.tsx'
import { SealMark } from '../../shared/seal-mark.tsx'
import { SentenceText } from '../../shared/sentence-text.tsx'
import { StateMark } from '../../shared/state-mark.tsx'
import { Time } from '../../shared/time.tsx'
import { TimeLeft } from '../../shared/time-left.tsx'

/** `gone`: it no longer waits; the row stays where it was. */
export type QueueRow = { action: ExternalActionSummary; actionable: boolean; gone: boolean }

/** Rows of two lines: what it wants, then risk, who and the seal. Each opens its page; nothing can be approved from here. */
export function QueueTable({ rows, decided }: { rows: readonly QueueRow[]; decided: boolean }) {
  const [at, setAt] = useState(-1)
  const body = useRef<HTMLTableElement>(null)
  const navigate = useNavigate()
  const move = (by: number) => {
    const next = Math.min(rows.length - 1, Math.max(0, at + by))
    setAt(next)
    body.current?.querySelectorAll<HTMLElement>('a.q-open')[next]?.focus()
  }
  useKeys([
    { keys: 'j', does: 'next row', run: () => move(1) },
    { keys: 'k', does: 'previous row', run: () => move(-1) },
    { keys: 'Enter', does: 'open the row', run: () => rows[at] !== undefined && void navigate(`/approvals/${rows[at].action.action_id}`) },
  ])
  return (
    <div className="tablewrap">
      <table className="t queue" ref={body}>
        <thead>
          <tr>
            <th scope="col">
              <span className="sr">State</span>
            </th>
            <th scope="col">Wants to</th>
            <th scope="col" className="num">
              {decided ? 'Cost' : 'Leaves'}
            </th>
            <th scope="col">{decided ? 'Outcome' : 'Decide by'}</th>
          </tr>
        </thead>
        <tbody className="hov">
          {rows.map((row, place) => (
            <Row key={row.action.action_id} row={row} decided={decided} onFocus={() => setAt(place)} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Row({ row, decided, onFocus }: { row: QueueRow; decided: boolean; onFocus: () => void }) {
  const { action, actionable, gone } = row
  return (
    <tr className={gone ? 'gone' : undefined}>
      <td className="w-glyph">
        {action.state === 'PENDING' && !gone ? (
          <StateMark kind={actionable ? 'needs' : 'waiting'} label={actionable ? 'Needs you' : 'Waits for others'} iconOnly />
        ) : (
          !decided && <StateMark kind="idle" label="No longer waiting" iconOnly />
        )}
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
          <span>{action.executor.name}</span>
          <span className="v clip">{action.target}</span>
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

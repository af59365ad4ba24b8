import type { ExternalActionSummary } from '@autopack/contract/external-actions'
import { Link } from 'react-router'
import { ActionMark } from '../../shared/action-mark.tsx'
import { Badge } from '../../shared/badge.tsx'
import { Fuse } from '../../shared/fuse.tsx'
import { Cost } from '../../shared/cost.tsx'
import { RiskBars } from '../../shared/risk-bars.tsx'
import { SentenceText } from '../../shared/sentence-text.tsx'
import { StateMark } from '../../shared/state-mark.tsx'
import { Elapsed, Time } from '../../shared/time.tsx'
import { TimeLeft } from '../../shared/time-left.tsx'

/** One thing that needs a person, with its clock. `gone`: it was decided meanwhile; the card stays until the page is asked for news. */
export function NeedCard({ action, gone }: { action: ExternalActionSummary; gone: boolean }) {
  return (
    <li className={gone ? 'need gone' : 'need'}>
      {!gone && <Fuse from={action.requested_at} to={action.decide_by} />}
      <div className="need-top">
        {!gone ? (
          <StateMark kind="needs" label={action.title} />
        ) : action.state === 'PENDING' ? (
          <StateMark kind="idle" label="No longer waiting" />
        ) : (
          <ActionMark state={action.state} />
        )}
        {action.blind && (
          <Badge icon="blind" tone="red">
            blind
          </Badge>
        )}
        <RiskBars level={action.risk.level} />
      </div>
      <h2>
        <Link to={`/approvals/${action.action_id}`}>
          <b>{action.executor.name}</b> wants to <SentenceText sentence={action.sentence} />.
        </Link>
      </h2>
      <dl className="need-facts">
        <div>
          <dt>Decide by</dt>
          <dd>
            {gone ? (
              <span className="muted">no longer waiting</span>
            ) : (
              <>
                <TimeLeft by={action.decide_by} />{' '}
                <span className="muted">
                  <Time at={action.decide_by} form="clock" />
                </span>
              </>
            )}
          </dd>
        </div>
        <div>
          <dt>Leaves</dt>
          <dd>
            <Cost action={action} />
          </dd>
        </div>
        <div>
          <dt>Waits</dt>
          <dd>
            <Elapsed from={action.requested_at} to={null} />
          </dd>
        </div>
      </dl>
    </li>
  )
}

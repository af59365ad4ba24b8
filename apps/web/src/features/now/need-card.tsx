import type { WaitingItem } from '@autopack/contract/approvals'
import { Link } from '../../shared/link.tsx'
import { toAgentWords } from '../../shared/agent-text.tsx'
import { ActionMark } from '../../shared/action-mark.tsx'
import { RequestMark } from '../../shared/request-mark.tsx'
import { WaitingCost } from '../../shared/waiting-cost.tsx'
import { toSubject } from '../../shared/waiting-item.ts'
import { Badge } from '../../shared/badge.tsx'
import { Fuse } from '../../shared/fuse.tsx'
import { RiskBars } from '../../shared/risk-bars.tsx'
import { SentenceText } from '../../shared/sentence-text.tsx'
import { StateMark } from '../../shared/state-mark.tsx'
import { Elapsed, Time } from '../../shared/time.tsx'
import { TimeLeft } from '../../shared/time-left.tsx'

/** One thing that needs a person, with its clock. `gone`: it was decided meanwhile; the card stays until the page is asked for news. `braked`: it can only be rejected. */
export function NeedCard({ item, gone, braked }: { item: WaitingItem; gone: boolean; braked: boolean }) {
  const subject = toSubject(item)
  return (
    <li className={gone ? 'need gone' : 'need'}>
      {!gone && <Fuse from={subject.requested_at} to={subject.decide_by} other={braked} />}
      <div className="need-top">
        {!gone ? (
          <StateMark kind={braked ? 'halted' : 'needs'} label={`${toKindWords(item)}${braked ? ', stopped by a brake' : ''}`} />
        ) : subject.state === 'PENDING' ? (
          <StateMark kind="idle" label="No longer waiting" />
        ) : item.kind === 'external_action' ? (
          <ActionMark state={item.action.state} />
        ) : (
          <RequestMark state={item.request.state} />
        )}
        {item.kind === 'external_action' && item.action.blind && (
          <Badge icon="blind" tone="red">
            blind
          </Badge>
        )}
        <RiskBars level={subject.risk.level} />
      </div>
      <h2>
        <Link to={`/approvals/${item.approval_ref.id}`}>
          <b>{subject.executor.name}</b> wants to
          <SentenceText sentence={subject.sentence} />.
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
                <TimeLeft by={subject.decide_by} />{' '}
                <span className="muted">
                  <Time at={subject.decide_by} form="clock" />
                </span>
              </>
            )}
          </dd>
        </div>
        <div>
          <dt>Leaves</dt>
          <dd>
            <WaitingCost item={item} />
          </dd>
        </div>
        <div>
          <dt>Waits</dt>
          <dd>
            <Elapsed from={subject.requested_at} to={null} />
          </dd>
        </div>
      </dl>
    </li>
  )
}

function toKindWords(item: WaitingItem): string {
  if (item.kind === 'external_action') return toAgentWords(item.action.title)
  return item.kind === 'approval_request' ? 'Executor request' : 'Governance request'
}

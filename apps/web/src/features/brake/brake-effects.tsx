import { useQuery } from '@tanstack/react-query'
import { Link } from '../../shared/link.tsx'
import { approvalQueueQuery } from '../../shared/approval-queue-queries.ts'
import { formatTotal } from '../../shared/format-count.ts'
import { runListQuery } from '../../shared/run-queries.ts'
import { SentenceText } from '../../shared/sentence-text.tsx'
import { useServerNow } from '../../shared/server-clock.ts'
import { ledgerNowQuery } from './brake-queries.ts'
import { countHolds } from './brake-words.ts'

const mostNamed = 5

/** What a stop of everything does at this moment, or keeps from happening, in numbers that lead to their rows. */
export function BrakeEffects({ stopped }: { stopped: boolean }) {
  const approved = useQuery(ledgerNowQuery('APPROVED')).data
  const executing = useQuery(ledgerNowQuery('EXECUTING')).data
  const open = useQuery(approvalQueueQuery({ scope: 'open', limit: 100 })).data
  const runs = useQuery(runListQuery({ state: 'running', limit: 8 })).data
  const nowMs = useServerNow()
  const holds = approved === undefined ? 0 : countHolds(approved.items, nowMs)
  const running = runs?.by_state.running
  return (
    <dl className="effects">
      <div>
        <dt>{stopped ? 'What it does' : 'What it would do now'}</dt>
        <dd>
          <ul>
            <Line total={approved?.total} to="/actions?state=APPROVED">
              approved {approved?.total.count === 1 ? 'action is' : 'actions are'} held back
              {holds > 0 && `, ${holds} of them in the launch hold`}
            </Line>
            <Line total={open?.total} to="/approvals?scope=open">
              {open?.total.count === 1 ? 'approval stays' : 'approvals stay'} open; rejecting works, approving does not
            </Line>
            <Line total={running} to="/runs?state=running">
              {running?.count === 1 ? 'run goes' : 'runs go'} on thinking, nothing leaves
            </Line>
            <Line total={executing?.total} to="/actions?state=EXECUTING">
              {executing?.total.count === 1 ? 'is' : 'are'} executing and cannot be recalled
              {executing !== undefined && executing.total.count > 0 && ':'}
            </Line>
          </ul>
          {executing !== undefined && executing.items.length > 0 && (
            <ul className="unrecalled">
              {executing.items.slice(0, mostNamed).map((action) => (
                <li key={action.action_id}>
                  <Link to={`/actions/${action.action_id}`}>
                    <SentenceText sentence={action.sentence} />
                  </Link>{' '}
                  <span className="muted">{action.executor.name}</span>
                </li>
              ))}
              {executing.total.count > mostNamed && <li className="muted">and {executing.total.count - mostNamed} more</li>}
            </ul>
          )}
        </dd>
      </div>
    </dl>
  )
}

function Line({ total, to, children }: { total: { count: number; exact: boolean } | undefined; to: string; children: React.ReactNode }) {
  return (
    <li>
      {total === undefined ? (
        <span className="muted">–</span>
      ) : (
        <b className="tn">{total.count > 0 ? <Link to={to}>{formatTotal(total)}</Link> : 0}</b>
      )}
      <span>{total === undefined ? <span className="muted">not known yet</span> : children}</span>
    </li>
  )
}

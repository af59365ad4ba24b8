import { useQuery } from '@tanstack/react-query'
import { Link } from '../../shared/link.tsx'
import { approvalQueueQuery } from '../../shared/approval-queue-queries.ts'
import { useHeldRows } from '../../shared/held-rows.ts'
import { Cost } from '../../shared/cost.tsx'
import { NewPill } from '../../shared/new-pill.tsx'
import { ProblemPanel } from '../../shared/problem-panel.tsx'
import { LedgerMark } from '../../shared/ledger/ledger-mark.tsx'
import { SealMark } from '../../shared/seal-mark.tsx'
import { SentenceText } from '../../shared/sentence-text.tsx'
import { RequestMark } from '../../shared/request-mark.tsx'
import { Time } from '../../shared/time.tsx'
import { toDecidedAt, toDecider, toSubject } from '../../shared/waiting-item.ts'

/** The actions that were decided last, and what came of them. */
export function DecidedList() {
  const decided = useQuery(approvalQueueQuery({ scope: 'decided', limit: 20 }))
  const held = useHeldRows('decided', decided.data?.items.slice(0, 8), { toId: (item) => item.approval_ref.id })
  return (
    <section aria-labelledby="decided-title">
      <div className="now-sec">
        <h2 className="sec" id="decided-title">
          Decided last
        </h2>
        <NewPill count={held.arrived} onShow={held.adopt} />
        <Link className="end f12" to="/approvals?scope=decided">
          all decided
        </Link>
      </div>
      {decided.error !== null && (
        <ProblemPanel title="What was decided could not be read" error={decided.error} onRetry={() => void decided.refetch()} />
      )}
      {decided.data !== undefined && held.rows.length === 0 && <p className="now-none muted">Nothing was decided yet.</p>}
      {held.rows.length > 0 && (
        <div className="tablewrap">
          <table className="t decided">
            <thead className="sr">
              <tr>
                <th scope="col">Outcome</th>
                <th scope="col">Action</th>
                <th scope="col">Cost</th>
                <th scope="col">Decided by</th>
                <th scope="col">When</th>
                <th scope="col">Seal</th>
              </tr>
            </thead>
            <tbody className="hov">
              {held.rows.map(({ item }) => (
                <tr key={item.approval_ref.id}>
                  <td className="d1">
                    {item.kind === 'external_action' ? <LedgerMark action={item.action} quiet /> : <RequestMark state={item.request.state} quiet />}
                  </td>
                  <td className="d2">
                    <Link
                      className="name"
                      to={item.kind === 'external_action' ? `/actions/${item.action.action_id}` : `/approvals/${item.approval_ref.id}`}
                    >
                      <SentenceText sentence={toSubject(item).sentence} capital />
                    </Link>
                  </td>
                  <td className="d3 num">{item.kind === 'external_action' && <Cost action={item.action} />}</td>
                  <td className="d4 muted nowrap">{toDecider(item)}</td>
                  <td className="d5 muted nowrap">
                    <Time at={toDecidedAt(item)} form="short" />
                  </td>
                  <td className="d6">
                    <SealMark seal={toSubject(item).seal} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}

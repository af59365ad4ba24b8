import type { ExternalActionSummary } from '@autopack/contract/external-actions'
import { Link } from '../../shared/link.tsx'
import { Cost } from '../../shared/cost.tsx'
import { LedgerMark } from '../../shared/ledger/ledger-mark.tsx'
import { SealMark } from '../../shared/seal-mark.tsx'
import { SentenceText } from '../../shared/sentence-text.tsx'
import { Time } from '../../shared/time.tsx'

/** What left this run, or wants to. */
export function LeftRun({
  actions,
  total,
  actionable,
}: {
  actions: readonly ExternalActionSummary[]
  total: number
  actionable: ReadonlySet<string>
}) {
  const done = actions.filter((action) => action.state === 'COMPLETED').length
  return (
    <section aria-labelledby="left-run">
      <h2 className="sec" id="left-run">
        Left this run <span className="n">{total === 0 ? 'nothing proposed' : `${total} proposed, ${done} done`}</span>
      </h2>
      {actions.length > 0 && (
        <table className="t flush left">
          <thead className="sr">
            <tr>
              <th scope="col">State</th>
              <th scope="col">What</th>
              <th scope="col">Leaves</th>
              <th scope="col">Seal</th>
              <th scope="col">When</th>
            </tr>
          </thead>
          <tbody>
            {actions.map((action) => (
              <tr key={action.action_id}>
                <td>
                  <LedgerMark action={action} actionable={actionable.has(action.action_id)} />
                </td>
                <td>
                  <Link to={`/${action.state === 'PENDING' ? 'approvals' : 'actions'}/${action.action_id}`}>
                    <SentenceText sentence={action.sentence} capital />
                  </Link>
                </td>
                <td className="num">
                  <Cost action={action} />
                </td>
                <td>
                  <SealMark seal={action.seal} to={`/approvals/${action.action_id}?view=seal`} />
                </td>
                <td className="num muted">
                  <Time at={action.finished_at ?? action.decided_at ?? action.requested_at} form="short" />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

import type { WaitingItem } from '@autopack/contract/approvals'
import { LedgerMark } from '../../shared/ledger/ledger-mark.tsx'
import { RequestMark } from '../../shared/request-mark.tsx'
import { Time } from '../../shared/time.tsx'
import { TimeLeft } from '../../shared/time-left.tsx'
import { toDecidedAt, toDecider } from '../../shared/waiting-item.ts'

/** What became of it, who decided when, whether a passkey signed it, and, while it may still go out, until when. */
export function QueueOutcome({ item }: { item: WaitingItem }) {
  const signed = item.kind === 'external_action' ? item.action.signed : null
  const executeBy = item.kind === 'external_action' && item.action.state === 'APPROVED' ? item.action.execute_by : null
  return (
    <>
      {item.kind === 'external_action' ? <LedgerMark action={item.action} quiet /> : <RequestMark state={item.request.state} quiet />}
      <span className="q-by muted">
        <span className="clip">{toDecider(item)}</span>, <Time at={toDecidedAt(item)} form="short" />
        {signed !== null && (signed ? ', signed' : ', not signed')}
      </span>
      {executeBy !== null && (
        <span className="q-by muted">
          execute by <Time at={executeBy} form="short" />, <TimeLeft by={executeBy} />
        </span>
      )}
    </>
  )
}

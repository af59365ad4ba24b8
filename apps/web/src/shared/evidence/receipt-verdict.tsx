import type { ReceiptVerdict } from '@autopack/verifier/verify-receipt'
import { Icon } from '../icon.tsx'
import { formatCount } from '../format-count.ts'
import { Time } from '../time.tsx'
import { ReceiptChecks } from './receipt-checks.tsx'
import './evidence.css'

/** VERIFIED, or the first check that does not hold and where; what the verdict rests on is said with it. `brief`: without the list. */
export function ReceiptVerdictText({ verdict, brief = false }: { verdict: ReceiptVerdict; brief?: boolean }) {
  return (
    <>
      {verdict.ok ? <Verified verdict={verdict} /> : <Refused verdict={verdict} />}
      {!brief && <ReceiptChecks verdict={verdict} />}
    </>
  )
}

function Verified({ verdict: { facts } }: { verdict: Extract<ReceiptVerdict, { ok: true }> }) {
  const { checkpoint } = facts
  return (
    <div className="verdict" data-s="ok" role="status">
      <Icon name="ok" />
      <div>
        <p className="verdict-title">
          <strong>Verified.</strong> All fifteen checks hold.
        </p>
        <p>
          Its audit events are in the log of <span className="v">{checkpoint.origin}</span> as it was signed at {formatCount(checkpoint.size)} events,{' '}
          <Time at={checkpoint.time} form="clock" />.
        </p>
        <p className="muted">
          {checkpoint.trust === 'trusted'
            ? 'The key of that signature is one that you or this browser knew before.'
            : 'The key of that signature is only the receipt’s own word: compare it with one that you got from elsewhere.'}
        </p>
      </div>
    </div>
  )
}

function Refused({ verdict: { where, detail } }: { verdict: Extract<ReceiptVerdict, { ok: false }> }) {
  return (
    <div className="verdict" data-s="failed" role="alert">
      <Icon name="failed" />
      <div>
        <p className="verdict-title">
          <strong>Not verified.</strong> {detail}
        </p>
        <p className="muted">
          At <code className="v">{where}</code>. Believe nothing else that this receipt says.
        </p>
      </div>
    </div>
  )
}

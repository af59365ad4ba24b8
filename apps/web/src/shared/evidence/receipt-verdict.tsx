import type { ReceiptVerdict } from '@autopack/verifier/verify-receipt'
import { AgentText } from '../agent-text.tsx'
import { Icon } from '../icon.tsx'
import { formatCount } from '../format-count.ts'
import { Time } from '../time.tsx'
import { ReceiptChecks } from './receipt-checks.tsx'
import { toReceiptTitle } from './verdict-title.ts'
import './evidence.css'

/** VERIFIED, or the first check that does not hold and where; what the verdict rests on is said with it. Stands in a region that is there before. */
export function ReceiptVerdictText({ verdict }: { verdict: ReceiptVerdict }) {
  return (
    <>
      {verdict.ok ? <Held verdict={verdict} /> : <Refused verdict={verdict} />}
      <ReceiptChecks verdict={verdict} />
    </>
  )
}

function Held({ verdict }: { verdict: Extract<ReceiptVerdict, { ok: true }> }) {
  const { checkpoint } = verdict.facts
  const { mark, title } = toReceiptTitle(verdict)
  const trusted = mark === 'ok'
  return (
    <div className="verdict" data-s={mark}>
      <Icon name={mark} />
      <div>
        <p className="verdict-title">
          <strong>{title}</strong> Every check holds.
        </p>
        {!trusted && (
          <p>
            The key of its checkpoint is only the receipt’s own word: whoever made the file could have made the key, too. Compare it with one that you
            got from elsewhere, and give that one on the page “Verify”: <code>{checkpoint.key}</code>
          </p>
        )}
        <p>
          Its audit events are in the log of <AgentText text={checkpoint.origin} /> as it was signed at {formatCount(checkpoint.size)} events,{' '}
          <Time at={checkpoint.time} form="clock" />.
        </p>
        <p className="muted">
          {trusted && 'The key of that signature is one that you gave or this browser saw sign before. '}
          What came after the last event in it, a receipt cannot show.
        </p>
      </div>
    </div>
  )
}

function Refused({ verdict: { where, detail } }: { verdict: Extract<ReceiptVerdict, { ok: false }> }) {
  return (
    <div className="verdict" data-s="failed">
      <Icon name="failed" />
      <div>
        <p className="verdict-title">
          <strong>Not verified.</strong> <AgentText text={capitalise(detail)} />
        </p>
        <p className="muted">
          {where === '' ? (
            'It is about the file as a whole.'
          ) : (
            <>
              At{' '}
              <code>
                <AgentText text={where} />
              </code>
              .
            </>
          )}{' '}
          Believe nothing else that this receipt says.
        </p>
      </div>
    </div>
  )
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

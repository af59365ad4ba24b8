import type { ReceiptVerdict } from '@autopack/verifier/verify-receipt'
import { Icon } from '../icon.tsx'

/** Every check of docs/evidence.md in its order, in words that are true when it held. */
const checks = {
  malformed: 'The file is a receipt, with every part in its form',
  payload: 'The payload is the one that was hashed, byte for byte',
  descriptor: 'The description of this kind of action is the one that was recorded',
  checkpoint_key: 'A key that is believed signed the checkpoint',
  entry: 'Every audit event has the hash of what it says',
  inclusion: 'Every audit event is in the log that was signed, at its place',
  record: 'Every record is the one that the log recorded, without a gap up to the last event in it',
  state: 'With that event the action came to the state that the receipt says',
  policy: 'As many people, as strong a proof and as long a hold were asked for as the description says',
  enrolment: 'Each passkey was made with a person present; each that is not their first was endorsed by one before it',
  statement: 'Each signed statement says exactly what the receipt says',
  signature: 'Each signature is valid, by a passkey enrolled for that person',
  display: 'Drawn again, the payload reads as the approvers saw it',
  quorum: 'Everybody who had to say yes did, and nobody for what they had asked for, but where there is only one approver',
  execution: 'What was taken is what was approved, by who asked for it, after the hold',
  sent: 'What was to be sent is what was approved, and so is whatever was reported as sent, byte for byte',
} as const satisfies Readonly<Record<Exclude<Extract<ReceiptVerdict, { ok: false }>['reason'], 'log'>, string>>
const log = 'A checkpoint of the same size that you gave or this browser kept says the same of the log'

/** The list of checks: what held, the first that did not, and what was not looked at after it. */
export function ReceiptChecks({ verdict }: { verdict: ReceiptVerdict }) {
  const contradicted = !verdict.ok && verdict.reason === 'log'
  const rows = Object.entries(contradicted ? { ...checks, log } : checks)
  const failed = verdict.ok ? rows.length : rows.findIndex(([reason]) => reason === verdict.reason)
  return (
    <ol className="checks" aria-label="What was checked">
      {rows.map(([reason, words], place) => (
        <li key={reason} data-s={place < failed ? 'ok' : place === failed ? 'failed' : 'idle'}>
          <Icon
            name={place < failed ? 'ok' : place === failed ? 'failed' : 'idle'}
            small
            label={place < failed ? 'holds' : place === failed ? 'does not hold' : 'not looked at'}
          />
          <span>{words}</span>
        </li>
      ))}
    </ol>
  )
}

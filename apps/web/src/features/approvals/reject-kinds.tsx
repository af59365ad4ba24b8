import { rejectKinds } from '@autopack/contract/external-actions'
import type { RejectKind } from './reject-reason.ts'

const kindWords: Record<RejectKind, { title: string; hint: string }> = {
  never: { title: 'Never', hint: 'not this, and nothing like it' },
  not_now: { title: 'Not now', hint: 'may be proposed again later' },
  change_this: { title: 'Change this', hint: 'say what, and it may come back changed' },
}

/** How a rejection is meant; the executor reads it. */
export function RejectKinds({ kind: chosen, onKind }: { kind: RejectKind; onKind: (kind: RejectKind) => void }) {
  return (
    <fieldset className="kinds">
      <legend className="sr">Reject as</legend>
      {rejectKinds.map((kind) => (
        <label className="opt" key={kind}>
          <input className="radio" type="radio" name="reject-kind" checked={chosen === kind} onChange={() => onKind(kind)} />
          <b>{kindWords[kind].title}</b>
          <span className="muted">{kindWords[kind].hint}</span>
        </label>
      ))}
    </fieldset>
  )
}

import type { RefusalKind } from './reject-reason.ts'

const kindWords: Record<RefusalKind, { title: string; hint: string }> = {
  never: { title: 'Never', hint: 'not this, and nothing like it' },
  not_now: { title: 'Not now', hint: 'may be proposed again later' },
  change_this: { title: 'Change this', hint: 'it stays open, and its executor may send another revision' },
}

type Props<K> = {
  kinds: readonly K[]
  kind: K
  /** What *change this* comes to, where it is other than for a proposal. */
  changeHint?: string | undefined
  onKind: (kind: K) => void
}

/** How a rejection is meant; the executor reads it. */
export function RejectKinds<K extends RefusalKind>({ kinds, kind: chosen, changeHint, onKind }: Props<K>) {
  return (
    <fieldset className="kinds">
      <legend className="sr">Answer</legend>
      {kinds.map((kind) => (
        <label className="opt" key={kind}>
          <input className="radio" type="radio" name="reject-kind" checked={chosen === kind} onChange={() => onKind(kind)} />
          <b>{kindWords[kind].title}</b>
          <span className="muted">{(kind === 'change_this' ? changeHint : undefined) ?? kindWords[kind].hint}</span>
        </label>
      ))}
    </fieldset>
  )
}

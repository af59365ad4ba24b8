import type { Brake } from '@autopack/contract/operator-control'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { toAgentWords, VisibleText } from '../../shared/agent-text.tsx'
import { ConfirmKeys } from '../../shared/confirm-keys.tsx'
import { releaseMutation } from './brake-queries.ts'
import { toScopeWords } from './brake-words.ts'
import { FailedAct } from './failed-act.tsx'

/** The slow part: a reason that nobody wrote in advance, and what leaves again because of it. */
export function ReleaseDialog({ brake, onReleased, onClose }: { brake: Brake; onReleased: () => void; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [reason, setReason] = useState('')
  const [sure, setSure] = useState(false)
  const release = useMutation({
    ...releaseMutation,
    onSuccess: () => {
      // Closed first: while it is open nothing behind it takes the focus.
      dialog.current?.close()
      onReleased()
    },
  })
  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal()
  }, [])
  const missing = reason.trim() === '' ? 'say why first' : sure ? null : 'tick the box first'

  function letGo(): void {
    if (missing === null && !release.isPending)
      release.mutate({ brake_id: brake.brake_id, reason, words: `Release ${toAgentWords(toScopeWords(brake))}` })
  }
  const releaseByKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey) || event.repeat) return
    event.preventDefault()
    letGo()
  }
  return (
    <dialog ref={dialog} className="stopdialog" aria-labelledby="release-title" onClose={onClose} onKeyDown={releaseByKey}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          letGo()
        }}
      >
        <h2 id="release-title">
          Release <VisibleText text={toAgentWords(toScopeWords(brake))} />
        </h2>
        <p className="muted">
          Stopped by <VisibleText text={toAgentWords(brake.engaged_by.name)} />: <q className="v">{toAgentWords(brake.engaged_reason)}</q>
        </p>
        <div className="field">
          <label htmlFor="release-reason">Why it may go on</label>
          <textarea
            id="release-reason"
            className="input"
            rows={3}
            maxLength={2_000}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
          <span className="hint">Stays in the history and in the audit log. Launch holds start over.</span>
        </div>
        <label className="opt">
          <input className="check" type="checkbox" checked={sure} onChange={(event) => setSure(event.target.checked)} />
          Approved actions may leave again, as far as switches, caps and other stops allow
        </label>
        {release.error !== null && <FailedAct what="It is not known to be released" error={release.error} />}
        <div className="dialog-act">
          <button className="btn lg quiet" type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button className="btn lg primary" type="submit" aria-disabled={missing !== null}>
            {release.isPending ? 'Releasing' : missing === null ? 'Release' : `Release: ${missing}`}
            {missing === null && !release.isPending && <ConfirmKeys />}
          </button>
        </div>
      </form>
    </dialog>
  )
}

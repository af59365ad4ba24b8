import { rejectKinds } from '@autopack/contract/external-actions'
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react'
import { ConfirmKeys } from '../../shared/confirm-keys.tsx'
import { SentenceText } from '../../shared/sentence-text.tsx'
import { findReasonFault, toLengthWords } from '../../shared/reason-fault.ts'
import { RejectKinds } from './reject-kinds.tsx'
import { refusalKinds, type RejectDraft } from './reject-reason.ts'
import { Refusal } from '../../shared/refusal.tsx'
import './reject-dialog.css'

/** Asks how and why. A native dialog: focus stays inside, Escape closes it, and nothing behind it can be pressed. */
export function RejectDialog(props: {
  open: boolean
  /** As the ledger has it: hidden characters are written out in it. */
  sentence: string
  executor: string
  /** The values that could be changed. */
  fields: readonly { pointer: string; label: string }[]
  /** Another revision can be asked for. */
  mayAsk: boolean
  draft: RejectDraft
  sending: boolean
  /** Why the server did not take it; null: nothing was refused. */
  error: unknown
  /** The same in words of its own, in place of those for `error`. */
  refusal?: ReactNode
  /** What is rejected: a proposal may come back as another revision, a request only as another request. */
  about?: 'proposal' | 'request'
  onDraft: (draft: RejectDraft) => void
  onReject: () => void
  onClose: () => void
}) {
  const { open, sentence, executor, fields, mayAsk, draft, sending, error, refusal, about = 'proposal', onDraft, onReject, onClose } = props
  const dialog = useRef<HTMLDialogElement>(null)
  const reasonField = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    if (open && !dialog.current?.open) {
      dialog.current?.showModal()
      // The dialog alone would choose its first radio, which is not the one that is chosen.
      reasonField.current?.focus()
    }
    if (!open && dialog.current?.open) dialog.current.close()
  }, [open])
  const asks = draft.kind === 'change_this'
  const fault = findReasonFault(draft.reason)
  const rejectByKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey) || event.repeat) return
    event.preventDefault()
    if (fault === null && !sending) onReject()
  }
  return (
    <dialog ref={dialog} className="reject" aria-labelledby="reject-title" onClose={onClose} onKeyDown={rejectByKey}>
      <form
        method="dialog"
        onSubmit={(event) => {
          event.preventDefault()
          if (fault === null && !sending) onReject()
        }}
      >
        <div>
          <h2 id="reject-title">{asks ? 'Ask for a change' : `Reject this ${about}`}</h2>
          <p className="muted">
            {executor} wants to <SentenceText sentence={sentence} />.
          </p>
        </div>
        <RejectKinds
          kinds={mayAsk ? refusalKinds : rejectKinds}
          kind={draft.kind}
          changeHint={about === 'request' ? 'this one ends, and its executor may ask again with it changed' : undefined}
          onKind={(kind) => onDraft({ ...draft, kind })}
        />
        {asks && (
          <div className="field">
            <label htmlFor="reject-field">What has to change</label>
            <select id="reject-field" className="input" value={draft.field} onChange={(event) => onDraft({ ...draft, field: event.target.value })}>
              <option value="">see the reason</option>
              {fields.map(({ pointer, label }) => (
                <option key={pointer} value={pointer}>
                  {label}
                </option>
              ))}
            </select>
          </div>
        )}
        <div className="field">
          <label htmlFor="reject-reason">Reason</label>
          <textarea
            ref={reasonField}
            id="reject-reason"
            className="input"
            rows={3}
            value={draft.reason}
            aria-describedby="reject-hint"
            onChange={(event) => onDraft({ ...draft, reason: event.target.value })}
          />
          <span className="hint" id="reject-hint">
            {fault === 'too long' ? toLengthWords(draft.reason) : <>{executor} reads this, and so does everybody who looks at the audit log.</>}
          </span>
        </div>
        {refusal ?? <Refusal error={error} />}
        <div className="dialog-act">
          <button className="btn lg quiet" type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button className="btn lg primary" type="submit" aria-disabled={fault !== null || sending}>
            {sending ? (asks ? 'Asking' : 'Rejecting') : toButtonWords(asks ? 'Ask for change' : 'Reject', fault)}
            {fault === null && !sending && <ConfirmKeys />}
          </button>
        </div>
      </form>
    </dialog>
  )
}

function toButtonWords(act: string, fault: ReturnType<typeof findReasonFault>): string {
  if (fault === 'missing') return `${act}: say why first`
  return fault === 'too long' ? `${act}: shorten the reason` : act
}

import { useEffect, useRef, type KeyboardEvent } from 'react'
import { ConfirmKeys } from '../../shared/confirm-keys.tsx'
import { SentenceText } from '../../shared/sentence-text.tsx'
import { findReasonFault, toLengthWords } from './reason-fault.ts'
import { RejectKinds } from './reject-kinds.tsx'
import { toRejectReason, type RejectDraft } from './reject-reason.ts'
import type { Refusal } from './refusal-words.ts'
import { RefusalText } from './refusal-text.tsx'
import './reject-dialog.css'

/** Asks how and why. A native dialog: focus stays inside, Escape closes it, and nothing behind it can be pressed. */
export function RejectDialog(props: {
  open: boolean
  /** As the ledger has it: hidden characters are written out in it. */
  sentence: string
  executor: string
  /** Labels of the fields that could be changed. */
  fields: readonly string[]
  draft: RejectDraft
  sending: boolean
  refusal: Refusal | null
  onDraft: (draft: RejectDraft) => void
  onReject: () => void
  onClose: () => void
}) {
  const { open, sentence, executor, fields, draft, sending, refusal, onDraft, onReject, onClose } = props
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
  const sent = toRejectReason(draft)
  const fault = draft.reason.trim() === '' ? 'missing' : findReasonFault(sent)
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
          <h2 id="reject-title">Reject this proposal</h2>
          <p className="muted">
            {executor} wants to <SentenceText sentence={sentence} />.
          </p>
        </div>
        <RejectKinds kind={draft.kind} onKind={(kind) => onDraft({ ...draft, kind })} />
        {draft.kind === 'change_this' && (
          <div className="field">
            <label htmlFor="reject-field">What has to change</label>
            <select id="reject-field" className="input" value={draft.field} onChange={(event) => onDraft({ ...draft, field: event.target.value })}>
              <option value="">see the reason</option>
              {[...new Set(fields)].map((field) => (
                <option key={field}>{field}</option>
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
            {fault === 'too long' ? (
              toLengthWords(sent)
            ) : (
              <>
                {executor} reads this, and so does everybody who looks at the audit log.
                {sent !== draft.reason.trim() && draft.reason.trim() !== '' && <> Sent as “{sent}”.</>}
              </>
            )}
          </span>
        </div>
        {refusal !== null && <RefusalText refusal={refusal} />}
        <div className="dialog-act">
          <button className="btn lg quiet" type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button className="btn lg primary" type="submit" aria-disabled={fault !== null || sending}>
            {sending ? 'Rejecting' : fault === 'missing' ? 'Reject: say why first' : fault === 'too long' ? 'Reject: shorten the reason' : 'Reject'}
            {fault === null && !sending && <ConfirmKeys />}
          </button>
        </div>
      </form>
    </dialog>
  )
}

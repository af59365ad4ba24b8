import type { WaitingItem } from '@autopack/contract/approvals'
import { rejectKinds } from '@autopack/contract/external-actions'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { Icon } from '../../shared/icon.tsx'
import { SentenceText } from '../../shared/sentence-text.tsx'
import { decideMutation } from './decide-mutation.ts'
import { findReasonFault, toLengthWords } from '../../shared/reason-fault.ts'
import { RejectKinds } from './reject-kinds.tsx'
import type { RejectKind } from './reject-reason.ts'
import { decideRequestMutation } from './request-queries.ts'
import { toSubject } from '../../shared/waiting-item.ts'
import { rejectSeveral, type RejectedOne } from './reject-several.ts'
import './reject-dialog.css'

/** One reason for several rejections, sent one after the other; each row tells how it ended. Mounted when opened. */
export function RejectSeveralDialog({ items, onClose }: { items: readonly WaitingItem[]; onClose: (rejected: readonly string[]) => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const reasonField = useRef<HTMLTextAreaElement>(null)
  const stop = useRef<AbortController>(null)
  const decide = useMutation(decideMutation)
  const decideRequest = useMutation(decideRequestMutation)
  // What was selected when it opened: the queue behind goes on changing.
  const [chosen] = useState(items)
  const [kind, setKind] = useState<RejectKind>('not_now')
  const [reason, setReason] = useState('')
  const [results, setResults] = useState<readonly RejectedOne[]>([])
  const [sending, setSending] = useState(false)
  useEffect(() => {
    dialog.current?.showModal()
    reasonField.current?.focus()
    return () => stop.current?.abort()
  }, [])
  const fault = findReasonFault(reason)
  const rejected = results.filter((result) => result.refusal === null).map((result) => result.item.approval_ref.id)
  const left = chosen.filter((item) => !rejected.includes(item.approval_ref.id))
  const begun = sending || results.length > 0

  async function reject() {
    if (fault !== null || sending || left.length === 0) return
    const controller = new AbortController()
    stop.current = controller
    setSending(true)
    setResults((known) => known.filter((result) => result.refusal === null))
    await rejectSeveral(
      left,
      { kind, reason },
      (input) => ('action_id' in input ? decide.mutateAsync(input) : decideRequest.mutateAsync(input)),
      (result) => setResults((known) => [...known, result]),
      controller.signal,
    )
    setSending(false)
  }

  return (
    <dialog
      ref={dialog}
      className="reject"
      aria-labelledby="several-title"
      onClose={() => onClose(rejected)}
      onCancel={(event) => {
        // Escape stops first: what is on its way must not go on unseen.
        if (!sending) return
        event.preventDefault()
        stop.current?.abort()
      }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void reject()
        }}
      >
        <h2 id="several-title">{toTitle(chosen)}</h2>
        <ul className="several">
          {chosen.map((item) => {
            const { id } = item.approval_ref
            return <SeveralRow key={id} item={item} result={results.find((result) => result.item.approval_ref.id === id)} />
          })}
        </ul>
        <RejectKinds kinds={rejectKinds} kind={kind} onKind={setKind} />
        <div className="field">
          <label htmlFor="several-reason">Reason</label>
          <textarea
            ref={reasonField}
            id="several-reason"
            className="input"
            rows={3}
            value={reason}
            readOnly={sending}
            aria-describedby="several-hint"
            onChange={(event) => setReason(event.target.value)}
          />
          <span className="hint" id="several-hint">
            {fault === 'too long' ? toLengthWords(reason) : 'The same for each of them. Every rejection stands in the audit log by itself.'}
          </span>
        </div>
        <p role="status" className={begun ? undefined : 'sr'}>
          {begun && `${rejected.length} of ${chosen.length} rejected`}
          {begun && !sending && left.length > 0 && `, ${left.length} not`}
        </p>
        <div className="dialog-act">
          {sending ? (
            <button className="btn lg" type="button" onClick={() => stop.current?.abort()}>
              Stop
            </button>
          ) : (
            <button className="btn lg quiet" type="button" onClick={() => dialog.current?.close()}>
              {begun ? 'Close' : 'Cancel'}
            </button>
          )}
          {(left.length > 0 || sending) && (
            <button className="btn lg primary" type="submit" aria-disabled={fault !== null || sending}>
              {sending
                ? 'Rejecting'
                : fault === 'missing'
                  ? 'Reject: say why first'
                  : fault === 'too long'
                    ? 'Reject: shorten the reason'
                    : `Reject ${left.length}`}
            </button>
          )}
        </div>
      </form>
    </dialog>
  )
}

function toTitle(items: readonly WaitingItem[]): string {
  const thing = items.every((item) => item.kind === 'external_action') ? 'proposal' : 'request'
  return `Reject ${items.length} ${thing}${items.length === 1 ? '' : 's'}`
}

function SeveralRow({ item, result }: { item: WaitingItem; result: RejectedOne | undefined }) {
  return (
    <li>
      <span className="clip">
        <SentenceText sentence={toSubject(item).sentence} capital />
      </span>
      {result !== undefined && (
        <span className="muted f12">
          {result.refusal === null ? (
            <>
              <Icon name="ok" small /> rejected
            </>
          ) : (
            `${result.refusal.title}. ${result.refusal.todo}`
          )}
        </span>
      )}
    </li>
  )
}

import type { ExternalActionSummary } from '@autopack/contract/external-actions'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { ConfirmKeys } from '../confirm-keys.tsx'
import { useKeys } from '../keyboard.ts'
import { findReasonFault, toLengthWords } from '../reason-fault.ts'
import { Refusal } from '../refusal.tsx'
import { SentenceText } from '../sentence-text.tsx'
import { useServerNow } from '../server-clock.ts'
import { revokeMutation } from '../revoke-mutation.ts'
import './revoke-control.css'

type Props = {
  action: Pick<ExternalActionSummary, 'action_id' | 'state' | 'revision' | 'payload_hash' | 'sentence' | 'executor' | 'not_before'>
  /** In a footer the button is as large as its neighbours. */
  large?: boolean
}

/**
 * Takes an approval back: as a veto while the launch hold runs, as a revocation after it. One press, a reason, and neither old data nor a
 * lost stream holds it back. What is typed stays, also when the executor was faster.
 */
export function RevokeControl({ action, large }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const field = useRef<HTMLTextAreaElement>(null)
  const [reason, setReason] = useState('')
  const nowMs = useServerNow()
  const revoke = useMutation(revokeMutation)
  const held = action.not_before !== null && nowMs < Date.parse(action.not_before)
  const approved = action.state === 'APPROVED'
  const word = held ? 'Veto' : 'Revoke'
  const fault = findReasonFault(reason)

  function open() {
    if (!approved || dialog.current?.open) return
    revoke.reset()
    dialog.current?.showModal()
    field.current?.focus()
  }
  function send() {
    if (fault !== null || revoke.isPending) return
    const { action_id, revision, payload_hash } = action
    revoke.mutate({ action_id, revocation: { kind: held ? 'veto' : 'revoke', revision, payload_hash, reason: reason.trim() } })
  }
  useKeys(approved ? [{ keys: 'v', does: held ? 'veto it' : 'take the approval back', run: open }] : [])
  const { isSuccess } = revoke
  useEffect(() => {
    if (isSuccess) dialog.current?.close()
  }, [isSuccess])

  return (
    <>
      {approved && (
        <button className={large ? 'btn lg sign' : 'btn'} type="button" aria-keyshortcuts="v" onClick={open}>
          {word}…
          <span className="keys" aria-hidden="true">
            <kbd className="kbd">V</kbd>
          </span>
        </button>
      )}
      <dialog
        ref={dialog}
        className="revoke"
        aria-label={held ? 'Veto this action' : 'Take the approval back'}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey) || event.repeat) return
          event.preventDefault()
          send()
        }}
      >
        <form
          onSubmit={(event) => {
            event.preventDefault()
            send()
          }}
        >
          <div>
            <h2>{held ? 'Veto this action' : 'Take the approval back'}</h2>
            <p className="muted">
              {action.executor.name} may <SentenceText sentence={action.sentence} />.{' '}
              {approved ? 'Nothing has left yet; after this nothing will. It can only be proposed again.' : 'It is no longer approved and waiting.'}
            </p>
          </div>
          <div className="field">
            <label htmlFor={`revoke-${action.action_id}`}>Reason</label>
            <textarea
              id={`revoke-${action.action_id}`}
              ref={field}
              className="input"
              rows={3}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
            <span className="hint">
              {fault === 'too long' ? toLengthWords(reason) : `${action.executor.name} reads this, and so does everybody who looks at the audit log.`}
            </span>
          </div>
          <Refusal error={revoke.error} />
          <div className="dialog-act">
            <button className="btn lg quiet" type="button" onClick={() => dialog.current?.close()}>
              Cancel
            </button>
            <button className="btn lg primary" type="submit" aria-disabled={fault !== null || revoke.isPending}>
              {revoke.isPending ? 'Sending' : fault === 'missing' ? `${word}: say why first` : fault === null ? word : `${word}: shorten the reason`}
              {fault === null && !revoke.isPending && <ConfirmKeys />}
            </button>
          </div>
        </form>
      </dialog>
    </>
  )
}

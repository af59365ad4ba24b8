import type { BrakeScope } from '@autopack/contract/control'
import type { engageBrake } from '@autopack/contract/operator-control'
import { hasRole } from '@autopack/contract/roles'
import type { AnswerOf } from '@autopack/contract/route'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { VisibleText } from '../../shared/agent-text.tsx'
import { Icon } from '../../shared/icon.tsx'
import { useSession } from '../../shared/session.ts'
import { engageMutation } from './brake-queries.ts'
import { FailedAct } from './failed-act.tsx'

export type StopAnswer = AnswerOf<typeof engageBrake>

const quickReasons = ['Something looks wrong', 'Wrong content or price', 'An agent misbehaves', 'Practice']

/**
 * Asks why, with an answer ready: Enter stops. Never waits for anything the page has read: it is tried with a stream that is long gone,
 * too. `name`: what is stopped, in words.
 */
export function StopDialog(props: { scope: BrakeScope; name: string; onStopped: (answer: StopAnswer) => void; onClose: () => void }) {
  const { scope, name, onStopped, onClose } = props
  const { operator } = useSession()
  const dialog = useRef<HTMLDialogElement>(null)
  const field = useRef<HTMLInputElement>(null)
  const [reason, setReason] = useState(quickReasons[0]!)
  const stop = useMutation({ ...engageMutation, onSuccess: onStopped })
  const may = hasRole(operator.role, 'approver')
  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal()
    field.current?.select()
  }, [])

  function engage(): void {
    if (may && !stop.isPending && reason.trim() !== '') stop.mutate({ scope, reason })
  }
  return (
    <dialog ref={dialog} className="stopdialog" aria-labelledby="stop-title" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          engage()
        }}
      >
        <h2 id="stop-title">
          Stop <VisibleText text={name} />
        </h2>
        <div className="field">
          <label htmlFor="stop-reason">Why</label>
          <input
            ref={field}
            id="stop-reason"
            className="input lg"
            value={reason}
            maxLength={2_000}
            autoComplete="off"
            onChange={(event) => setReason(event.target.value)}
          />
          <div className="quick" role="group" aria-label="Ready reasons">
            {quickReasons.map((quick) => (
              <button key={quick} className="btn xs" type="button" aria-pressed={reason === quick} onClick={() => setReason(quick)}>
                {quick}
              </button>
            ))}
          </div>
        </div>
        {stop.error !== null && <FailedAct what="It is not known to be stopped" error={stop.error} mayHaveHappened />}
        <button className="btn stop giant" type="submit" aria-disabled={!may || reason.trim() === ''} aria-describedby="stop-note">
          <Icon name="brake" />
          <span>{stop.isPending ? 'Stopping' : reason.trim() === '' ? 'Say why first' : 'Stop'}</span>
          <span className="keys" aria-hidden="true">
            <kbd className="kbd">
              <Icon name="enter" />
            </kbd>
          </span>
        </button>
        <p className="hint" id="stop-note">
          {may
            ? 'No claim in it commits from the answer on. What is executing already is not called back.'
            : `Stopping needs an approver or an admin; you are ${operator.role}.`}
        </p>
        <div className="dialog-act">
          <button className="btn quiet" type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
        </div>
      </form>
    </dialog>
  )
}

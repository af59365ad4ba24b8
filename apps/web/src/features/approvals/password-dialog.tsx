import { ApiProblem } from '@autopack/api-client/errors'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { describeProblem } from '../../shared/describe-problem.ts'
import { Icon } from '../../shared/icon.tsx'
import { SealMark } from '../../shared/seal-mark.tsx'
import { stepUpMutation } from '../../shared/step-up-mutation.ts'
import { ApproveButton } from './approve-button.tsx'
import { RenderedSentence } from './rendered-sentence.tsx'
import type { Consent } from './sign-approval.ts'
import './password-dialog.css'

type Props = { consent: Consent; name: string; onConfirmed: () => void; onClose: () => void }

/**
 * The password again, where no passkey is at hand: says what it is for, and that it is no signature. Enter does not approve here either.
 * What was said yes to is what is sent, or nothing is.
 */
export function PasswordDialog({ consent, name, onConfirmed, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const field = useRef<HTMLInputElement>(null)
  const [password, setPassword] = useState('')
  const [hint, setHint] = useState<string | null>(null)
  const stepUp = useMutation(stepUpMutation)
  useEffect(() => {
    dialog.current?.showModal()
    field.current?.focus()
  }, [])
  const { action, proposal } = consent
  const blind = proposal.rendered?.blind ?? true
  const refused = stepUp.error === null ? null : toRefusedWords(stepUp.error)

  function confirm() {
    if (stepUp.isPending) return
    stepUp.mutate(password, {
      onSuccess: onConfirmed,
      onError: () => {
        field.current?.focus()
        field.current?.select()
      },
    })
  }
  function ask() {
    setHint(password === '' ? 'Type your password first.' : 'Enter does not approve: press the button.')
    field.current?.focus()
  }

  return (
    <dialog ref={dialog} className="stepup" aria-labelledby="stepup-title" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          ask()
        }}
      >
        <h2 id="stepup-title">{blind ? 'Accept blind with your password' : 'Approve with your password'}</h2>
        <p>
          {action.executor.name} may <RenderedSentence proposal={proposal} />.
        </p>
        <p className="stepup-seal">
          <SealMark seal={proposal.seal} />{' '}
          <span className="muted">
            revision {proposal.revision}, {action.mode === 'live' ? 'live' : 'dry run'}
          </span>
        </p>
        <p className="muted">
          <q>{consent.reason}</q>
        </p>
        {/* For password managers: they need to know whose password this is. */}
        <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />
        <div className="field">
          <label htmlFor="stepup-password">Password of {name}</label>
          <input
            ref={field}
            className="input lg"
            id="stepup-password"
            type="password"
            autoComplete="current-password"
            maxLength={1_000}
            value={password}
            aria-invalid={refused !== null}
            aria-describedby="stepup-hint"
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || event.ctrlKey || event.metaKey || event.nativeEvent.isComposing) return
              event.preventDefault()
              ask()
            }}
            onChange={(event) => {
              setPassword(event.target.value)
              setHint(null)
              if (refused !== null) stepUp.reset()
            }}
          />
          <span className="hint" id="stepup-hint">
            {hint ?? 'No passkey signs this, so the approval is marked “not signed”. Good for five minutes.'}
          </span>
        </div>
        <div role="alert">
          {refused !== null && (
            <p className="err">
              <Icon name="failed" small /> {refused}
            </p>
          )}
        </div>
        <div className="dialog-act">
          <button className="btn lg quiet" type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <ApproveButton
            armed={password !== '' && !stepUp.isPending}
            words={stepUp.isPending ? 'Checking' : blind ? 'Confirm, accept blind' : 'Confirm & approve'}
            describedBy="stepup-hint"
            inDialog
            onApprove={confirm}
            onNotYet={ask}
          />
        </div>
      </form>
    </dialog>
  )
}

function toRefusedWords(error: unknown): string {
  if (error instanceof ApiProblem && error.code === 'wrong_credentials') return 'This is not your password. Nothing was approved.'
  const { what, todo } = describeProblem(error)
  return `${what} ${todo} Nothing was approved.`
}

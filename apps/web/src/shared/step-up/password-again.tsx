import { ApiProblem } from '@autopack/api-client/errors'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useId, useRef, useState, type ComponentType } from 'react'
import { describeProblem } from '../describe-problem.ts'
import { Icon } from '../icon.tsx'
import { stepUpMutation } from '../step-up-mutation.ts'

/** For a button on which Enter must not act: it says itself when it was meant. */
export type Confirm = { ready: boolean; pending: boolean; describedBy: string; onConfirm: () => void; onNotYet: () => void }

type Props = {
  name: string
  why: string
  /** What a wrong password means for the act: `Nothing was sent.` */
  nothing: string
  /** In the place of the plain button; then Enter in the field confirms nothing. */
  deliberate?: ComponentType<Confirm>
  onConfirmed: () => void
  onCancel: () => void
}

/** The password of somebody who is signed in, once more. A wrong one stays in the field, selected. */
export function PasswordAgain({ name, why, nothing, deliberate: Deliberate, onConfirmed, onCancel }: Props) {
  const field = useRef<HTMLInputElement>(null)
  const [password, setPassword] = useState('')
  const [hint, setHint] = useState<string | null>(null)
  const stepUp = useMutation(stepUpMutation)
  const { error, isPending } = stepUp
  const id = useId()
  const ready = password !== '' && !isPending
  useEffect(() => field.current?.focus(), [])
  useEffect(() => {
    if (error === null) return
    field.current?.focus()
    field.current?.select()
  }, [error])

  function confirm(): void {
    if (ready) stepUp.mutate(password, { onSuccess: onConfirmed })
  }
  function ask(): void {
    setHint(password === '' ? 'Type your password first.' : 'Enter does not approve: press the button.')
    field.current?.focus()
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (Deliberate === undefined) confirm()
        else ask()
      }}
    >
      {/* For password managers: they need to know whose password this is. */}
      <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />
      <div className="field">
        <label htmlFor={`${id}-password`}>
          Password of <span dir="auto">{name}</span>
        </label>
        <input
          ref={field}
          className="input lg"
          id={`${id}-password`}
          type="password"
          autoComplete="current-password"
          maxLength={1_000}
          value={password}
          aria-invalid={error !== null}
          aria-describedby={`${id}-why`}
          onKeyDown={(event) => {
            if (Deliberate === undefined || event.key !== 'Enter' || event.ctrlKey || event.metaKey || event.nativeEvent.isComposing) return
            event.preventDefault()
            ask()
          }}
          onChange={(event) => {
            setPassword(event.target.value)
            setHint(null)
            if (error !== null) stepUp.reset()
          }}
        />
        <span className="hint" id={`${id}-why`}>
          {hint ?? `${why} Good for five minutes.`}
        </span>
      </div>
      <div role="alert">
        {error !== null && (
          <p className="err">
            <Icon name="failed" small /> {toRefusedWords(error)} {nothing}
          </p>
        )}
      </div>
      <div className="dialog-act">
        <button className="btn lg quiet" type="button" onClick={onCancel}>
          Cancel
        </button>
        {Deliberate === undefined ? (
          <button className="btn lg primary" type="submit" aria-disabled={!ready}>
            {isPending ? 'Checking' : 'Confirm'}
          </button>
        ) : (
          <Deliberate ready={ready} pending={isPending} describedBy={`${id}-why`} onConfirm={confirm} onNotYet={ask} />
        )}
      </div>
    </form>
  )
}

function toRefusedWords(error: unknown): string {
  if (error instanceof ApiProblem && error.code === 'wrong_credentials') return 'This is not your password.'
  const { what, todo } = describeProblem(error)
  return `${what} ${todo}`
}

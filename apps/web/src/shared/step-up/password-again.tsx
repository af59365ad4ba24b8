import { ApiProblem } from '@autopack/api-client/errors'
import { useEffect, useId, useRef, useState } from 'react'
import { describeProblem } from '../describe-problem.ts'
import { Icon } from '../icon.tsx'

type Props = { name: string; why: string; pending: boolean; error: unknown; onConfirm: (password: string) => void; onCancel: () => void }

/** The password of somebody who is signed in, once more. A wrong one stays in the field, selected. */
export function PasswordAgain({ name, why, pending, error, onConfirm, onCancel }: Props) {
  const field = useRef<HTMLInputElement>(null)
  const [password, setPassword] = useState('')
  const id = useId()
  useEffect(() => field.current?.focus(), [])
  useEffect(() => {
    if (error === null) return
    field.current?.focus()
    field.current?.select()
  }, [error])
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (password !== '' && !pending) onConfirm(password)
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
          onChange={(event) => setPassword(event.target.value)}
        />
        <span className="hint" id={`${id}-why`}>
          {why} Good for five minutes.
        </span>
      </div>
      <div role="alert">
        {error !== null && (
          <p className="err">
            <Icon name="failed" small /> {toRefusedWords(error)}
          </p>
        )}
      </div>
      <div className="dialog-act">
        <button className="btn lg quiet" type="button" onClick={onCancel}>
          Cancel
        </button>
        <button className="btn lg primary" type="submit" aria-disabled={password === '' || pending}>
          {pending ? 'Checking' : 'Confirm'}
        </button>
      </div>
    </form>
  )
}

function toRefusedWords(error: unknown): string {
  if (error instanceof ApiProblem && error.code === 'wrong_credentials') return 'This is not your password. Nothing was sent.'
  const { what, todo } = describeProblem(error)
  return `${what} ${todo}`
}

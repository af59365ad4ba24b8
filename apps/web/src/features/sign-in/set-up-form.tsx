import type { Session } from '@autopack/contract/auth'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useId, useRef, useState } from 'react'
import { Link } from '../../shared/link.tsx'
import { serverNowMs, useServerNow } from '../../shared/server-clock.ts'
import { PasswordField } from './password-field.tsx'
import { RefusalLine } from './refusal-line.tsx'
import { setUpMutation } from './set-up-mutation.ts'
import { describeSetUpFailure, type SetUpRefusal } from './set-up-words.ts'
import './sign-in-form.css'

/** Name and password of the first admin. Nothing typed is lost, whatever is refused. */
export function SetUpForm({ token, onSignedIn }: { token: string; onSignedIn: (session: Session) => void }) {
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [refusal, setRefusal] = useState<SetUpRefusal & { untilMs: number; token: string }>()
  const nameField = useRef<HTMLInputElement>(null)
  const passwordField = useRef<HTMLInputElement>(null)
  const id = useId()
  const setUp = useMutation({
    ...setUpMutation,
    onSuccess: onSignedIn,
    onError: (error) => {
      const failure = describeSetUpFailure(error)
      setRefusal({ ...failure, token, untilMs: serverNowMs() + failure.waitSeconds * 1_000 })
      const field = { name: nameField, password: passwordField }
      if (failure.field) field[failure.field].current?.focus()
    },
  })
  const nowMs = useServerNow()
  // What was said about an earlier link is not true of this one.
  const shown = refusal?.token === token ? refusal : undefined
  const waitMs = shown && shown.waitSeconds > 0 ? shown.untilMs - nowMs : 0

  useEffect(() => nameField.current?.focus(), [])

  return (
    <form
      className="signin-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (waitMs > 0 || setUp.isPending) return
        setRefusal(undefined)
        setUp.mutate({ token, name: name.trim(), password })
      }}
    >
      <div className="field">
        <label htmlFor={`${id}-name`}>Your name</label>
        <input
          ref={nameField}
          className="input lg"
          id={`${id}-name`}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          maxLength={100}
          value={name}
          aria-invalid={shown?.field === 'name'}
          aria-describedby={shown?.field === 'name' ? `${id}-name-hint ${id}-refusal` : `${id}-name-hint`}
          onChange={(event) => setName(event.target.value)}
        />
        <span className="hint" id={`${id}-name-hint`}>
          You sign in with it; it stands beside your decisions.
        </span>
      </div>
      <div className="field">
        <label htmlFor={`${id}-password`}>Password</label>
        <PasswordField
          id={`${id}-password`}
          autoComplete="new-password"
          value={password}
          invalid={shown?.field === 'password'}
          describedBy={shown?.field === 'password' ? `${id}-rule ${id}-refusal` : `${id}-rule`}
          field={passwordField}
          onType={setPassword}
        />
        <span className="hint" id={`${id}-rule`}>
          At least 15 characters; a few unrelated words are fine.
        </span>
      </div>
      <button className="btn primary lg wide" type="submit" aria-disabled={waitMs > 0 || setUp.isPending}>
        {setUp.isPending ? 'Setting up' : 'Set up and sign in'}
      </button>
      <RefusalLine id={`${id}-refusal`} refusal={shown} waitMs={waitMs} />
      {shown?.closed && <Link to="/sign-in">Go to the sign-in</Link>}
    </form>
  )
}

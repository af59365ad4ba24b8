import type { Session } from '@autopack/contract/auth'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useId, useRef, useState } from 'react'
import { formatDuration } from '../../shared/format-duration.ts'
import { Icon } from '../../shared/icon.tsx'
import { signInMutation } from '../../shared/session-queries.ts'
import { serverNowMs, useServerNow } from '../../shared/server-clock.ts'
import { describeSignInFailure, type SignInRefusal } from './sign-in-words.ts'
import './sign-in-form.css'

/** Name and password. `knownName`: somebody signs in again over a page, so the name is filled in. */
export function SignInForm({ knownName, onSignedIn }: { knownName?: string; onSignedIn: (session: Session) => void }) {
  const [name, setName] = useState(knownName ?? '')
  const [password, setPassword] = useState('')
  const [shown, setShown] = useState(false)
  const [refusal, setRefusal] = useState<SignInRefusal & { untilMs: number }>()
  const nameField = useRef<HTMLInputElement>(null)
  const passwordField = useRef<HTMLInputElement>(null)
  const id = useId()
  const signIn = useMutation({
    ...signInMutation,
    onSuccess: onSignedIn,
    onError: (error) => {
      const failure = describeSignInFailure(error)
      setRefusal({ ...failure, untilMs: serverNowMs() + failure.waitSeconds * 1_000 })
      if (failure.aboutCredentials) passwordField.current?.select()
    },
  })
  const nowMs = useServerNow()
  const waitMs = refusal && refusal.waitSeconds > 0 ? refusal.untilMs - nowMs : 0
  const waiting = waitMs > 0

  useEffect(() => {
    // The page is this form: there is nowhere else to be. A dialog chooses for itself.
    if (!knownName) nameField.current?.focus()
  }, [knownName])

  return (
    <form
      className="signin-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (waiting || signIn.isPending) return
        setRefusal(undefined)
        signIn.mutate({ name: name.trim(), password })
      }}
    >
      <div className="field">
        <label htmlFor={`${id}-name`}>Name</label>
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
          aria-invalid={refusal?.aboutCredentials}
          onChange={(event) => setName(event.target.value)}
        />
      </div>
      <div className="field">
        <label htmlFor={`${id}-password`}>Password</label>
        <span className="password">
          <input
            ref={passwordField}
            className="input lg"
            id={`${id}-password`}
            name="password"
            type={shown ? 'text' : 'password'}
            autoComplete="current-password"
            autoCapitalize="none"
            spellCheck={false}
            required
            maxLength={1_000}
            value={password}
            aria-invalid={refusal?.aboutCredentials}
            aria-describedby={refusal ? `${id}-refusal` : undefined}
            onChange={(event) => setPassword(event.target.value)}
          />
          <button className="btn quiet iconbtn" type="button" aria-pressed={shown} aria-label="Show password" onClick={() => setShown(!shown)}>
            <Icon name={shown ? 'blind' : 'eye'} />
          </button>
        </span>
      </div>
      <button className="btn primary lg wide" type="submit" aria-disabled={waiting || signIn.isPending}>
        {signIn.isPending ? 'Signing in' : 'Sign in'}
      </button>
      <div className="refusal" role="alert">
        {refusal && (
          <p className="err" id={`${id}-refusal`}>
            <Icon name="failed" small />
            <span>
              {refusal.words}
              {waiting && <span className="tn"> Try again in {formatDuration(Math.max(1_000, waitMs))}.</span>}
              {refusal.waitSeconds > 0 && !waiting && ' You can try again now.'}
            </span>
          </p>
        )}
      </div>
    </form>
  )
}

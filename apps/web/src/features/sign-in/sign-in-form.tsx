import type { Session } from '@autopack/contract/auth'
import { useMutation } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useId, useRef, useState } from 'react'
import { signInMutation } from '../../shared/session-queries.ts'
import { serverNowMs, useServerNow } from '../../shared/server-clock.ts'
import { PasswordField } from './password-field.tsx'
import { RefusalLine } from './refusal-line.tsx'
import { describeSignInFailure, type SignInRefusal } from './sign-in-words.ts'
import './sign-in-form.css'

// Name and password do not wait for it.
const PasskeyButton = lazy(async () => ({ default: (await import('./passkey-button.tsx')).PasskeyButton }))

/** Name and password, or a passkey. `knownName`: somebody signs in again over a page, so the name is filled in. */
export function SignInForm({ knownName, onSignedIn }: { knownName?: string; onSignedIn: (session: Session) => void }) {
  const [name, setName] = useState(knownName ?? '')
  const [password, setPassword] = useState('')
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
      <Suspense fallback={<div className="signin-passkey" />}>
        <PasskeyButton
          waiting={waiting || signIn.isPending}
          onSignedIn={onSignedIn}
          onBegin={() => setRefusal(undefined)}
          onRefused={(failure) => setRefusal({ ...failure, untilMs: serverNowMs() + failure.waitSeconds * 1_000 })}
        />
      </Suspense>
      <p className="signin-or muted" aria-hidden="true">
        or
      </p>
      <div className="field">
        <label htmlFor={`${id}-name`}>Name</label>
        <input
          ref={nameField}
          className="input lg"
          id={`${id}-name`}
          name="username"
          // The second token is of the HTML standard (autofill, "webauthn"); the rule does not know it.
          // oxlint-disable-next-line jsx-a11y/autocomplete-valid
          autoComplete="username webauthn"
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
        <PasswordField
          id={`${id}-password`}
          autoComplete="current-password"
          value={password}
          invalid={refusal?.aboutCredentials}
          describedBy={refusal ? `${id}-refusal` : undefined}
          field={passwordField}
          onType={setPassword}
        />
      </div>
      <button className="btn primary lg wide" type="submit" aria-disabled={waiting || signIn.isPending}>
        {signIn.isPending ? 'Signing in' : 'Sign in'}
      </button>
      <RefusalLine id={`${id}-refusal`} refusal={refusal} waitMs={waitMs} />
    </form>
  )
}

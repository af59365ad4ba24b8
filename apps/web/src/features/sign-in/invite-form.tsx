import type { Session } from '@autopack/contract/auth'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useId, useRef, useState } from 'react'
import { Link } from '../../shared/link.tsx'
import { serverNowMs, useServerNow } from '../../shared/server-clock.ts'
import { acceptInviteMutation } from './invite-queries.ts'
import { describeInviteFailure, type InviteRefusal } from './invite-words.ts'
import { PasswordField } from './password-field.tsx'
import { RefusalLine } from './refusal-line.tsx'
import './sign-in-form.css'

/** One password. Nothing typed is lost, whatever is refused. */
export function InviteForm({ token, name, onSignedIn }: { token: string; name: string; onSignedIn: (session: Session) => void }) {
  const [password, setPassword] = useState('')
  const [refusal, setRefusal] = useState<InviteRefusal & { untilMs: number }>()
  const field = useRef<HTMLInputElement>(null)
  const id = useId()
  const nowMs = useServerNow()
  const accept = useMutation({
    ...acceptInviteMutation,
    onSuccess: onSignedIn,
    onError: (error) => {
      const failure = describeInviteFailure(error)
      setRefusal({ ...failure, untilMs: serverNowMs() + failure.waitSeconds * 1_000 })
      if (failure.aboutPassword) field.current?.focus()
    },
  })
  const waitMs = refusal && refusal.waitSeconds > 0 ? refusal.untilMs - nowMs : 0
  useEffect(() => field.current?.focus(), [])
  return (
    <form
      className="signin-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (waitMs > 0 || accept.isPending || password === '') return
        setRefusal(undefined)
        accept.mutate({ token, password })
      }}
    >
      {/* For password managers: they need to know whose password this is. */}
      <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />
      <div className="field">
        <label htmlFor={`${id}-password`}>Choose a password</label>
        <PasswordField
          id={`${id}-password`}
          autoComplete="new-password"
          value={password}
          invalid={refusal?.aboutPassword}
          describedBy={refusal?.aboutPassword === true ? `${id}-rule ${id}-refusal` : `${id}-rule`}
          field={field}
          onType={setPassword}
        />
        <span className="hint" id={`${id}-rule`}>
          At least 15 characters; a few unrelated words are fine. A passkey comes next.
        </span>
      </div>
      <button className="btn primary lg wide" type="submit" aria-disabled={waitMs > 0 || accept.isPending}>
        {accept.isPending ? 'Coming in' : 'Come in'}
      </button>
      <RefusalLine id={`${id}-refusal`} refusal={refusal} waitMs={waitMs} />
      {refusal?.used === true && <Link to="/sign-in">Go to the sign-in</Link>}
    </form>
  )
}

import { ApiProblem } from '@autopack/api-client/errors'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { describeProblem } from '../../shared/describe-problem.ts'
import { Icon } from '../../shared/icon.tsx'
import { changePasswordMutation, ownSessionsQuery, sessionQuery } from '../../shared/session-queries.ts'
import { findPasswordProblem, passwordLeastCharacters } from './password-words.ts'

const empty = { current: '', next: '', again: '' }

/** Changes the own password. What is wrong is said in words when it is sent, not while it is typed. */
export function PasswordForm({ name }: { name: string }) {
  const client = useQueryClient()
  const [typed, setTyped] = useState(empty)
  const [problem, setProblem] = useState<string | null>(null)
  const change = useMutation({
    ...changePasswordMutation,
    onSuccess: (session) => {
      client.setQueryData(sessionQuery.queryKey, session)
      void client.invalidateQueries({ queryKey: ownSessionsQuery.queryKey })
      setTyped(empty)
    },
  })
  const refused = change.error === null ? null : toRefusedWords(change.error)
  const shown = problem ?? refused

  function type(part: Partial<typeof empty>) {
    setTyped({ ...typed, ...part })
    setProblem(null)
    change.reset()
  }

  return (
    <form
      className="passwordform"
      onSubmit={(event) => {
        event.preventDefault()
        const found = findPasswordProblem(typed)
        setProblem(found)
        if (found === null && !change.isPending) change.mutate({ current_password: typed.current, new_password: typed.next })
      }}
    >
      {/* For password managers: they need to know whose password this is. */}
      <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />
      <Field id="current" label="Current password" autoComplete="current-password" value={typed.current} onType={(current) => type({ current })} />
      <Field
        id="next"
        label="New password"
        autoComplete="new-password"
        value={typed.next}
        onType={(next) => type({ next })}
        hint={`At least ${passwordLeastCharacters} characters; a few unrelated words are fine. Every other session of yours ends.`}
      />
      <Field id="again" label="New password again" autoComplete="new-password" value={typed.again} onType={(again) => type({ again })} />
      <div role="alert">
        {shown !== null && (
          <p className="err">
            <Icon name="failed" small /> {shown}
          </p>
        )}
      </div>
      <p className="passwordform-act">
        <button className="btn lg" type="submit" disabled={change.isPending}>
          {change.isPending ? 'Changing' : 'Change password'}
        </button>
        <span role="status" className="muted">
          {change.isSuccess ? 'Changed. Your other sessions have ended.' : ''}
        </span>
      </p>
    </form>
  )
}

/** The server says best what is wrong with a password; everything else is no fault of the password. */
function toRefusedWords(error: unknown): string {
  if (error instanceof ApiProblem && (error.code === 'weak_password' || error.code === 'wrong_credentials')) return error.problem.detail
  const { what, todo } = describeProblem(error)
  return `${what} ${todo}`
}

function Field(props: { id: string; label: string; autoComplete: string; value: string; hint?: string; onType: (text: string) => void }) {
  const { id, label, autoComplete, value, hint, onType } = props
  return (
    <div className="field">
      <label htmlFor={`password-${id}`}>{label}</label>
      <input
        id={`password-${id}`}
        className="input lg"
        type="password"
        autoComplete={autoComplete}
        maxLength={1_000}
        value={value}
        aria-describedby={hint === undefined ? undefined : `password-${id}-hint`}
        onChange={(event) => onType(event.target.value)}
      />
      {hint !== undefined && (
        <span className="hint" id={`password-${id}-hint`}>
          {hint}
        </span>
      )}
    </div>
  )
}

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Navigate } from 'react-router'
import { Link } from '../../shared/link.tsx'
import { sessionQuery } from '../../shared/session-queries.ts'
import { FindSetUpLink } from './find-set-up-link.tsx'
import { SetUpForm } from './set-up-form.tsx'
import { setUpQuery } from './set-up-queries.ts'
import { readSetUpToken } from './set-up-token.ts'
import { SignInFrame } from './sign-in-frame.tsx'

/** `/setup#token=…`: the first run. The token leaves the address bar and the history as soon as it is read. */
export function SetUpPage() {
  const queryClient = useQueryClient()
  const setUp = useQuery(setUpQuery)
  const token = useTokenOfAddress()
  const [done, setDone] = useState(false)
  const host = <p className="muted">{location.host}</p>

  if (done) return <Navigate to="/" replace />
  if (setUp.data?.needed === false) {
    return (
      <SignInFrame title="Already set up">
        <h1 className="sentence">
          <b>Autopack Console</b> is already set up
        </h1>
        {host}
        <div className="setup-how">
          <p>Somebody is its admin, so no link sets it up any more. An admin lets you in; whoever runs the server can reset a password.</p>
          <p>
            <Link className="btn primary lg wide" to="/sign-in">
              Go to the sign-in
            </Link>
          </p>
        </div>
      </SignInFrame>
    )
  }
  if (token === null || token === 'incomplete') {
    return (
      <SignInFrame title="Set up">
        <h1 className="sentence">
          Set up <b>Autopack Console</b>
        </h1>
        {host}
        {token === 'incomplete' && (
          <p className="setup-how" role="alert">
            <strong>This link is not complete.</strong> Copy the whole line: it is easily cut where a terminal breaks it.
          </p>
        )}
        <FindSetUpLink />
      </SignInFrame>
    )
  }
  return (
    <SignInFrame title="Set up" footer="This page works once. After it, people sign in, and no link makes an admin any more.">
      <h1 className="sentence">
        Set up <b>Autopack Console</b>
      </h1>
      <p className="muted">{location.host} · you become its first admin</p>
      <SetUpForm
        token={token}
        onSignedIn={(session) => {
          queryClient.setQueryData(setUpQuery.queryKey, { needed: false })
          queryClient.setQueryData(sessionQuery.queryKey, session)
          setDone(true)
        }}
      />
    </SignInFrame>
  )
}

/** Kept in this page alone. A newer link that is opened in this tab takes its place, and what was typed stays. */
function useTokenOfAddress(): string | 'incomplete' | null {
  const [token, setToken] = useState(() => readSetUpToken(location.hash))
  useEffect(() => {
    function takeToken(): void {
      if (location.hash === '') return
      setToken(readSetUpToken(location.hash))
      history.replaceState(history.state, '', location.pathname)
    }
    takeToken()
    window.addEventListener('hashchange', takeToken)
    return () => window.removeEventListener('hashchange', takeToken)
  }, [])
  return token
}

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Navigate } from 'react-router'
import { Link } from '../../shared/link.tsx'
import { toAgentWords } from '../../shared/agent-text.tsx'
import { sessionQuery } from '../../shared/session-queries.ts'
import { Skeleton } from '../../shared/skeleton.tsx'
import { Time } from '../../shared/time.tsx'
import { InviteForm } from './invite-form.tsx'
import { inviteQuery } from './invite-queries.ts'
import { readInviteToken } from './invite-token.ts'
import { describeInviteFailure } from './invite-words.ts'
import { SignInFrame } from './sign-in-frame.tsx'

const roleWords = {
  viewer: 'You will read what you may see.',
  approver: 'You will read and decide.',
  admin: 'You will decide, and manage people, keys and limits.',
}

/** `/invite#token=…`: somebody comes in for the first time. The token leaves the address bar and the history as soon as it is read. */
export function InvitePage() {
  const queryClient = useQueryClient()
  const token = useTokenOfAddress()
  const session = useQuery(sessionQuery)
  const invite = useQuery(inviteQuery(token))
  const [done, setDone] = useState(false)
  // Straight to the first passkey: the time to make it has begun.
  if (done) return <Navigate to="/settings/me?welcome=1" replace />
  const refusal = invite.error === null ? null : describeInviteFailure(invite.error)
  if (token === null || refusal !== null) {
    return (
      <SignInFrame title="Invite">
        <h1 className="sentence">This invite cannot be opened</h1>
        <p className="muted">{location.host}</p>
        <div className="setup-how" role="alert">
          <p>
            {refusal?.words ?? 'This page was reloaded, or the link is not complete. Open the whole link again; it still works until it was used.'}
          </p>
          {refusal !== null && refusal.waitSeconds > 0 && <p>Try again in {refusal.waitSeconds} s.</p>}
        </div>
        <p className="setup-how">
          {refusal !== null && (
            <button className="btn lg wide" type="button" onClick={() => void invite.refetch()}>
              Try again
            </button>
          )}
          <Link className="btn lg wide" to="/sign-in">
            Go to the sign-in
          </Link>
        </p>
      </SignInFrame>
    )
  }
  if (invite.data === undefined) {
    return (
      <SignInFrame title="Invite">
        <Skeleton rows={2} label="Reading the invite" />
      </SignInFrame>
    )
  }
  const { name, role, invited_by, expires_at } = invite.data
  const signedIn = session.data ? toAgentWords(session.data.operator.name) : null
  return (
    <SignInFrame title="Invite" footer="The link works once. After it you sign in with your name and the password, or with a passkey.">
      <h1 className="sentence">
        Come in as{' '}
        <b className="v" dir="auto">
          {toAgentWords(name)}
        </b>
      </h1>
      <p className="muted">
        {location.host} · invited by <span dir="auto">{invited_by === null ? 'whoever runs the server' : toAgentWords(invited_by)}</span> as {role},
        until <Time at={expires_at} form="clock" />
      </p>
      <p className="setup-how">{roleWords[role]}</p>
      {signedIn !== null && (
        <p className="setup-how" role="status">
          <span dir="auto">{signedIn}</span> is signed in here; that session ends when you come in.
        </p>
      )}
      <InviteForm
        token={token}
        name={name}
        onSignedIn={(opened) => {
          // Whatever was read before was read by somebody else.
          queryClient.clear()
          queryClient.setQueryData(sessionQuery.queryKey, opened)
          setDone(true)
        }}
      />
    </SignInFrame>
  )
}

/** Kept in this page alone. A newer link that is opened in this tab takes its place. */
function useTokenOfAddress(): string | null {
  const [token, setToken] = useState(() => readInviteToken(location.hash))
  useEffect(() => {
    function takeToken(): void {
      if (location.hash === '') return
      setToken(readInviteToken(location.hash))
      history.replaceState(history.state, '', location.pathname)
    }
    takeToken()
    window.addEventListener('hashchange', takeToken)
    return () => window.removeEventListener('hashchange', takeToken)
  }, [])
  return token
}

import type { Session } from '@autopack/contract/auth'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react'
import { Navigate, useLocation } from 'react-router'
import { ProblemPanel } from '../shared/problem-panel.tsx'
import { SessionContext } from '../shared/session.ts'
import { sessionQuery } from '../shared/session-queries.ts'
import { Skeleton } from '../shared/skeleton.tsx'
import { LiveUpdates } from './live-updates.tsx'

// Not needed to show a page; asked for beside it, so that both are here when the session nears its end. Without them the page stays usable.
const loadSignInAgain = async () => ({ default: (await import('./sign-in-again-dialog.tsx')).SignInAgainDialog })
const SignInAgainDialog = lazy(() => loadSignInAgain().catch(() => ({ default: SignedOut })))
const loadSessionClock = async () => ({ default: (await import('./session-clock.tsx')).SessionClock })
const SessionClock = lazy(() => loadSessionClock().catch(() => ({ default: () => null })))

function SignedOut() {
  return (
    <p className="banner" data-s="halted" role="alert">
      <strong>You are signed out,</strong> and the form to sign in again could not be loaded. Sign in in another tab; what you typed stays here.
    </p>
  )
}

/**
 * Lets signed-in people through. Whoever was never signed in here goes to /sign-in and comes back; whose session ends while
 * working signs in again over the page, which keeps everything that was typed.
 */
export function SessionGate({ children }: { children: ReactNode }) {
  const queryClient = useQueryClient()
  const location = useLocation()
  const { data, error, refetch } = useQuery(sessionQuery)
  const [held, setHeld] = useState<Session | null>(null)
  if (data && data !== held) setHeld(data)
  const signedIn = held !== null
  useEffect(() => {
    if (signedIn) loadSignInAgain().catch(() => undefined)
  }, [signedIn])
  const session = data ?? held
  if (!session) {
    if (data === null) return <Navigate to={`/sign-in?to=${encodeURIComponent(location.pathname + location.search)}`} replace />
    return (
      <main id="main">
        {error ? <ProblemPanel title="The console could not be opened" error={error} onRetry={() => void refetch()} /> : <Skeleton />}
      </main>
    )
  }

  function continueAs(next: Session): void {
    // What is on the page was read with another person's eyes: start over.
    if (next.operator.operator_id !== session?.operator.operator_id) return window.location.reload()
    queryClient.setQueryData(sessionQuery.queryKey, next)
    void queryClient.invalidateQueries({ predicate: (query) => query.queryKey[0] !== sessionQuery.queryKey[0] })
  }

  return (
    <SessionContext value={session}>
      <LiveUpdates signedIn={data !== null} />
      {children}
      <Suspense fallback={null}>
        {data === null ? <SignInAgainDialog name={session.operator.name} onSignedIn={continueAs} /> : <SessionClock session={session} />}
      </Suspense>
    </SessionContext>
  )
}

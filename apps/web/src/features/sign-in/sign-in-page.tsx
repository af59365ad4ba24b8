import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Navigate, useLocation, useSearchParams } from 'react-router'
import { sessionQuery } from '../../shared/session-queries.ts'
import { FindSetUpLink } from './find-set-up-link.tsx'
import { safeDestination } from './safe-destination.ts'
import { setUpQuery } from './set-up-queries.ts'
import { SignInForm } from './sign-in-form.tsx'
import { SignInFrame } from './sign-in-frame.tsx'

/** `/sign-in?to=/runs`: one form, nothing else; whoever is signed in already goes on. While nobody is there, how to be the first. */
export function SignInPage() {
  const queryClient = useQueryClient()
  const [search] = useSearchParams()
  const { state } = useLocation()
  const session = useQuery(sessionQuery)
  const setUp = useQuery(setUpQuery)
  const destination = safeDestination(search.get('to'), location.origin)
  if (session.data) return <Navigate to={destination} replace />
  if (setUp.data?.needed) {
    return (
      <SignInFrame title="Not set up">
        <h1 className="sentence">
          <b>Autopack Console</b> is not set up
        </h1>
        <p className="muted">{location.host}</p>
        <FindSetUpLink />
      </SignInFrame>
    )
  }
  return (
    <SignInFrame
      title="Sign in"
      footer="No sign-in yet? Whoever runs this installation makes one. The demo prints its three sign-ins in the terminal at every start."
    >
      <h1 className="sentence">
        Sign in to <b>Autopack Console</b>
      </h1>
      <p className="muted">
        {location.host}
        {(state as { signedOut?: boolean } | null)?.signedOut ? ' · you are signed out' : ''}
      </p>
      <SignInForm onSignedIn={(signedIn) => queryClient.setQueryData(sessionQuery.queryKey, signedIn)} />
    </SignInFrame>
  )
}

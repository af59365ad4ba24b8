import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Navigate, useLocation, useSearchParams } from 'react-router'
import { Brand } from '../../shared/brand.tsx'
import { sessionQuery } from '../../shared/session-queries.ts'
import { ThemeSwitch } from '../../shared/theme-switch.tsx'
import { safeDestination } from './safe-destination.ts'
import { SignInForm } from './sign-in-form.tsx'
import './sign-in-page.css'

/** `/sign-in?to=/runs`: one form, nothing else; whoever is signed in already goes on. */
export function SignInPage() {
  const queryClient = useQueryClient()
  const [search] = useSearchParams()
  const { state } = useLocation()
  const session = useQuery(sessionQuery)
  const destination = safeDestination(search.get('to'), location.origin)
  if (session.data) return <Navigate to={destination} replace />
  return (
    <>
      <title>Sign in · Autopack Console</title>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <header className="signin-top">
        <Brand />
        <ThemeSwitch />
      </header>
      <main id="main" className="signin" tabIndex={-1}>
        <div>
          <h1 className="sentence">
            Sign in to <b>Autopack Console</b>
          </h1>
          <p className="muted">
            {location.host}
            {(state as { signedOut?: boolean } | null)?.signedOut ? ' · you are signed out' : ''}
          </p>
          <SignInForm onSignedIn={(signedIn) => queryClient.setQueryData(sessionQuery.queryKey, signedIn)} />
        </div>
      </main>
      <footer className="signin-foot">
        No sign-in yet? Whoever runs this installation makes one. The demo prints its three sign-ins in the terminal at every start.
      </footer>
    </>
  )
}

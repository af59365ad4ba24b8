import { getJwks, getSession as getSessionRoute, login, logout } from '@autopack/contract/auth'
import { loginWithPasskey, startPasskeyLogin } from '@autopack/contract/passkey-sign-in'
import type { App } from '@autopack/server-kit/create-app'
import { mountRoute } from '@autopack/server-kit/mount-route'
import type { Deps } from '../../deps.ts'
import { toCaller } from '../../shared/caller.ts'
import { readCookie, writeCookie } from '../../shared/cookies.ts'
import { toSession } from '../../shared/current-session.ts'
import { withAnyone, withSession } from '../../shared/mount-console-route.ts'
import { writeSignInCookies } from '../../shared/open-session.ts'
import { signInWithPasskey } from './sign-in-with-passkey.ts'
import { signIn } from './sign-in.ts'
import { signOut } from './sign-out.ts'
import { startPasskeySignIn } from './start-passkey-sign-in.ts'

export function mountSignIn(app: App, deps: Deps): void {
  const { cookies } = deps

  mountRoute(app, login, withAnyone(deps), async ({ principal, body, requestId, signal, c }) => {
    const signedIn = await signIn(deps, {
      ...body,
      caller: toCaller(c, deps.configuration.trustedProxies),
      requestId,
      signal,
      oldSession: principal,
      deviceToken: readCookie(c.req.header('cookie'), cookies.device),
    })
    for (const cookie of writeSignInCookies(cookies, signedIn)) c.res.headers.append('set-cookie', cookie)
    return signedIn.session
  })

  mountRoute(app, startPasskeyLogin, withAnyone(deps), async ({ requestId, signal, c }) =>
    startPasskeySignIn(deps, { caller: toCaller(c, deps.configuration.trustedProxies), requestId, signal }),
  )

  mountRoute(app, loginWithPasskey, withAnyone(deps), async ({ principal, body, requestId, signal, c }) => {
    const signedIn = await signInWithPasskey(deps, {
      ...body,
      caller: toCaller(c, deps.configuration.trustedProxies),
      requestId,
      signal,
      oldSession: principal,
      deviceToken: readCookie(c.req.header('cookie'), cookies.device),
    })
    for (const cookie of writeSignInCookies(cookies, signedIn)) c.res.headers.append('set-cookie', cookie)
    return signedIn.session
  })

  mountRoute(app, logout, withAnyone(deps), async ({ principal, c }) => {
    if (principal) await signOut(deps, principal)
    c.res.headers.append('set-cookie', writeCookie(cookies, cookies.session, '', 0))
    return undefined
  })

  mountRoute(app, getSessionRoute, withSession(deps), async ({ principal }) => toSession(principal, deps.now()))

  mountRoute(app, getJwks, withAnyone(deps), async () => ({ keys: [deps.signingKey.publicJwk as Record<string, unknown>] }))
}

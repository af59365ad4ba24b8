import { acceptInvite as acceptRoute, readInvite as readRoute } from '@autopack/contract/invites'
import type { App } from '@autopack/server-kit/create-app'
import { mountRoute } from '@autopack/server-kit/mount-route'
import type { Deps } from '../../deps.ts'
import { toCaller } from '../../shared/caller.ts'
import { withAnyone } from '../../shared/mount-console-route.ts'
import { writeSignInCookies } from '../../shared/open-session.ts'
import { acceptInvite, readInvite } from './accept-invite.ts'

export function mountInvites(app: App, deps: Deps): void {
  mountRoute(app, readRoute, withAnyone(deps), ({ body, requestId, signal, c }) =>
    readInvite(deps, { ...body, caller: toCaller(c, deps.configuration.trustedProxies), requestId, signal }),
  )

  mountRoute(app, acceptRoute, withAnyone(deps), async ({ principal, body, requestId, signal, c }) => {
    const caller = toCaller(c, deps.configuration.trustedProxies)
    const signedIn = await acceptInvite(deps, { ...body, caller, requestId, signal, oldSession: principal })
    for (const cookie of writeSignInCookies(deps.cookies, signedIn)) c.res.headers.append('set-cookie', cookie)
    return signedIn.session
  })
}

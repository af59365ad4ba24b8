import { getSetUp, setUp } from '@autopack/contract/set-up'
import type { App } from '@autopack/server-kit/create-app'
import { mountRoute } from '@autopack/server-kit/mount-route'
import type { Deps } from '../../deps.ts'
import { toCaller } from '../../shared/caller.ts'
import { withAnyone } from '../../shared/mount-console-route.ts'
import { writeSignInCookies } from '../../shared/open-session.ts'
import { createSetUpState } from './create-set-up-state.ts'
import { setUpConsole } from './set-up-console.ts'

export function mountSetUp(app: App, deps: Deps): void {
  const state = createSetUpState(deps)

  mountRoute(app, getSetUp, withAnyone(deps), async ({ requestId }) => ({ needed: await state.isNeeded(requestId) }))

  mountRoute(app, setUp, withAnyone(deps), async ({ principal, body, requestId, signal, c }) => {
    const caller = toCaller(c, deps.configuration.trustedProxies)
    const signedIn = await setUpConsole(deps, { ...body, caller, requestId, signal, oldSession: principal })
    for (const cookie of writeSignInCookies(deps.cookies, signedIn)) c.res.headers.append('set-cookie', cookie)
    return signedIn.session
  })
}

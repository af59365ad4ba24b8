import { stepUp as stepUpRoute } from '@autopack/contract/auth'
import type { App } from '@autopack/server-kit/create-app'
import { mountRoute } from '@autopack/server-kit/mount-route'
import type { Deps } from '../../deps.ts'
import { writeCookie } from '../../shared/cookies.ts'
import { withSession } from '../../shared/mount-console-route.ts'
import { toPassage } from '../../shared/passage.ts'
import { stepUp } from './step-up.ts'

export function mountStepUp(app: App, deps: Deps): void {
  mountRoute(app, stepUpRoute, withSession(deps), async ({ principal, body, requestId, signal, c }) => {
    const passage = toPassage(principal, { requestId, signal, header: (name) => c.req.header(name) }, [])
    const steppedUp = await stepUp(deps, principal, body.password, passage)
    const seconds = Math.floor((Date.parse(steppedUp.session.expires_at) - deps.now().getTime()) / 1_000)
    c.res.headers.append('set-cookie', writeCookie(deps.cookies, deps.cookies.session, steppedUp.sessionToken, seconds))
    return steppedUp.session
  })
}

import { changePassword as changePasswordRoute } from '@autopack/contract/auth'
import type { App } from '@autopack/server-kit/create-app'
import { mountRoute } from '@autopack/server-kit/mount-route'
import type { Deps } from '../../deps.ts'
import { writeCookie } from '../../shared/cookies.ts'
import { withSession } from '../../shared/mount-console-route.ts'
import { changePassword } from './change-password.ts'

export function mountPassword(app: App, deps: Deps): void {
  mountRoute(app, changePasswordRoute, withSession(deps), async ({ principal, body, c }) => {
    const changed = await changePassword(deps, principal, body)
    const seconds = Math.floor((Date.parse(changed.session.expires_at) - deps.now().getTime()) / 1_000)
    c.res.headers.append('set-cookie', writeCookie(deps.cookies, deps.cookies.session, changed.sessionToken, seconds))
    return changed.session
  })
}

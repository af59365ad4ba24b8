import { listSessions, recordActivity, revokeSession as revokeSessionRoute } from '@autopack/contract/auth'
import type { App } from '@autopack/server-kit/create-app'
import { mountRoute } from '@autopack/server-kit/mount-route'
import type { Deps } from '../../deps.ts'
import { getSession, toSession } from '../../shared/current-session.ts'
import { withSession } from '../../shared/mount-console-route.ts'
import { listLiveSessions, recordSessionActivity } from '../../shared/session-rows.ts'
import { revokeSession } from './revoke-session.ts'
import { toOwnSession } from './to-own-session.ts'

export function mountSessions(app: App, deps: Deps): void {
  mountRoute(app, recordActivity, withSession(deps), async ({ principal, c }) => {
    await recordSessionActivity(deps.db, principal.sid_sha256, deps.now())
    return toSession(await getSession(deps, c.req.header('cookie')), deps.now())
  })

  mountRoute(app, listSessions, withSession(deps), async ({ principal }) => {
    const rows = await listLiveSessions(deps.db, principal.operator_id, deps.now())
    return { items: rows.map((row) => toOwnSession(row, principal)) }
  })

  mountRoute(app, revokeSessionRoute, withSession(deps), async ({ principal, params }) => {
    await revokeSession(deps, principal, params.session_id)
    return undefined
  })
}

import { acceptOperatorInvite, readOperatorInvite } from '@autopack/contract/operators'
import type { App } from '@autopack/server-kit/create-app'
import { hashOneTimeToken } from '@autopack/server-kit/one-time-token'
import type { Deps } from '../../deps.ts'
import { findInvite } from '../../shared/invite-rows.ts'
import { mountConsoleRoute } from '../../shared/mount.ts'
import { acceptInvite } from './accept-invite.ts'
import { refuseInvite } from './refuse-invite.ts'

export function mountInviteRoutes(app: App, deps: Deps): void {
  mountConsoleRoute(app, deps, readOperatorInvite, async ({ principal, body }) => {
    const held = await findInvite(deps.db, hashOneTimeToken(body.token), deps.now)
    if (!held?.live) throw refuseInvite(deps, principal)
    const { person, invite, invited_by } = held
    return { name: person.name, role: person.role, invited_by, expires_at: invite.expires_at.toISOString() }
  })
  mountConsoleRoute(app, deps, acceptOperatorInvite, (input) => acceptInvite(deps, input))
}

/** How the BFF's own routes are put on its app: the session first, then limits, then the body, then its shape. */
import { hasRole } from '@autopack/contract/roles'
import type { Route } from '@autopack/contract/route'
import type { AppVariables } from '@autopack/server-kit/create-app'
import type { MountOptions } from '@autopack/server-kit/mount-route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Context } from 'hono'
import type { Deps } from '../deps.ts'
import { findSession, getSession } from './current-session.ts'
import type { SessionRow } from './session-rows.ts'

/** For routes with a role: no byte of a body is read for somebody who is not signed in. */
export function withSession(deps: Deps, checks = { checkRole: true, checkRate: true }): MountOptions<SessionRow> {
  const found = new WeakMap<Context<AppVariables>, SessionRow>()
  return {
    beforeBody: async (c, route) => {
      const session = await getSession(deps, c.req.header('cookie'))
      if (checks.checkRate) await deps.rateLimits.take(route.policy.rate_class, session.operator_id)
      if (checks.checkRole) requireRole(session, route)
      found.set(c, session)
    },
    authenticate: async (c) => found.get(c)!,
  }
}

/** For routes that anybody may call. */
export function withAnyone(deps: Deps): MountOptions<SessionRow | null> {
  return { authenticate: (c) => findSession(deps, c.req.header('cookie')) }
}

/** Throws `role_missing`. A route without a role needs the highest. */
function requireRole(session: SessionRow, route: Route): void {
  const needed = route.policy.role ?? 'admin'
  if (!hasRole(session.role, needed)) throw new ProblemError('role_missing', `This needs the role ${needed}; yours is ${session.role}.`)
}

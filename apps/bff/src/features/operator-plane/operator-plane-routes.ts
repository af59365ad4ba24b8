/** Every route of the operator plane, and nothing else, under `/api/…`: what is not in the table opens no connection. */
import { decideApprovalRequest } from '@autopack/contract/approval-requests'
import { decideGovernanceRequest } from '@autopack/contract/governance'
import { decideExternalAction } from '@autopack/contract/operator-actions'
import { consolePath } from '@autopack/contract/route'
import type { Route } from '@autopack/contract/route'
import { operatorRoutes } from '@autopack/contract/routes'
import type { App } from '@autopack/server-kit/create-app'
import { mountRoute } from '@autopack/server-kit/mount-route'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import type { Deps } from '../../deps.ts'
import { withSession } from '../../shared/mount-console-route.ts'
import type { SessionRow } from '../../shared/session-rows.ts'
import { callOperatorRoute } from './call-operator-route.ts'
import { streamBytes } from './stream-bytes.ts'

/** Their body says whether they let something happen or stop it. */
const decidingRoutes: ReadonlySet<string> = new Set([decideExternalAction.id, decideApprovalRequest.id, decideGovernanceRequest.id])

export function mountOperatorPlane(app: App, deps: Deps): void {
  for (const route of operatorRoutes) {
    if (route.answer.kind === 'events') continue
    mountRoute(app, route, { ...withSession(deps, limitsOf(route)), path: consolePath }, async (input) => {
      const given = input as RouteInput<Route, SessionRow>
      // To reject and to ask for a change is to stop something: a lane that nothing can exhaust. Only the body tells.
      if (decidingRoutes.has(route.id) && (given.body as unknown as { kind?: unknown }).kind === 'approve') {
        await deps.rateLimits.take('decision', given.principal.operator_id)
      }
      return route.answer.kind === 'json' ? callOperatorRoute(deps, route, given) : streamBytes(deps, route, given)
    })
  }
}

/**
 * A missing role ends a read here, without a connection. A refused change has to be in the audit log, which only the
 * control plane writes: it is passed on, and the control plane refuses it by its own table and records that.
 */
function limitsOf(route: Route): { checkRole: boolean; checkRate: boolean } {
  return { checkRole: route.method === 'GET', checkRate: !decidingRoutes.has(route.id) }
}

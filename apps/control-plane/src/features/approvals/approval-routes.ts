import { listApprovals } from '@autopack/contract/approvals'
import type { App } from '@autopack/server-kit/create-app'
import type { Deps } from '../../deps.ts'
import { mountOperatorRoute } from '../../shared/mount.ts'
import { listWaiting } from './list-waiting.ts'

export function mountApprovalRoutes(app: App, deps: Deps): void {
  mountOperatorRoute(app, deps, listApprovals, ({ principal, query }) => listWaiting(deps, principal, query))
}

import { getOwnOperator } from '@autopack/contract/operators'
import type { App } from '@autopack/server-kit/create-app'
import type { Deps } from '../../deps.ts'
import { mountOperatorRoute } from '../../shared/mount.ts'

export function mountOperatorRoutes(app: App, deps: Deps): void {
  mountOperatorRoute(app, deps, getOwnOperator, async ({ principal }) => ({
    operator_id: principal.operatorId,
    name: principal.name,
    role: principal.role,
    // Nobody who is disabled gets this far.
    enabled: true,
  }))
}

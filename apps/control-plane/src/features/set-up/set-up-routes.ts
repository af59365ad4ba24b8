import { createFirstOperator as createFirstOperatorRoute, getOperatorSetUp } from '@autopack/contract/operators'
import type { App } from '@autopack/server-kit/create-app'
import type { Deps } from '../../deps.ts'
import { mountConsoleRoute } from '../../shared/mount.ts'
import { isSetUpNeeded } from '../../shared/set-up-rows.ts'
import { createFirstOperator } from './create-first-operator.ts'

export function mountSetUpRoutes(app: App, deps: Deps): void {
  mountConsoleRoute(app, deps, getOperatorSetUp, async () => ({ needed: await isSetUpNeeded(deps.db) }))
  mountConsoleRoute(app, deps, createFirstOperatorRoute, (input) => createFirstOperator(deps, input))
}

import { getControl, getExecutorControl } from '@autopack/contract/control'
import type { App } from '@autopack/server-kit/create-app'
import type { Deps } from '../../deps.ts'
import { readControl } from '../../ledger/read-control.ts'
import { mountExecutorRoute, mountOperatorRoute } from '../../shared/mount.ts'

export function mountControlRoutes(app: App, deps: Deps): void {
  mountExecutorRoute(app, deps, getExecutorControl, () => readControl(deps, deps.db))
  mountOperatorRoute(app, deps, getControl, () => readControl(deps, deps.db))
}

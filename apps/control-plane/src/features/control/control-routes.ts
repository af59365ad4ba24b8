import { getExecutorControl } from '@autopack/contract/control'
import type { App } from '@autopack/server-kit/create-app'
import type { Deps } from '../../deps.ts'
import { readControlInForce } from '../../ledger/read-control.ts'
import { mountExecutorRoute } from '../../shared/mount.ts'

export function mountControlRoutes(app: App, deps: Deps): void {
  mountExecutorRoute(app, deps, getExecutorControl, ({ principal }) => readControlInForce(deps, deps.db, principal.executorId))
}

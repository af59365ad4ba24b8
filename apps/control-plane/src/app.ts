/** The control plane's two planes, composed of its features. */
import { consoleOnlyRoutes, executorRoutes, operatorRoutes, publicRoutes } from '@autopack/contract/routes'
import type { App } from '@autopack/server-kit/create-app'
import { createApp, refuseOtherMethods } from '@autopack/server-kit/create-app'
import { classifyDatabaseError } from '@autopack/server-kit/open-database'
import type { Deps } from './deps.ts'
import { mountEventRoutes } from './features/events/event-routes.ts'
import { mountOperatorRoutes } from './features/operators/operator-routes.ts'

export const servedRoutes = [...executorRoutes, ...operatorRoutes, ...consoleOnlyRoutes, ...publicRoutes]

export function createControlPlaneApp(deps: Deps): App {
  const app = createApp({ log: deps.log, classifyError: classifyDatabaseError })
  mountOperatorRoutes(app, deps)
  mountEventRoutes(app, deps)
  refuseOtherMethods(app, servedRoutes)
  return app
}

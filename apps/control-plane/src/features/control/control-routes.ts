import { getExecutorControl } from '@autopack/contract/control'
import { engageBrake as engageBrakeRoute, getControl, listBrakes as listBrakesRoute } from '@autopack/contract/operator-control'
import { releaseBrake as releaseBrakeRoute, setCap as setCapRoute, setSwitch as setSwitchRoute } from '@autopack/contract/operator-control'
import type { App } from '@autopack/server-kit/create-app'
import type { Deps } from '../../deps.ts'
import { readControlInForce } from '../../ledger/read-control.ts'
import { mountExecutorRoute, mountOperatorRoute } from '../../shared/mount.ts'
import { engageBrake } from './engage-brake.ts'
import { listBrakes } from './list-brakes.ts'
import { presentControl } from './present-control.ts'
import { releaseBrake } from './release-brake.ts'
import { setCap } from './set-cap.ts'
import { setSwitch } from './set-switch.ts'

export function mountControlRoutes(app: App, deps: Deps): void {
  mountExecutorRoute(app, deps, getExecutorControl, ({ principal }) => readControlInForce(deps, deps.db, principal))

  mountOperatorRoute(app, deps, getControl, ({ principal }) => presentControl(deps, principal))
  // With connections that nobody else takes, from who asks on: where a log hangs, those who wait for it have all of the others (I-19).
  const brakeDeps = { ...deps, db: deps.database.reservedDb }
  mountOperatorRoute(app, brakeDeps, engageBrakeRoute, (input) => engageBrake(brakeDeps, input))
  mountOperatorRoute(app, deps, releaseBrakeRoute, (input) => releaseBrake(deps, input))
  mountOperatorRoute(app, deps, listBrakesRoute, ({ principal, query }) => listBrakes(deps, principal, query))
  mountOperatorRoute(app, deps, setCapRoute, (input) => setCap(deps, input))
  mountOperatorRoute(app, deps, setSwitchRoute, (input) => setSwitch(deps, input))
}

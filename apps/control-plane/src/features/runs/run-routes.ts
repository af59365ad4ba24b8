import { getRun as getRunRoute, listRuns as listRunsRoute } from '@autopack/contract/operator-runs'
import * as contract from '@autopack/contract/runs'
import type { App } from '@autopack/server-kit/create-app'
import type { Deps } from '../../deps.ts'
import { mountExecutorRoute, mountOperatorRoute } from '../../shared/mount.ts'
import { getExecutorRunProgress } from './get-executor-run-progress.ts'
import { getExecutorRun } from './get-executor-run.ts'
import { getRun } from './get-run.ts'
import { heartbeatRun } from './heartbeat-run.ts'
import { listExecutorRuns } from './list-executor-runs.ts'
import { listRuns } from './list-runs.ts'
import { recordUsage } from './record-usage.ts'
import { startRun } from './start-run.ts'
import { updatePhaseStatus } from './update-phase-status.ts'

export function mountRunRoutes(app: App, deps: Deps): void {
  mountExecutorRoute(app, deps, contract.startRun, (input) => startRun(deps, input))
  mountExecutorRoute(app, deps, contract.listExecutorRuns, (input) => listExecutorRuns(deps, input))
  mountExecutorRoute(app, deps, contract.getExecutorRun, (input) => getExecutorRun(deps, input))
  mountExecutorRoute(app, deps, contract.getExecutorRunProgress, (input) => getExecutorRunProgress(deps, input))
  mountExecutorRoute(app, deps, contract.updatePhaseStatus, (input) => updatePhaseStatus(deps, input))
  mountExecutorRoute(app, deps, contract.heartbeatRun, (input) => heartbeatRun(deps, input))
  mountExecutorRoute(app, deps, contract.recordUsage, (input) => recordUsage(deps, input))
  mountOperatorRoute(app, deps, listRunsRoute, (input) => listRuns(deps, input))
  mountOperatorRoute(app, deps, getRunRoute, (input) => getRun(deps, input))
}

/** The control plane's two planes, composed of its features. */
import { checkpointRoutes, consoleOnlyRoutes, executorRoutes, operatorRoutes, publicRoutes } from '@autopack/contract/routes'
import type { App } from '@autopack/server-kit/create-app'
import { createApp, refuseOtherMethods } from '@autopack/server-kit/create-app'
import { classifyDatabaseError } from '@autopack/server-kit/open-database'
import { classifyTextError } from './db/classify-text-error.ts'
import type { Deps } from './deps.ts'
import { mountApprovalRoutes } from './features/approvals/approval-routes.ts'
import { mountArtifactRoutes } from './features/artifacts/artifact-routes.ts'
import { mountAuditRoutes } from './features/audit/audit-routes.ts'
import { mountCheckpointRoutes } from './features/checkpoints/checkpoint-routes.ts'
import { mountControlRoutes } from './features/control/control-routes.ts'
import { mountEventRoutes } from './features/events/event-routes.ts'
import { mountExecutorKeyRoutes } from './features/executor-keys/executor-key-routes.ts'
import { mountExternalActionRoutes } from './features/external-actions/external-action-routes.ts'
import { mountInviteRoutes } from './features/invites/invite-routes.ts'
import { mountOperatorRoutes } from './features/operators/operator-routes.ts'
import { mountPasskeyRoutes } from './features/passkeys/passkey-routes.ts'
import { mountReceiptRoutes } from './features/receipts/receipt-routes.ts'
import { mountRunRoutes } from './features/runs/run-routes.ts'
import { mountSetUpRoutes } from './features/set-up/set-up-routes.ts'
import { mountSignInEventRoutes } from './features/sign-in-events/sign-in-event-routes.ts'
import { mountStatusRoutes } from './features/status/status-routes.ts'

const servedRoutes = [...executorRoutes, ...operatorRoutes, ...consoleOnlyRoutes, ...checkpointRoutes, ...publicRoutes]

export function createControlPlaneApp(deps: Deps): App {
  const app = createApp({ log: deps.log, classifyError: (error) => classifyDatabaseError(error) ?? classifyTextError(error) })
  mountStatusRoutes(app, deps)
  mountOperatorRoutes(app, deps)
  mountInviteRoutes(app, deps)
  mountExecutorKeyRoutes(app, deps)
  mountSetUpRoutes(app, deps)
  mountSignInEventRoutes(app, deps)
  // Before `/operator/audit/{seq}`, which would take a path of theirs.
  mountCheckpointRoutes(app, deps)
  mountAuditRoutes(app, deps)
  mountEventRoutes(app, deps)
  mountPasskeyRoutes(app, deps)
  mountRunRoutes(app, deps)
  mountArtifactRoutes(app, deps)
  mountExternalActionRoutes(app, deps)
  mountReceiptRoutes(app, deps)
  mountApprovalRoutes(app, deps)
  mountControlRoutes(app, deps)
  refuseOtherMethods(app, servedRoutes)
  return app
}

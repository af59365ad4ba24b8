import {
  cancelExternalAction,
  claimExternalAction,
  finishExternalAction,
  getExecutorAction,
  getExecutorActionPayload,
  heartbeatExternalAction,
  observeExternalAction,
  proposeExternalAction,
  reviseExternalAction,
} from '@autopack/contract/executor-actions'
import {
  decideExternalAction,
  getExternalAction,
  getExternalActionPayload,
  listExternalActions,
  listPrecedents as listPrecedentsRoute,
  resolveExternalAction,
  revokeExternalAction,
} from '@autopack/contract/operator-actions'
import type { App } from '@autopack/server-kit/create-app'
import type { Deps } from '../../deps.ts'
import type { RevisionRow } from '../../ledger/action-rows.ts'
import { mountExecutorRoute, mountOperatorRoute } from '../../shared/mount.ts'
import { cancelAction } from './cancel-action.ts'
import { claimAction } from './claim-action.ts'
import { decideAction } from './decide-action.ts'
import { finishAction } from './finish-action.ts'
import { heartbeatAction } from './heartbeat-action.ts'
import { listPrecedents } from './list-precedents.ts'
import { observeAction } from './observe-action.ts'
import { presentExternalAction } from './present-external-action.ts'
import { proposeAction } from './propose-action.ts'
import { getExecutorActionWhenNewer, getOwnPayload, getVisiblePayload, listActions } from './read-actions.ts'
import { resolveAction } from './resolve-action.ts'
import { reviseAction } from './revise-action.ts'
import { revokeAction } from './revoke-action.ts'

export function mountExternalActionRoutes(app: App, deps: Deps): void {
  mountExecutorRoute(app, deps, proposeExternalAction, (input) => proposeAction(deps, input))
  mountExecutorRoute(app, deps, reviseExternalAction, (input) => reviseAction(deps, input))
  mountExecutorRoute(app, deps, getExecutorAction, (input) => getExecutorActionWhenNewer(deps, input))
  mountExecutorRoute(app, deps, getExecutorActionPayload, async (input) => toPayloadResponse(await getOwnPayload(deps, input)))
  mountExecutorRoute(app, deps, claimExternalAction, (input) => claimAction(deps, input))
  mountExecutorRoute(app, deps, heartbeatExternalAction, (input) => heartbeatAction(deps, input))
  mountExecutorRoute(app, deps, finishExternalAction, (input) => finishAction(deps, input))
  mountExecutorRoute(app, deps, observeExternalAction, (input) => observeAction(deps, input))
  mountExecutorRoute(app, deps, cancelExternalAction, (input) => cancelAction(deps, input))

  mountOperatorRoute(app, deps, listExternalActions, ({ principal, query }) => listActions(deps, principal, query))
  mountOperatorRoute(app, deps, getExternalAction, ({ principal, params }) => presentExternalAction(deps, deps.db, principal, params.action_id))
  mountOperatorRoute(app, deps, listPrecedentsRoute, ({ principal, params }) => listPrecedents(deps, principal, params.action_id))
  mountOperatorRoute(app, deps, getExternalActionPayload, async (input) => toPayloadResponse(await getVisiblePayload(deps, input)))
  mountOperatorRoute(
    app,
    deps,
    decideExternalAction,
    async (input) => {
      // To reject and to ask for a change is to stop something: a lane that nothing can exhaust.
      if (input.body.kind === 'approve') await deps.rateLimits.count('decision', input.principal.operatorId)
      return decideAction(deps, input)
    },
    { checkRate: false },
  )
  mountOperatorRoute(app, deps, revokeExternalAction, (input) => revokeAction(deps, input))
  mountOperatorRoute(app, deps, resolveExternalAction, (input) => resolveAction(deps, input))
}

/** As an attachment and opaque bytes: a payload is never a document of ours. */
function toPayloadResponse(revision: RevisionRow): Response {
  return new Response(new Uint8Array(revision.payload), {
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(revision.payload.length),
      'content-disposition': `attachment; filename="${revision.action_id}-${revision.revision}.json"`,
      'x-payload-hash': revision.payload_sha256.toString('hex'),
    },
  })
}

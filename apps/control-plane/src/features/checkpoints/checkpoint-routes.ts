import {
  listAuditCheckpoints,
  listCheckpointEntries,
  mostCheckpointEntries,
  recordCheckpoint as recordCheckpointRoute,
  reportCheckpointProblem,
} from '@autopack/contract/checkpoints'
import type { App } from '@autopack/server-kit/create-app'
import { findAuditStop, recordCheckpointProblem } from '../../audit/checkpoint-rows.ts'
import { listAuditLines } from '../../audit/line-rows.ts'
import { recordCheckpoint } from '../../audit/record-checkpoint.ts'
import { recordRotations } from '../../audit/record-rotations.ts'
import type { Deps } from '../../deps.ts'
import { mountCheckpointRoute, mountOperatorRoute } from '../../shared/mount.ts'
import { listCheckpoints } from './list-checkpoints.ts'

export function mountCheckpointRoutes(app: App, deps: Deps): void {
  mountOperatorRoute(app, deps, listAuditCheckpoints, ({ query }) => listCheckpoints(deps, query))

  mountCheckpointRoute(app, deps, listCheckpointEntries, async ({ query }) => {
    const { from, limit = mostCheckpointEntries } = query
    const { lines } = await listAuditLines(deps.db, { after: from - 1, upTo: from - 1 + limit, limit })
    return new Response(lines.join(''), { headers: { 'content-type': 'application/x-ndjson; charset=utf-8' } })
  })

  mountCheckpointRoute(app, deps, recordCheckpointRoute, async ({ body, principal, requestId }) => {
    // The checkpoint first: where the log does not hold against it, nothing may be added to the log any more.
    const { standing, givenUp } = await recordCheckpoint(deps.db, deps.settings.checkpoints.keys, body)
    const stopped = await findAuditStop(deps.db)
    if (stopped === null) await recordRotations(deps.db, deps.settings.checkpoints.keys, body.rotations, principal, requestId)
    else
      deps.log.error({ stopped }, 'the audit log does not hold against a signed checkpoint: nothing is written (docs/deployment.md, accept-restore)')
    return { standing, given_up: givenUp }
  })

  mountCheckpointRoute(app, deps, reportCheckpointProblem, async ({ body }) => {
    deps.log.error({ problem: body.problem }, 'the checkpoint writer signs nothing (docs/deployment.md, "Checkpoints")')
    await recordCheckpointProblem(deps.db, body.problem)
    return {}
  })
}

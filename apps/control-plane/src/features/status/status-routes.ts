import { getHealth, getLiveness, getSystemStatus } from '@autopack/contract/status'
import type { App } from '@autopack/server-kit/create-app'
import { classifyDatabaseError } from '@autopack/server-kit/open-database'
import { ProblemError } from '@autopack/server-kit/problem-error'
import { findAuditStop, findCheckpointCovering, toCheckpointSummary } from '../../audit/checkpoint-rows.ts'
import { findLateness } from '../../audit/find-lateness.ts'
import type { Deps } from '../../deps.ts'
import { readControlInForce } from '../../ledger/read-control.ts'
import { mountOperatorRoute, mountPublicRoute } from '../../shared/mount.ts'
import { createReadiness } from './readiness.ts'
import { readHeads } from './status-rows.ts'

export function mountStatusRoutes(app: App, deps: Deps): void {
  const isReady = createReadiness(deps.db, deps.log)

  mountPublicRoute(app, getHealth, async () => {
    if (await isReady()) return { status: 'ready' as const }
    throw new ProblemError('not_ready', 'The service is not ready. Try again in a few seconds.', { retryAfterSeconds: 2 })
  })

  mountPublicRoute(app, getLiveness, async () => ({ status: 'alive' as const }))

  mountOperatorRoute(app, deps, getSystemStatus, async ({ principal }) => {
    // While the log itself cannot be asked, reads go on (safety.md, I-22), and every write says so.
    const goOn = (error: unknown) => {
      if (classifyDatabaseError(error)) throw error
      deps.log.error({ error }, 'the audit log cannot be asked whether it holds against its checkpoints')
      return null
    }
    const heads = await readHeads(deps.db)
    const checkpoint = await findCheckpointCovering(deps.db, 1).catch(goOn)
    return {
      environment: deps.settings.environmentName,
      demo: deps.settings.demo !== null,
      database: deps.database.kind,
      control: await readControlInForce(deps, deps.db, principal),
      audit: {
        head_seq: heads.auditSeq,
        head_hash: heads.auditHash,
        checkpoint: checkpoint && toCheckpointSummary(checkpoint),
        stopped: await findAuditStop(deps.db).catch(goOn),
        late: await findLateness(deps).catch(goOn),
      },
      last_event_id: heads.lastEventId,
      now: heads.now.toISOString(),
    }
  })
}

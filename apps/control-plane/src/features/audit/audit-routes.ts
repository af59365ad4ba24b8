import { exportAudit, getAuditEvent, listAuditEvents } from '@autopack/contract/audit'
import type { App } from '@autopack/server-kit/create-app'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Deps } from '../../deps.ts'
import { decodeCursor, encodeCursor } from '../../shared/cursor.ts'
import { mountOperatorRoute } from '../../shared/mount.ts'
import { readClock } from '../../shared/read-clock.ts'
import { findAuditRow } from './audit-rows.ts'
import { exportAuditLog } from './export-audit-log.ts'
import { readAuditQuery, searchAudit } from './search-audit.ts'

const defaultLimit = 50

export function mountAuditRoutes(app: App, deps: Deps): void {
  mountOperatorRoute(app, deps, listAuditEvents, async ({ principal, query }) => {
    const { cursor, limit = defaultLimit, q } = query
    const before = cursor === undefined ? null : (decodeCursor(cursor, ['number'])[0] as number)
    const now = await readClock(deps.db, deps.now)
    const { next, ...page } = await searchAudit(deps.db, principal, readAuditQuery(q), { before, limit, now })
    return { ...page, next_cursor: next === null ? null : encodeCursor([next]) }
  })

  // Before `/audit/{seq}`, which would take its path.
  mountOperatorRoute(app, deps, exportAudit, async () => {
    const lines = exportAuditLog(deps.db)
    const encoder = new TextEncoder()
    const stream = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        try {
          const next = await lines.next()
          if (next.done) controller.close()
          else controller.enqueue(encoder.encode(next.value))
        } catch (error) {
          deps.log.error({ error }, 'an audit export failed')
          // The reader must see that it is cut off, not take what came for the whole log.
          controller.error(new Error('the export failed'))
        }
      },
      cancel: async () => {
        await lines.return(undefined)
      },
    })
    return new Response(stream, {
      headers: {
        'content-type': 'application/x-ndjson; charset=utf-8',
        'content-disposition': 'attachment; filename="autopack-audit.ndjson"',
      },
    })
  })

  mountOperatorRoute(app, deps, getAuditEvent, async ({ principal, params }) => {
    const entry = await findAuditRow(deps.db, principal, params.seq)
    if (!entry) throw new ProblemError('not_found', 'There is no such entry of the audit log, or you may not see it.')
    return entry
  })
}

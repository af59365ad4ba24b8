import type { AuditEntry } from '@autopack/contract/audit'
import { exportAudit, exportAuditEvents, getAuditEvent, listAuditEvents } from '@autopack/contract/audit'
import { listAuditQueries, removeAuditQuery, saveAuditQuery as saveAuditQueryRoute } from '@autopack/contract/audit-queries'
import type { App } from '@autopack/server-kit/create-app'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Deps } from '../../deps.ts'
import { decodeCursor, encodeCursor } from '../../shared/cursor.ts'
import { mountOperatorRoute } from '../../shared/mount.ts'
import { readClock } from '../../shared/read-clock.ts'
import { findAuditRow } from './audit-rows.ts'
import { exportAuditEvents as listPages } from './export-audit-events.ts'
import { exportAuditLog } from './export-audit-log.ts'
import { saveAuditQuery } from './save-audit-query.ts'
import { deleteSavedQueryRow, listSavedQueryRows } from './saved-query-rows.ts'
import type { SavedQueryRow } from './saved-query-rows.ts'
import { readAuditQuery, searchAudit } from './search-audit.ts'
import { streamText } from './stream-text.ts'
import { csvHeader, toCsvRow } from './to-csv-row.ts'

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
    const stream = streamText(deps.log, exportAuditLog(deps.db), 'an audit export')
    return new Response(stream, {
      headers: {
        'content-type': 'application/x-ndjson; charset=utf-8',
        'content-disposition': 'attachment; filename="autopack-audit-log.ndjson"',
      },
    })
  })

  mountOperatorRoute(app, deps, exportAuditEvents, async ({ principal, query }) => {
    const terms = readAuditQuery(query.q)
    const pages = listPages(deps.db, principal, terms, await readClock(deps.db, deps.now))
    const isCsv = query.format === 'csv'
    return new Response(streamText(deps.log, isCsv ? toCsv(pages) : toLines(pages), 'an audit export'), {
      headers: {
        'content-type': isCsv ? 'text/csv; charset=utf-8; header=present' : 'application/x-ndjson; charset=utf-8',
        'content-disposition': `attachment; filename="autopack-audit-extract.${isCsv ? 'csv' : 'ndjson'}"`,
      },
    })
  })

  mountOperatorRoute(app, deps, listAuditQueries, async ({ principal }) => toSaved(await listSavedQueryRows(deps.db, principal.operatorId)))
  mountOperatorRoute(app, deps, saveAuditQueryRoute, async (input) => toSaved(await saveAuditQuery(deps, input)))
  mountOperatorRoute(app, deps, removeAuditQuery, async ({ principal, body }) => {
    await deleteSavedQueryRow(deps.db, principal.operatorId, body.name)
    return toSaved(await listSavedQueryRows(deps.db, principal.operatorId))
  })

  mountOperatorRoute(app, deps, getAuditEvent, async ({ principal, params }) => {
    const entry = await findAuditRow(deps.db, principal, params.seq)
    if (!entry) throw new ProblemError('not_found', 'There is no such entry of the audit log, or you may not see it.')
    return entry
  })
}

function toSaved(rows: readonly SavedQueryRow[]) {
  return { items: rows.map((row) => ({ ...row, saved_at: row.saved_at.toISOString() })) }
}

async function* toCsv(pages: AsyncGenerator<AuditEntry[]>): AsyncGenerator<string> {
  yield csvHeader
  for await (const entries of pages) yield entries.map(toCsvRow).join('')
}

async function* toLines(pages: AsyncGenerator<AuditEntry[]>): AsyncGenerator<string> {
  for await (const entries of pages) yield entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')
}

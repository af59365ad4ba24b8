import type { saveAuditQuery as saveAuditQueryRoute } from '@autopack/contract/audit-queries'
import { savedQueriesPerOperator } from '@autopack/contract/limits'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Deps } from '../../deps.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import type { SavedQueryRow } from './saved-query-rows.ts'
import { listSavedQueryRows, lockSaving, putSavedQueryRow } from './saved-query-rows.ts'
import { readAuditQuery } from './search-audit.ts'

/** Keeps a query for this person; one of the same name is replaced. What could not be asked is not kept. Returns all they have. */
export async function saveAuditQuery(deps: Deps, input: RouteInput<typeof saveAuditQueryRoute, OperatorPrincipal>): Promise<SavedQueryRow[]> {
  const { principal, body } = input
  readAuditQuery(body.query, 'body.query')
  return deps.db.transaction(async (tx) => {
    await lockSaving(tx, principal.operatorId)
    const saved = await listSavedQueryRows(tx, principal.operatorId)
    if (saved.length >= savedQueriesPerOperator && !saved.some(({ name }) => name === body.name)) {
      throw new ProblemError('too_many_saved_queries', `You have ${saved.length} saved queries, as many as anybody may have. Remove one first.`)
    }
    await putSavedQueryRow(tx, { operator_id: principal.operatorId, ...body, saved_at: await readClock(tx, deps.now) })
    return listSavedQueryRows(tx, principal.operatorId)
  })
}

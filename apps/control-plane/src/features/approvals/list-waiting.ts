import type { WaitingItem, listApprovals } from '@autopack/contract/approvals'
import type { AnswerOf, QueryOf } from '@autopack/contract/route'
import type { Deps } from '../../deps.ts'
import { decidesAlone } from '../../ledger/sole-operator.ts'
import { listSummariesOf } from '../../ledger/summary-rows.ts'
import { toExternalActionSummary } from '../../ledger/to-external-action-summary.ts'
import { decodeCursor, encodeCursor, toCursorMoment } from '../../shared/cursor.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { listQueue } from './queue-rows.ts'
import type { QueueRow } from './queue-rows.ts'
import { listRequests } from './request-rows.ts'
import { toApprovalSummary, toGovernanceSummary } from './to-request-summary.ts'

const pageSize = 50

/**
 * What waits for a person, of every kind, the nearest deadline first: `actionable` what this operator may decide, `open` all that is
 * undecided; `decided`: what was decided, expired or withdrawn, the latest change first.
 */
export async function listWaiting(
  deps: Deps,
  principal: OperatorPrincipal,
  query: QueryOf<typeof listApprovals>,
): Promise<AnswerOf<typeof listApprovals>> {
  const { scope = 'actionable', limit = pageSize, cursor, ...filter } = query
  const place = cursor === undefined ? null : decodeCursor(cursor, ['string', 'string', 'string'])
  // A cursor of one scope says nothing about another.
  const after = place === null || place[0] !== scope ? null : { at: toCursorMoment(place[1]!), id: String(place[2]) }
  const alone = await decidesAlone(deps.db, deps.settings, principal)
  const { rows, total } = await listQueue(deps.db, principal, deps.now, { filter: { scope, ...filter }, after, limit, alone })
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: await toItems(deps, principal, shown, alone),
    total,
    next_cursor: rows.length > limit && last ? encodeCursor([scope, last.at.toISOString(), last.id]) : null,
    now: (await readClock(deps.db, deps.now)).toISOString(),
  }
}

/** What may have changed since the page was found is shown as it is now. */
async function toItems(deps: Deps, principal: OperatorPrincipal, rows: readonly QueueRow[], alone: boolean): Promise<WaitingItem[]> {
  const idsOf = (actions: boolean) => rows.filter(({ kind }) => (kind === 'external_action') === actions).map(({ id }) => id)
  const summaries = await listSummariesOf(deps.db, principal, deps.now, { actionIds: idsOf(true), alone })
  const actions = new Map(summaries.map((row) => [row.action.action_id, row]))
  const requests = new Map((await listRequests(deps.db, idsOf(false))).map((row) => [row.request.request_id, row]))
  return rows.flatMap(({ kind, id, actionable }): WaitingItem[] => {
    if (kind === 'external_action') {
      const row = actions.get(id)
      return row ? [{ kind, approval_ref: { kind, id }, action: toExternalActionSummary(row), actionable: row.actionable }] : []
    }
    const row = requests.get(id)
    if (!row) return []
    return kind === 'approval_request'
      ? [{ kind, approval_ref: { kind, id }, request: toApprovalSummary(row), actionable }]
      : [{ kind, approval_ref: { kind, id }, request: toGovernanceSummary(row), actionable }]
  })
}

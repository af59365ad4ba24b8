import type { listApprovals } from '@autopack/contract/approvals'
import type { AnswerOf, QueryOf } from '@autopack/contract/route'
import type { Deps } from '../../deps.ts'
import { listSummaries } from '../../ledger/summary-rows.ts'
import { toExternalActionSummary } from '../../ledger/to-external-action-summary.ts'
import { decodeCursor, encodeCursor, toCursorMoment } from '../../shared/cursor.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'

const pageSize = 50

/**
 * What waits for a person, the nearest deadline first: `actionable` what this operator may decide, `open` all that is undecided;
 * `decided`: what was decided, the latest change first.
 */
export async function listWaiting(
  deps: Deps,
  principal: OperatorPrincipal,
  query: QueryOf<typeof listApprovals>,
): Promise<AnswerOf<typeof listApprovals>> {
  const scope = query.scope ?? 'open'
  const limit = query.limit ?? pageSize
  const place = query.cursor === undefined ? null : decodeCursor(query.cursor, ['string', 'string', 'string'])
  // A cursor of one scope says nothing about another.
  const after = place === null || place[0] !== scope ? null : { at: toCursorMoment(place[1]!), id: String(place[2]) }
  const order = scope === 'decided' ? 'latest_state' : 'deadline'
  const { rows, total } = await listSummaries(deps.db, principal, deps.now, { filter: { scope, q: query.q }, order, after, limit })
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const key = last && (order === 'deadline' ? last.revision.decide_by : last.action.state_since)
  return {
    items: shown.map((row) => ({
      kind: 'external_action' as const,
      approval_ref: { kind: 'external_action' as const, id: row.action.action_id },
      action: toExternalActionSummary(row),
      actionable: row.actionable,
    })),
    total,
    next_cursor: rows.length > limit && last && key ? encodeCursor([scope, key.toISOString(), last.action.action_id]) : null,
    now: (await readClock(deps.db, deps.now)).toISOString(),
  }
}

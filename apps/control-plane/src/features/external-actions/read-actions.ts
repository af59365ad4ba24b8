import type { ExecutorAction, getExecutorAction, getExecutorActionPayload } from '@autopack/contract/executor-actions'
import type { getExternalActionPayload, listExternalActions } from '@autopack/contract/operator-actions'
import type { AnswerOf, QueryOf } from '@autopack/contract/route'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Deps } from '../../deps.ts'
import { findOwnAction, findRevision } from '../../ledger/action-rows.ts'
import type { RevisionRow } from '../../ledger/action-rows.ts'
import { findSummary, listSummaries } from '../../ledger/summary-rows.ts'
import { toExternalActionSummary } from '../../ledger/to-external-action-summary.ts'
import { decodeCursor, encodeCursor, toCursorMoment } from '../../shared/cursor.ts'
import type { ExecutorPrincipal, OperatorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { actionNotFound, presentExecutorAction } from './present-executor-action.ts'

const pageSize = 50

export async function listActions(
  deps: Deps,
  principal: OperatorPrincipal,
  query: QueryOf<typeof listExternalActions>,
): Promise<AnswerOf<typeof listExternalActions>> {
  const limit = query.limit ?? pageSize
  const place = query.cursor === undefined ? null : decodeCursor(query.cursor, ['string', 'string'])
  const after = place === null ? null : { at: toCursorMoment(place[0]!), id: String(place[1]) }
  const { rows, total } = await listSummaries(deps.db, principal, deps.now, { filter: query, after, limit })
  const items = rows.slice(0, limit).map(toExternalActionSummary)
  const last = items.at(-1)
  return {
    items,
    total,
    next_cursor: rows.length > limit && last ? encodeCursor([last.requested_at, last.action_id]) : null,
    now: (await readClock(deps.db, deps.now)).toISOString(),
  }
}

/** Answers at once, or, with `after_version`, once the action has a newer version or `wait_seconds` are over. */
export async function getExecutorActionWhenNewer(
  deps: Deps,
  input: RouteInput<typeof getExecutorAction, ExecutorPrincipal>,
): Promise<ExecutorAction> {
  const { wait_seconds = 0, after_version } = input.query
  const { action_id } = input.params
  const endsAt = performance.now() + wait_seconds * 1_000
  for (;;) {
    const leftMs = endsAt - performance.now()
    const stop = new AbortController()
    // Waits from before the look, so that no change falls between the two.
    const changed = deps.feed.waitForChange({ timeoutMs: Math.max(0, leftMs), signal: AbortSignal.any([input.signal, stop.signal]) })
    try {
      const action = await findOwnAction(deps.db, input.principal.executorId, action_id)
      if (!action) throw actionNotFound()
      const isNews = after_version === undefined || action.version > after_version
      if (isNews || leftMs <= 0 || input.signal.aborted) return await presentExecutorAction(deps.db, input.principal, action_id)
      await changed
    } finally {
      stop.abort()
    }
  }
}

/** Exactly the bytes that were proposed, of one revision; of the one in force when none is named. */
export async function getOwnPayload(deps: Deps, input: RouteInput<typeof getExecutorActionPayload, ExecutorPrincipal>): Promise<RevisionRow> {
  const action = await findOwnAction(deps.db, input.principal.executorId, input.params.action_id)
  const revision = action && (await findRevision(deps.db, action.action_id, input.query.revision ?? action.revision))
  if (!revision) throw actionNotFound()
  return revision
}

/** Exactly the bytes that would be sent, of one revision; of the one in force when none is named. */
export async function getVisiblePayload(deps: Deps, input: RouteInput<typeof getExternalActionPayload, OperatorPrincipal>): Promise<RevisionRow> {
  const row = await findSummary(deps.db, input.principal, deps.now, input.params.action_id)
  const revision = row && (await findRevision(deps.db, row.action.action_id, input.query.revision ?? row.action.revision))
  if (!revision) throw new ProblemError('not_found', 'There is no such action or revision, or you may not see it.')
  return revision
}

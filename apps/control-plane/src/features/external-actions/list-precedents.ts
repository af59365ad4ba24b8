import type { listPrecedents as listPrecedentsRoute } from '@autopack/contract/operator-actions'
import type { AnswerOf } from '@autopack/contract/route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Deps } from '../../deps.ts'
import { getRevision, isVisible } from '../../ledger/action-rows.ts'
import { countPrecedents, findLastApproved, listPrecedentDecisions } from '../../ledger/precedent-rows.ts'
import { findSummary } from '../../ledger/summary-rows.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'

type Answer = AnswerOf<typeof listPrecedentsRoute>
type Item = Answer['items'][number]

const shown = 10

/** What people decided about the same kind of action on the same target, as far as this person may see it. Throws `not_found`. */
export async function listPrecedents(deps: Deps, principal: OperatorPrincipal, actionId: string): Promise<Answer> {
  const row = await findSummary(deps.db, principal, deps.now, actionId)
  if (!row) throw new ProblemError('not_found', 'There is no such action, or you may not see it.')
  const { provider, operation, target_text, mode } = await getRevision(deps.db, row.action)
  const like = { action_id: actionId, provider, operation, target_text, mode }
  const among = isVisible(principal)
  const decisions = await listPrecedentDecisions(deps.db, like, among, shown)
  const counts = await countPrecedents(deps.db, like, among)
  const last = await findLastApproved(deps.db, like, among)
  return {
    approved_count: counts.approved,
    rejected_count: counts.rejected,
    last_approved: last && {
      action_id: last.action_id,
      revision: last.revision,
      payload_hash: last.payload_sha256.toString('hex'),
      approved_at: last.authorized_at.toISOString(),
      approved_by: last.people,
    },
    items: decisions.map((decision): Item => ({
      action_id: decision.action_id,
      revision: decision.revision,
      kind: decision.kind === 'reject' ? 'reject' : 'approve',
      reject_kind: decision.reject_kind,
      reason: decision.reason,
      decided_by: { operator_id: decision.operator_id, name: decision.name },
      decided_at: decision.decided_at.toISOString(),
      sentence: decision.sentence,
    })),
    now: (await readClock(deps.db, deps.now)).toISOString(),
  }
}

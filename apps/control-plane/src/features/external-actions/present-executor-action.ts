import { seal } from '@autopack/approval-proof/seal'
import { executorActionSchema } from '@autopack/contract/executor-actions'
import type { ExecutorAction } from '@autopack/contract/executor-actions'
import type { Queryable } from '@autopack/server-kit/open-database'
import { ProblemError } from '@autopack/server-kit/problem-error'
import * as z from 'zod/mini'
import { countLargestQuorum, findAuthorization, findWholeExecution, findOwnAction, getRevision, listDecisions } from '../../ledger/action-rows.ts'
import { toChangeRequest, toDecision, toDescriptorReference, toExecution } from '../../ledger/to-execution.ts'
import type { ExecutorPrincipal } from '../../shared/principal.ts'
import { listSealed } from './seal-reasons.ts'

/** One action as its executor reads it. Throws `not_found` for an action of another executor too. */
export async function presentExecutorAction(db: Queryable, principal: ExecutorPrincipal, actionId: string): Promise<ExecutorAction> {
  const action = await findOwnAction(db, principal.executorId, actionId)
  if (!action) throw actionNotFound()
  const revision = await getRevision(db, action)
  const authorization = await findAuthorization(db, actionId, action.revision)
  const decisions = await listDecisions(db, actionId)
  const sealed = listSealed({ reader_id: null, action, largest_quorum: await countLargestQuorum(db, actionId), decisions })
  const payload_hash = revision.payload_sha256.toString('hex')
  return z.parse(executorActionSchema, {
    action_id: action.action_id,
    state: action.state,
    revision: action.revision,
    version: action.version,
    run_id: action.run_id,
    provider: revision.provider,
    operation: revision.operation,
    mode: revision.mode,
    tier: revision.tier,
    blind: revision.blind,
    payload_hash,
    seal: seal(payload_hash),
    descriptor: toDescriptorReference(revision),
    findings: revision.findings,
    decide_by: revision.decide_by.toISOString(),
    execute_by: authorization?.execute_by.toISOString() ?? null,
    not_before: action.not_before?.toISOString() ?? null,
    authorized_by: authorization?.kind ?? null,
    change_request: action.state === 'PENDING' ? toChangeRequest(decisions.filter((decision) => decision.revision === action.revision)) : null,
    decisions: decisions.map((decision) => toDecision(decision, sealed)),
    execution: toExecution(action, await findWholeExecution(db, actionId, action.revision)),
    console_path: `/approvals/${action.action_id}`,
  } satisfies ExecutorAction)
}

export function actionNotFound(): ProblemError {
  return new ProblemError('not_found', 'There is no such action, or it is not yours.')
}

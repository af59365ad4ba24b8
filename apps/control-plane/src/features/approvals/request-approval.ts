import { createHash } from 'node:crypto'
import { governancePolicy, governancePolicySha256 } from '@autopack/action-catalog/governance-policy'
import type { requestApproval as requestApprovalRoute } from '@autopack/contract/approval-requests'
import { pendingRequestsPerExecutor, repeatedRequestMs } from '@autopack/contract/limits'
import type { AnswerOf } from '@autopack/contract/route'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import { recordAudit } from '../../audit/record-audit.ts'
import type { Deps } from '../../deps.ts'
import { lockExecutor } from '../../ledger/action-rows.ts'
import { AuditedRefusal } from '../../shared/audited-refusal.ts'
import type { ExecutorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { describeApprovalRequest, scoreApprovalRequest } from './describe-request.ts'
import { isTooDeep } from './is-too-deep.ts'
import { recordRequestChange } from './record-request-change.ts'
import { countOwnPending, findOwnRequest, findOwnRunId, findRepeatedRequest, insertRequest, takeApprovalNumber } from './request-rows.ts'
import { toApprovalAnswer } from './to-approval-status.ts'

/** Far more than any executor sends, and few enough for whoever reads it again. */
const mostLevels = 64

/**
 * Takes a question as it is: the bytes are kept as received, and a decision is bound to them. It carries no key, so the same bytes again,
 * while they wait or a minute after they were decided, are the same request. Nothing is ever approved here.
 */
export async function requestApproval(
  deps: Deps,
  input: RouteInput<typeof requestApprovalRoute, ExecutorPrincipal>,
): Promise<AnswerOf<typeof requestApprovalRoute>> {
  const { principal, body } = input
  const { executorId } = principal
  if (isTooDeep(body, mostLevels)) throw new ProblemError('invalid_request', `body: is nested deeper than ${mostLevels} levels`)
  const bytes = Buffer.from(input.bodyBytes)
  const body_sha256 = createHash('sha256').update(bytes).digest()
  const result = await deps.db.transaction(async (tx): Promise<string | AuditedRefusal> => {
    await lockExecutor(tx, executorId)
    const now = await readClock(tx, deps.now)
    const repeated = await findRepeatedRequest(tx, executorId, body_sha256, { now, since: new Date(now.getTime() - repeatedRequestMs) })
    if (repeated) return repeated.request_id
    const known_run_id = await findOwnRunId(tx, executorId, body.run_id)
    const described = describeApprovalRequest(body)
    if ((await countOwnPending(tx, executorId, 'approval_request')) >= pendingRequestsPerExecutor) {
      const detail = `${pendingRequestsPerExecutor} approval requests of this executor wait for a person already. Wait for answers.`
      const about = { run_id: known_run_id, phase_id: body.phase_id, payload_hash: body_sha256.toString('hex'), payload_summary: described.sentence }
      const event = {
        event_type: 'approval_request.refused' as const,
        result_status: 'refused',
        error_code: 'too_many_pending',
        error_summary: detail,
      }
      await recordAudit(tx, principal, { action_type: 'approval_request', requested_by: executorId, ...about, ...event }, input)
      return new AuditedRefusal('too_many_pending', detail, { retryAfterSeconds: 60 })
    }
    const { risk, risk_contributions } = scoreApprovalRequest(body, governancePolicy)
    const request = await insertRequest(tx, {
      request_id: `apr_${await takeApprovalNumber(tx)}`,
      kind: 'approval_request',
      executor_id: executorId,
      run_id: body.run_id,
      known_run_id,
      phase_id: body.phase_id,
      context: body.context,
      body: bytes,
      ...described,
      risk_score: risk.score,
      risk_level: risk.level,
      risk_contributions,
      policy_version: governancePolicy.version,
      policy_sha256: Buffer.from(governancePolicySha256(), 'hex'),
      policy_reason: 'People decide; nothing is approved automatically.',
      requested_at: now,
      requested_key_id: principal.keyId,
      decide_by: new Date(now.getTime() + governancePolicy.approval_requests.decide_within_seconds * 1_000),
      state_since: now,
    })
    if (!request) throw new Error('a number of an approval request was given twice')
    await recordRequestChange(tx, principal, request, { did: 'requested', result_status: 'ok' }, input)
    return request.request_id
  })
  if (result instanceof AuditedRefusal) throw result
  return toApprovalAnswer((await findOwnRequest(deps.db, executorId, result))!, await readClock(deps.db, deps.now))
}

import { seal } from '@autopack/approval-proof/seal'
import type { ApprovalRequestSummary, GovernanceRequestSummary } from '@autopack/contract/request-summaries'
import type { SummarisedRequest } from './request-rows.ts'
import { toPerson } from './to-request-decision.ts'

export function toApprovalSummary(row: SummarisedRequest): ApprovalRequestSummary {
  return { approval_id: row.request.request_id, ...toShared(row), context: row.request.context }
}

export function toGovernanceSummary(row: SummarisedRequest): GovernanceRequestSummary {
  const { request, decision } = row
  return { request_id: request.request_id, ...toShared(row), paths_count: request.paths.length, authorized_by: decision?.decided_by ?? null }
}

function toShared({ request, executor_name, run_name, decision, person_name }: SummarisedRequest) {
  const body_sha256 = request.body_sha256.toString('hex')
  const decided = request.state === 'EXPIRED' ? request.decide_by : (decision?.decided_at ?? null)
  return {
    run_id: request.run_id,
    run_name,
    phase_id: request.phase_id,
    executor: { executor_id: request.executor_id, name: executor_name },
    state: request.state,
    version: request.version,
    title: request.title,
    sentence: request.sentence,
    risk: { score: request.risk_score, level: request.risk_level },
    body_sha256,
    seal: seal(body_sha256),
    requested_at: request.requested_at.toISOString(),
    decide_by: request.decide_by.toISOString(),
    decided_at: decided?.toISOString() ?? null,
    decided_by: decision === null ? null : toPerson({ operator_id: decision.operator_id, name: person_name }),
  }
}

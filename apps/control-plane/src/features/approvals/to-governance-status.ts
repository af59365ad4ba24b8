import type { GovernanceStatus, listPendingGovernance } from '@autopack/contract/governance'
import type { AnswerOf } from '@autopack/contract/route'
import type { RequestRow } from '../../db/request-tables.ts'
import { readGovernanceBody } from './read-request-body.ts'
import type { SummarisedRequest } from './request-rows.ts'
import { toEnded } from './to-approval-status.ts'
import { toPerson } from './to-request-decision.ts'

/** What its executor reads of a request to change files. */
export function toGovernanceStatus(row: SummarisedRequest & { body: Buffer }, now: Date): GovernanceStatus {
  const { request, decision } = row
  const { requested_paths, justification } = readGovernanceBody(row.body)
  const ended = toEnded(row, now)
  const approved = ended === null ? null : decision?.kind === 'approve'
  const person = decision === null ? null : toPerson({ operator_id: decision.operator_id, name: row.person_name })
  return {
    request_id: toBareId(request),
    run_id: request.run_id,
    phase_id: request.phase_id,
    requested_paths,
    justification,
    risk_level: request.risk_level,
    auto_approved: approved === true && decision?.decided_by === 'policy',
    approved,
    approved_by: approved === true ? (person?.name ?? 'policy') : null,
    created_at: request.requested_at.toISOString(),
    status: approved === null ? 'pending' : approved ? 'approved' : 'denied',
    responded_at: ended?.at.toISOString() ?? null,
    decide_by: request.decide_by.toISOString(),
    reason: ended?.words ?? null,
    response_method: ended === null ? null : decision === null ? 'timeout' : decision.decided_by === 'policy' ? 'policy' : 'dashboard',
    change_request:
      decision?.kind === 'ask_change' && person !== null
        ? { field: decision.field, reason: decision.reason, asked_by: person, asked_at: decision.decided_at.toISOString() }
        : null,
    risk_score: request.risk_score,
    policy_version: request.policy_version,
    paths: request.paths,
    body_sha256: request.body_sha256.toString('hex'),
    approval_ref: { kind: 'governance_request', id: request.request_id },
    console_path: `/approvals/${request.request_id}`,
  }
}

export function toPendingGovernance(request: RequestRow): AnswerOf<typeof listPendingGovernance>['pending_requests'][number] {
  const { requested_paths, justification } = readGovernanceBody(request.body)
  return {
    request_id: toBareId(request),
    run_id: request.run_id,
    phase_id: request.phase_id,
    requested_paths,
    justification,
    risk_level: request.risk_level,
    auto_approved: false,
    approved: null,
    approved_by: null,
    created_at: request.requested_at.toISOString(),
  }
}

function toBareId(request: Pick<RequestRow, 'request_id'>): string {
  return request.request_id.slice('gov_'.length)
}

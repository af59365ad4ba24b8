import type { getApprovalStatus, listPendingApprovals, requestApproval } from '@autopack/contract/approval-requests'
import type { AnswerOf } from '@autopack/contract/route'
import type { RequestRow } from '../../db/request-tables.ts'
import { readRequestBody } from './read-request-body.ts'
import type { SummarisedRequest } from './request-rows.ts'

type Status = AnswerOf<typeof getApprovalStatus>

/** What a poller reads; it knows three words only, so everything that is not yes is `rejected`, and new members say which no it is. */
export function toApprovalStatus(row: SummarisedRequest, now: Date): Status {
  const { request, decision } = row
  const ended = toEnded(row, now)
  const by = decision?.kind
  return {
    approval_id: toNumber(request.request_id),
    run_id: request.run_id,
    phase_id: request.phase_id,
    status: ended === null ? 'pending' : by === 'approve' ? 'approved' : 'rejected',
    requested_at: request.requested_at.toISOString(),
    responded_at: ended?.at.toISOString() ?? null,
    timeout_at: request.decide_by.toISOString(),
    approval_reason: by === 'approve' ? ended!.words : null,
    rejected_reason: ended !== null && by !== 'approve' ? ended.words : null,
    response_method: ended === null ? null : decision === null ? 'timeout' : 'dashboard',
    change_request: by === 'ask_change' ? { field: decision!.field, reason: decision!.reason } : null,
    reject_kind: decision?.reject_kind ?? null,
    body_sha256: request.body_sha256.toString('hex'),
    approval_ref: { kind: 'approval_request', id: request.request_id },
  }
}

/** The answer to the question itself. */
export function toApprovalAnswer(row: SummarisedRequest, now: Date): AnswerOf<typeof requestApproval> {
  const { status, approval_id, timeout_at, body_sha256, approval_ref, approval_reason, rejected_reason } = toApprovalStatus(row, now)
  const minutes = Math.round((row.request.decide_by.getTime() - row.request.requested_at.getTime()) / 60_000)
  const waiting = `Awaiting human approval (timeout in ${minutes} minutes, default: reject)`
  const reason = approval_reason ?? rejected_reason ?? waiting
  const console_path = `/approvals/${row.request.request_id}`
  return { status, reason, approval_id, telegram_sent: false, timeout_at, body_sha256, approval_ref, console_path }
}

export function toPendingApproval(request: RequestRow): AnswerOf<typeof listPendingApprovals>['requests'][number] {
  const { decision_info, deletion_info } = readRequestBody(request.body)
  return {
    id: toNumber(request.request_id),
    run_id: request.run_id,
    phase_id: request.phase_id,
    context: request.context,
    requested_at: request.requested_at.toISOString(),
    timeout_at: request.decide_by.toISOString(),
    decision_info: decision_info ?? null,
    deletion_info: deletion_info ?? null,
    telegram_sent: false,
  }
}

/** How it ended, in words that begin with what they mean; null: it can still be decided. What is overdue has ended, swept or not. */
export function toEnded({ request, decision, person_name }: SummarisedRequest, now: Date): { at: Date; words: string } | null {
  if (decision === null) {
    return request.state === 'EXPIRED' || now >= request.decide_by ? { at: request.decide_by, words: 'Timed out: nobody decided in time.' } : null
  }
  const by = person_name ?? 'the policy'
  const kind = decision.reject_kind === null ? '' : ` (${decision.reject_kind.replace('_', ' ')})`
  const words = {
    approve: `Approved by ${by}: ${decision.reason}`,
    reject: `Rejected by ${by}${kind}: ${decision.reason}`,
    ask_change: `Change asked by ${by}${decision.field ? ` at ${decision.field}` : ''}: ${decision.reason}`,
  }[decision.kind]
  return { at: decision.decided_at, words }
}

function toNumber(requestId: string): number {
  return Number(requestId.slice('apr_'.length))
}

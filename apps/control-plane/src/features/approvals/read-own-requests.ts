import type { getApprovalStatus, listPendingApprovals } from '@autopack/contract/approval-requests'
import type { GovernanceStatus, listPendingGovernance } from '@autopack/contract/governance'
import { pendingRequestsPerExecutor } from '@autopack/contract/limits'
import type { AnswerOf } from '@autopack/contract/route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Deps } from '../../deps.ts'
import type { ExecutorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { findOwnRequest, listOwnPending } from './request-rows.ts'
import { toApprovalStatus, toPendingApproval } from './to-approval-status.ts'
import { toGovernanceStatus, toPendingGovernance } from './to-governance-status.ts'

/** Numbers can be guessed: another executor's are not found. */
export async function getOwnApproval(deps: Deps, principal: ExecutorPrincipal, approvalNumber: number): Promise<AnswerOf<typeof getApprovalStatus>> {
  const row = await findOwnRequest(deps.db, principal.executorId, `apr_${approvalNumber}`)
  if (!row) throw new ProblemError('not_found', `Approval request #${approvalNumber} not found`)
  return toApprovalStatus(row, await readClock(deps.db, deps.now))
}

export async function getOwnGovernance(deps: Deps, principal: ExecutorPrincipal, bareId: string): Promise<GovernanceStatus> {
  const row = await findOwnRequest(deps.db, principal.executorId, `gov_${bareId}`)
  if (!row) throw new ProblemError('not_found', 'Governance request not found')
  return toGovernanceStatus(row, await readClock(deps.db, deps.now))
}

export async function listOwnApprovals(deps: Deps, principal: ExecutorPrincipal): Promise<AnswerOf<typeof listPendingApprovals>> {
  const rows = await listOwnPending(deps.db, principal.executorId, 'approval_request', deps.now, pendingRequestsPerExecutor)
  return { count: rows.length, requests: rows.map(toPendingApproval) }
}

export async function listOwnGovernance(deps: Deps, principal: ExecutorPrincipal): Promise<AnswerOf<typeof listPendingGovernance>> {
  const rows = await listOwnPending(deps.db, principal.executorId, 'governance_request', deps.now, pendingRequestsPerExecutor)
  return { count: rows.length, pending_requests: rows.map(toPendingGovernance) }
}

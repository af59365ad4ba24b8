import type { ApprovalRequest } from '@autopack/contract/approval-requests'
import { namedPeople } from '@autopack/contract/external-actions'
import type { GovernanceRequest } from '@autopack/contract/governance'
import { requestDecisionKinds } from '@autopack/contract/requests'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Deps } from '../../deps.ts'
import { findControlState } from '../../ledger/control-rows.ts'
import { listApproversOf } from '../../ledger/approver-rows.ts'
import { findSoleOperator } from '../../ledger/sole-operator.ts'
import { findBrake, toEffectiveControl } from '../../ledger/effective-control.ts'
import { isInitiator } from '../../shared/is-initiator.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { canDecideRequest } from './can-decide-request.ts'
import { readGovernanceBody, readRequestBody } from './read-request-body.ts'
import { findVisibleRequest } from './request-rows.ts'
import type { SummarisedRequest } from './request-rows.ts'
import { toApprovalSummary, toGovernanceSummary } from './to-request-summary.ts'
import { toEarlierDecision, toRequestDecisions } from './to-request-decision.ts'

/** One approval request as this operator may see it, with what they may do about it. Throws `not_found`. */
export async function presentApprovalRequest(deps: Deps, principal: OperatorPrincipal, approvalId: string): Promise<ApprovalRequest> {
  const row = await getRequest(deps, principal, approvalId)
  return { ...toApprovalSummary(row), ...(await toDetails(deps, principal, row)), findings: listRequestFindings(row) }
}

/** One governance request as this operator may see it, with what they may do about it. Throws `not_found`. */
export async function presentGovernanceRequest(deps: Deps, principal: OperatorPrincipal, requestId: string): Promise<GovernanceRequest> {
  const row = await getRequest(deps, principal, requestId)
  const { justification, changed_lines } = readGovernanceBody(row.body)
  const { request } = row
  return {
    ...toGovernanceSummary(row),
    ...(await toDetails(deps, principal, row)),
    justification,
    paths: request.paths,
    changed_lines: changed_lines ?? null,
    policy: { version: request.policy_version, sha256: request.policy_sha256.toString('hex') },
    policy_reason: request.policy_reason,
  }
}

type WholeRequest = SummarisedRequest & { body: Buffer }

async function getRequest(deps: Deps, principal: OperatorPrincipal, requestId: string): Promise<WholeRequest> {
  const row = await findVisibleRequest(deps.db, principal, requestId)
  if (!row) throw new ProblemError('not_found', 'There is no such request, or you may not see it.')
  return row
}

async function toDetails(deps: Deps, principal: OperatorPrincipal, row: WholeRequest) {
  const { request } = row
  const now = await readClock(deps.db, deps.now)
  const control = toEffectiveControl(await findControlState(deps.db), deps.settings.ceiling)
  const decision = row.decision === null ? null : { ...row.decision, name: row.person_name }
  const operator = { operator_id: principal.operatorId, name: principal.name, role: principal.role, enabled: true }
  const brake = findBrake(control, { provider: '', run_id: request.run_id, executor_id: request.executor_id })
  const soleOperatorId = await findSoleOperator(deps.db, deps.settings)
  const sole_operator = soleOperatorId === principal.operatorId
  const facts = { operator, request, now, brake, started_by: row.started_by, sole_operator, decision: toEarlierDecision(decision) }
  return {
    body_text: row.body.toString('utf8'),
    body_size_bytes: row.body.length,
    risk_contributions: request.risk_contributions,
    decisions: toRequestDecisions(decision),
    still_needed: request.state === 'PENDING' ? [await findNeeded(deps, row, soleOperatorId)] : [],
    allowed_actions: requestDecisionKinds.map((kind) => {
      const may = canDecideRequest({ ...facts, kind })
      return { action: kind, allowed: may.allowed, why: may.allowed ? null : may.detail }
    }),
    now: now.toISOString(),
  }
}

/** One approval, by any of the people who may give it now. */
async function findNeeded(deps: Deps, { request, started_by }: WholeRequest, soleOperatorId: string | null) {
  const approvers = await listApproversOf(deps.db, { executor_id: request.executor_id, run_id: request.known_run_id })
  const people = approvers.filter((person) => !isInitiator(person, started_by) || person.operator_id === soleOperatorId)
  const named = people.slice(0, namedPeople).map(({ operator_id, name }) => ({ operator_id, name }))
  return { group: 0, role: 'approver' as const, count: 1, people: named, people_total: people.length }
}

const knownMembers: ReadonlySet<string> = new Set(['run_id', 'phase_id', 'context', 'decision_info', 'deletion_info'])

/** What a person should know that the body does not say by itself. */
function listRequestFindings({ request, body }: WholeRequest): ApprovalRequest['findings'] {
  const others = Object.keys(readRequestBody(body)).filter((name) => !knownMembers.has(name))
  const findings: ApprovalRequest['findings'] = [
    {
      code: 'effect_not_checked',
      level: 'could_not_check',
      title: 'What it would do was not checked',
      detail: 'The executor asks in its own words. Nothing here holds it to them; what leaves through external actions is decided on its own.',
    },
  ]
  if (request.known_run_id === null) {
    const detail = 'The run it names was not started here by this executor, so who asked for that run is not known.'
    findings.push({ code: 'unknown_run', level: 'finding', title: 'The run is not known here', detail })
  }
  if (others.length > 0) {
    const names = others
      .slice(0, 10)
      .map((name) => name.slice(0, 60))
      .join(', ')
    const detail = `The body also holds ${names}${others.length > 10 ? ` and ${others.length - 10} more` : ''}. Read it as it came.`
    findings.push({ code: 'unknown_members', level: 'finding', title: 'It holds more than this page explains', detail })
  }
  return findings
}

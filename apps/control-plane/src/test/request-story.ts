/** What tests of the queue do again and again, through the real app: ask, decide, look. */
import { randomUUID } from 'node:crypto'
import type { ApprovalRequest, requestApproval } from '@autopack/contract/approval-requests'
import type { GovernanceStatus } from '@autopack/contract/governance'
import type { Role } from '@autopack/contract/roles'
import type { AnswerOf } from '@autopack/contract/route'
import { expectStatus } from './ledger-story.ts'
import type { TestDeps } from './open-test-deps.ts'

/** As an executor of today sends it; each call another question. */
export function toQuestion(change: object = {}): object {
  return {
    phase_id: 'F1.1',
    run_id: 'demo-run-20260101-000000',
    context: 'build113_risky_decision',
    decision_info: { type: 'risky', risk_level: 'HIGH', confidence: '85%', rationale: `because ${randomUUID()}`, files_count: 1, net_deletion: 5 },
    ...change,
  }
}

export type AskedApproval = AnswerOf<typeof requestApproval>

export async function askApproval(deps: TestDeps, change: object = {}, key?: string): Promise<AskedApproval> {
  return (await expectStatus(await deps.asExecutor(key).post('/approval/request', toQuestion(change)), 200)) as AskedApproval
}

export async function startOwnRun(deps: TestDeps, change: object = {}, key?: string): Promise<string> {
  const run_id = `run-${randomUUID()}`
  await expectStatus(await deps.asExecutor(key).post('/runs/start', { run: { run_id, ...change } }), 201)
  return run_id
}

export function sendGovernance(
  deps: TestDeps,
  options: { run_id: string; paths: string[]; changed_lines?: number | null; key?: string; idempotencyKey?: string },
): Promise<Response> {
  const { run_id, paths, changed_lines } = options
  const body = {
    run_id,
    phase_id: 'F1',
    requested_paths: paths,
    justification: 'The example is wrong.',
    ...(changed_lines === undefined ? {} : { changed_lines }),
  }
  return deps.asExecutor(options.key).post('/governance/request', body, { 'idempotency-key': options.idempotencyKey ?? randomUUID() })
}

export async function askGovernance(deps: TestDeps, options: Parameters<typeof sendGovernance>[1]): Promise<GovernanceStatus> {
  return (await expectStatus(await sendGovernance(deps, options), 201)) as GovernanceStatus
}

type Asked = { approval_ref: { kind: string; id: string }; body_sha256: string }

export function pathOf({ approval_ref }: Asked): string {
  return approval_ref.kind === 'approval_request' ? `/operator/approvals/${approval_ref.id}` : `/operator/governance/${approval_ref.id}`
}

export function decideAsked(deps: TestDeps, who: Role | string, asked: Asked, change: object = {}): Promise<Response> {
  const body = { kind: 'approve', body_sha256: asked.body_sha256, reason: 'It is what I asked for.', ...change }
  return deps.asOperator(who).post(`${pathOf(asked)}/decision`, body)
}

export const rejection = { kind: 'reject', reject_kind: 'not_now', reason: 'Not today.' }

export async function showApproval(deps: TestDeps, who: Role | string, asked: Asked): Promise<ApprovalRequest> {
  return (await expectStatus(await deps.asOperator(who).get(pathOf(asked)), 200)) as ApprovalRequest
}

import { createHash, randomBytes } from 'node:crypto'
import { governancePolicy, governancePolicySha256 } from '@autopack/action-catalog/governance-policy'
import { judgePaths } from '@autopack/action-catalog/judge-paths'
import type { Judgement } from '@autopack/action-catalog/judge-paths'
import type { GovernanceStatus, requestGovernance as requestGovernanceRoute } from '@autopack/contract/governance'
import { pendingRequestsPerExecutor } from '@autopack/contract/limits'
import type { ProblemCode } from '@autopack/contract/problems'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import type { ProblemError } from '@autopack/server-kit/problem-error'
import type { Transaction } from '@autopack/server-kit/open-database'
import { recordAudit } from '../../audit/record-audit.ts'
import type { RequestRow } from '../../db/request-tables.ts'
import type { Deps } from '../../deps.ts'
import { lockExecutor } from '../../ledger/action-rows.ts'
import { lockControl } from '../../ledger/control-rows.ts'
import { findBrake, toEffectiveControl } from '../../ledger/effective-control.ts'
import { AuditedRefusal } from '../../shared/audited-refusal.ts'
import type { ExecutorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { isEnded } from '../../shared/run-state.ts'
import { lockRunOfExecutor } from '../../shared/touch-run.ts'
import { describeGovernanceRequest } from './describe-request.ts'
import { recordRequestChange } from './record-request-change.ts'
import { changeRequest, countOwnPending, findOwnRequest, findRequestByKey, insertRequest, insertRequestDecision } from './request-rows.ts'
import { toGovernanceStatus } from './to-governance-status.ts'

type Input = RouteInput<typeof requestGovernanceRoute, ExecutorPrincipal>

/**
 * Takes a request to change files, and judges every path by the policy. What the policy approves or denies by itself is decided at once, in
 * the same transaction, and recorded as the policy's; everything else waits for people. Under a brake nothing is approved by itself.
 * The same Idempotency-Key finds the same request.
 */
export async function requestGovernance(deps: Deps, input: Input): Promise<GovernanceStatus> {
  const { principal, body } = input
  const { executorId } = principal
  const idempotency_key = input.idempotencyKey!
  const bytes = Buffer.from(input.bodyBytes)
  const body_sha256 = createHash('sha256').update(bytes).digest()
  const result = await deps.db.transaction(async (tx): Promise<string | AuditedRefusal> => {
    const control = toEffectiveControl(await lockControl(tx), deps.settings.ceiling)
    await lockExecutor(tx, executorId)
    const refuse = async (code: ProblemCode, detail: string, run: { run_id: string } | null = null, extra: ProblemError['extra'] = {}) => {
      const about = { run_id: run?.run_id ?? null, phase_id: body.phase_id, payload_hash: body_sha256.toString('hex'), idempotency_key }
      const event = { event_type: 'governance_request.refused' as const, result_status: 'refused', error_code: code, error_summary: detail }
      await recordAudit(tx, principal, { action_type: 'governance_request', requested_by: executorId, ...about, ...event }, input)
      return new AuditedRefusal(code, detail, extra)
    }

    const repeated = await findRequestByKey(tx, executorId, idempotency_key)
    if (repeated) {
      if (repeated.body_sha256.equals(body_sha256)) return repeated.request_id
      return refuse('idempotency_key_reused', 'This Idempotency-Key was used for a different request. Send a new key for a new request.')
    }
    const run = await lockRunOfExecutor(tx, executorId, body.run_id)
    if (isEnded(run.state)) return refuse('run_closed', 'This run has ended; nothing can be asked in it any more.', run)
    const judged = judgePaths(body.requested_paths, body.changed_lines ?? null, governancePolicy)
    const brake = findBrake(control, { provider: '', run_id: body.run_id, executor_id: executorId })
    const judgement: Judgement = judged.answer === 'approve' && brake !== null ? { ...judged, answer: 'ask', reason: brake } : judged
    if (judgement.answer === 'ask' && (await countOwnPending(tx, executorId, 'governance_request')) >= pendingRequestsPerExecutor) {
      const detail = `${pendingRequestsPerExecutor} governance requests of this executor wait for a person already. Wait for answers.`
      return refuse('too_many_pending', detail, run, { retryAfterSeconds: 60 })
    }
    const now = await readClock(tx, deps.now)
    const request = await insertUnderNewId(tx, {
      kind: 'governance_request',
      executor_id: executorId,
      run_id: run.run_id,
      known_run_id: run.run_id,
      phase_id: body.phase_id,
      context: 'governance',
      body: bytes,
      ...describeGovernanceRequest(body.requested_paths),
      risk_score: judgement.risk.score,
      risk_level: judgement.risk.level,
      risk_contributions: judgement.risk_contributions,
      paths: judgement.paths.map((path) => ({ ...path, path: toStorable(path.path) })),
      policy_version: governancePolicy.version,
      policy_sha256: Buffer.from(governancePolicySha256(), 'hex'),
      policy_reason: judgement.reason,
      requested_at: now,
      requested_key_id: principal.keyId,
      decide_by: new Date(now.getTime() + governancePolicy.decide_within_seconds * 1_000),
      state_since: now,
      idempotency_key,
    })
    const changed = judgement.answer === 'ask' ? request : await decideByPolicy(tx, request, judgement, now, input.requestId)
    const at = now.toISOString()
    const decided = { completed_at: at, reason: `Decided by governance@${governancePolicy.version}; no person did. ${judgement.reason}` }
    const facts = {
      ask: { did: 'requested' as const, result_status: 'ok' },
      approve: { did: 'approved_by_policy' as const, result_status: 'APPROVED', approved_at: at, ...decided },
      deny: { did: 'denied_by_policy' as const, result_status: 'REJECTED', ...decided },
    }[judgement.answer]
    await recordRequestChange(tx, principal, changed, facts, input)
    return request.request_id
  })
  if (result instanceof AuditedRefusal) throw result
  return toGovernanceStatus((await findOwnRequest(deps.db, executorId, result))!, await readClock(deps.db, deps.now))
}

async function decideByPolicy(tx: Transaction, request: RequestRow, judgement: Judgement, now: Date, requestRef: string): Promise<RequestRow> {
  await insertRequestDecision(tx, {
    request_id: request.request_id,
    body_sha256: request.body_sha256,
    decided_by: 'policy',
    kind: judgement.answer === 'approve' ? 'approve' : 'reject',
    reason: judgement.reason,
    request_ref: requestRef,
    decided_at: now,
  })
  return changeRequest(tx, request, judgement.answer === 'approve' ? 'APPROVED' : 'REJECTED', now)
}

/** Eight hex digits are few: another request may have them. */
async function insertUnderNewId(tx: Transaction, row: Omit<Parameters<typeof insertRequest>[1], 'request_id'>): Promise<RequestRow> {
  for (let tries = 0; tries < 10; tries += 1) {
    const inserted = await insertRequest(tx, { ...row, request_id: `gov_${randomBytes(4).toString('hex')}` })
    if (inserted) return inserted
  }
  throw new Error('no id is left for a governance request')
}

/** The database keeps no NUL and no half of a character; the bytes that were sent are in the body. */
function toStorable(path: string): string {
  return path.toWellFormed().replaceAll('\0', '\ufffd')
}

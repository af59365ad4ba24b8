import type { ProblemCode } from '@autopack/contract/problems'
import type { RequestDecisionBody } from '@autopack/contract/requests'
import { ProblemError } from '@autopack/server-kit/problem-error'
import { createHash } from 'node:crypto'
import { readLatestAuditMoment, recordAudit } from '../../audit/record-audit.ts'
import type { Deps } from '../../deps.ts'
import { lockOperator } from '../../ledger/action-rows.ts'
import { lockControl } from '../../ledger/control-rows.ts'
import { findBrake, toEffectiveControl } from '../../ledger/effective-control.ts'
import { decidesAlone } from '../../ledger/sole-operator.ts'
import { toProofFacts } from '../../shared/act-proof.ts'
import { AuditedRefusal } from '../../shared/audited-refusal.ts'
import { findClockRefusal } from '../../shared/find-clock-refusal.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { canDecideRequest } from './can-decide-request.ts'
import { expireRequest } from './expire-request.ts'
import { recordRequestChange, toRequestFacts } from './record-request-change.ts'
import { changeRequest, findRequestDecision, findRunFacts, findVisibleRequest, insertRequestDecision, lockRequest } from './request-rows.ts'
import { toEarlierDecision, toWhoDecidedRequest } from './to-request-decision.ts'

const outcomes = {
  approve: { did: 'approved', state: 'APPROVED' },
  reject: { did: 'rejected', state: 'REJECTED' },
  ask_change: { did: 'change_asked', state: 'CHANGE_ASKED' },
} as const

/**
 * Approves, rejects or asks for a change of one request (`askedId`), once. Everything is checked again under locks; of two who decide at once, one wins
 * and the other reads who. A refusal commits its audit event and nothing else, except that a request whose time is over expires.
 * Throws `not_found` where there is no such request, or none for them.
 */
export async function decideRequest(
  deps: Deps,
  input: { principal: OperatorPrincipal; body: RequestDecisionBody; requestId: string },
  askedId: string,
): Promise<void> {
  const { principal, body } = input
  const refusal = await deps.db.transaction(async (tx): Promise<AuditedRefusal | null> => {
    const control = toEffectiveControl(await lockControl(tx), deps.settings.ceiling)
    const operator = await lockOperator(tx, principal.operatorId)
    if (!operator) throw new ProblemError('operator_disabled', 'You are not known here any more.')
    const seen = await findVisibleRequest(tx, principal, askedId)
    if (!seen) throw new ProblemError('not_found', 'There is no such request, or you may not see it.')
    const request = await lockRequest(tx, askedId)
    // Before the clock: what is recorded while this waits between the two is later, and no sign of a clock that was moved back.
    const latestAudit = body.kind === 'approve' ? await readLatestAuditMoment(tx) : null
    const now = await readClock(tx, deps.now)
    const decision = toEarlierDecision(await findRequestDecision(tx, askedId))

    const refuse = async (code: ProblemCode, detail: string, extra: ProblemError['extra'] = {}) => {
      if (code === 'expired' && request.state === 'PENDING') await expireRequest(tx, request, now, input)
      const event = { event_type: `${request.kind}.decision_refused` as const, result_status: 'refused', error_code: code, error_summary: detail }
      await recordAudit(tx, principal, { ...toRequestFacts(request), ...event, reason: body.reason }, input)
      return new AuditedRefusal(code, detail, extra)
    }

    // Only where time gives somebody more than they have: saying no works under any clock.
    const clock = findClockRefusal(now, latestAudit)
    if (clock !== null) return refuse('clock_moved_back', clock)
    const may = canDecideRequest({
      kind: body.kind,
      operator,
      request,
      now,
      brake: findBrake(control, { provider: '', run_id: request.run_id, executor_id: request.executor_id }),
      started_by: (await findRunFacts(tx, request.known_run_id)).started_by,
      sole_operator: await decidesAlone(tx, deps.settings, principal),
      decision,
    })
    if (!may.allowed) return refuse(may.code, may.detail, may.code === 'already_decided' ? toWhoDecidedRequest(decision) : {})
    // Made anew from the stored bytes; the stored column is not believed.
    if (body.body_sha256 !== createHash('sha256').update(request.body).digest('hex')) {
      return refuse('hash_mismatch', 'This is not the hash of what was asked. Read the page again.')
    }

    await insertRequestDecision(tx, {
      request_id: askedId,
      body_sha256: request.body_sha256,
      decided_by: 'people',
      kind: body.kind,
      reject_kind: body.kind === 'reject' ? body.reject_kind : null,
      field: body.kind === 'ask_change' ? body.field : null,
      reason: body.reason,
      operator_id: operator.operator_id,
      operator_role: operator.role,
      sid_hash: principal.sidHash,
      amr: [...principal.amr],
      request_ref: input.requestId,
      sole_operator: may.alone,
      decided_at: now,
    })
    const { did, state } = outcomes[body.kind]
    const changed = await changeRequest(tx, request, state, now)
    const approval = body.kind === 'approve' ? { approved_by: [operator.operator_id], approved_at: now.toISOString() } : {}
    // Nothing signs these; whoever was alone with it is named all the same.
    const proof = may.alone ? toProofFacts({ strength: 'session', signedActId: null, credentialId: null, act: null }, true) : null
    const facts = { did, result_status: state, reason: body.reason, completed_at: now.toISOString(), proof, ...approval }
    await recordRequestChange(tx, principal, changed, facts, input)
    return null
  })
  if (refusal) throw refusal
}

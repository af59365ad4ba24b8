import { findDescriptor } from '@autopack/action-catalog/catalog'
import { reasonSha256, recordSha256 } from '@autopack/approval-proof/evidence-records'
import { readPayload } from '@autopack/approval-proof/payload'
import { renderAction } from '@autopack/approval-proof/render-action'
import type { ExternalAction } from '@autopack/contract/external-actions'
import { decideExternalAction } from '@autopack/contract/operator-actions'
import type { ProblemCode } from '@autopack/contract/problems'
import { choosePlace } from '@autopack/contract/roles'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import { readLatestAuditMoment, recordAudit } from '../../audit/record-audit.ts'
import type { Deps } from '../../deps.ts'
import {
  changeAction,
  countLargestQuorum,
  fillSlot,
  findStartedBy,
  getExecutorName,
  getRevision,
  insertAuthorization,
  insertDecision,
  isSignedAsNeeded,
  listDecisions,
  listSlots,
  lockOperator,
  lockVisibleAction,
} from '../../ledger/action-rows.ts'
import type { RevisionRow } from '../../ledger/action-rows.ts'
import { toApprovalStepUp } from '../../ledger/approval-step-up.ts'
import { lockControl } from '../../ledger/control-rows.ts'
import { findBrake, toEffectiveControl, toSwitchSnapshot } from '../../ledger/effective-control.ts'
import { recordActionChange, toActionFacts } from '../../ledger/record-action-change.ts'
import { toDecisionRecord } from '../../ledger/to-evidence-records.ts'
import { toProofFacts } from '../../shared/act-proof.ts'
import { AuditedRefusal } from '../../shared/audited-refusal.ts'
import { findClockRefusal } from '../../shared/find-clock-refusal.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { requireStepUp } from '../../shared/require-step-up.ts'
import { burnSignature } from '../../shared/verify-signed-act.ts'
import { canDecide } from './can-decide.ts'
import { toExecuteBy } from './execute-by.ts'
import { expireAction } from './expire-action.ts'
import { findBindingRefusal } from './find-binding-refusal.ts'
import type { BindingFacts } from './find-binding-refusal.ts'
import { toWhoDecided } from './past-decision.ts'
import { decidesAlone } from '../../ledger/sole-operator.ts'
import { toApprovalFacts } from './to-approval-facts.ts'
import { presentExternalAction } from './present-external-action.ts'

/**
 * Approves, rejects or asks for a change of one revision. Everything is checked again under locks; of two who decide at once, one wins and the other reads
 * who. A refusal commits its audit event and nothing else, except that a proposal whose time is over expires.
 */
export async function decideAction(deps: Deps, input: RouteInput<typeof decideExternalAction, OperatorPrincipal>): Promise<ExternalAction> {
  const { principal, body, params } = input
  const refusal = await deps.db.transaction(async (tx): Promise<AuditedRefusal | null> => {
    const control = toEffectiveControl(await lockControl(tx), deps.settings.ceiling)
    const action = await lockVisibleAction(tx, principal, params.action_id)
    if (!action) throw new ProblemError('not_found', 'There is no such action, or you may not see it.')
    const operator = await lockOperator(tx, principal.operatorId)
    if (!operator) throw new ProblemError('operator_disabled', 'You are not known here any more.')
    // Before the clock: what is recorded while this waits between the two is later, and no sign of a clock that was moved back.
    const latestAudit = body.kind === 'approve' ? await readLatestAuditMoment(tx) : null
    const now = await readClock(tx, deps.now)
    const revision = await getRevision(tx, action)
    const decisions = (await listDecisions(tx, action.action_id)).filter((decision) => decision.revision === action.revision)
    const slots = (await listSlots(tx, action.action_id, action.revision)).filter((slot) => slot.decision_id === null)
    const facts = { ...toActionFacts(action, revision), kill_switch_snapshot: toSwitchSnapshot(control), reason: body.reason }

    const refuse = async (code: ProblemCode, detail: string, extra: ProblemError['extra'] = {}, cause: string | null = null) => {
      if (body.kind === 'approve') await burnSignature(tx, operator.operator_id, body.signature, now)
      if (code === 'expired' && action.state === 'PENDING') await expireAction(tx, action, revision, now, input)
      const event_type = 'external_action.decision_refused'
      const error_summary = cause === null ? detail : `${detail} (${cause})`
      // Words for an approval that did not count persuade as well as those of one that did.
      const unsealed = body.kind === 'approve' && (await countLargestQuorum(tx, action.action_id)) > 1 ? { reason: null } : {}
      await recordAudit(tx, principal, { ...facts, ...unsealed, event_type, result_status: 'refused', error_code: code, error_summary }, input)
      return new AuditedRefusal(code, detail, extra)
    }

    // Only where time gives somebody more than they have: saying no works under any clock.
    const clock = findClockRefusal(now, latestAudit)
    if (clock !== null) return refuse('clock_moved_back', clock)
    const may = canDecide({
      kind: body.kind,
      operator,
      action: { state: action.state, revision: action.revision, decide_by: revision.decide_by },
      now,
      brake: findBrake(control, { ...revision, ...action }),
      started_by: await findStartedBy(tx, action.run_id),
      sole_operator: await decidesAlone(tx, deps.settings, principal),
      decisions,
      open_slots: slots.map((slot) => slot.role),
    })
    if (!may.allowed) return refuse(may.code, may.detail, toWhoDecided(may.by))
    const binding = body.kind === 'approve' ? readBindingFacts(revision) : toStoredBinding(revision)
    const bound = findBindingRefusal(body, binding)
    if (bound) {
      const isAboutAnother = bound.code === 'stale_revision' || bound.code === 'superseded'
      return refuse(bound.code, bound.detail, isAboutAnother ? { current_revision: action.revision } : {})
    }
    if (body.kind === 'approve' && !(await isSignedAsNeeded(tx, action))) {
      return refuse('policy_mismatch', 'A passkey that signed an approval of it was reset since. It has to be proposed again.')
    }
    const stepUp =
      body.kind === 'approve'
        ? await requireStepUp(
            tx,
            deps.settings,
            { principal, operator },
            {
              route: decideExternalAction,
              needed: toApprovalStepUp(deps.settings, revision),
              facts: toApprovalFacts({ ...action, executor_name: await getExecutorName(tx, action.executor_id) }, revision, {
                ...binding,
                ...operator,
              }),
              signature: body.signature,
            },
            now,
          )
        : null
    if (stepUp?.ok === false) return refuse(stepUp.code, stepUp.detail, stepUp.extra, stepUp.cause)
    const proof = stepUp === null ? null : stepUp.proof

    const decision = await insertDecision(tx, {
      action_id: action.action_id,
      revision: action.revision,
      payload_sha256: revision.payload_sha256,
      kind: body.kind,
      reject_kind: body.kind === 'reject' ? body.reject_kind : null,
      field: body.kind === 'ask_change' ? body.field : null,
      reason: body.reason,
      operator_id: operator.operator_id,
      operator_role: operator.role,
      sid_hash: principal.sidHash,
      amr: [...principal.amr],
      request_id: input.requestId,
      descriptor_sha256: revision.descriptor_sha256,
      display_sha256: body.kind === 'approve' ? Buffer.from(body.display_sha256, 'hex') : null,
      strength: proof?.strength ?? 'session',
      signed_act_id: proof?.signedActId ?? null,
      sole_operator: may.alone,
      decided_at: now,
    })
    const decided_at = now.toISOString()
    if (body.kind === 'reject') {
      const record_sha256 = recordSha256(toDecisionRecord(decision, null, null))
      const changed = await changeAction(tx, action, { state: 'REJECTED', at: now })
      const event = { event_type: 'external_action.rejected' as const, result_status: 'REJECTED', completed_at: decided_at, record_sha256 }
      await recordActionChange(tx, principal, changed, { ...facts, ...event }, input)
      return null
    }
    if (body.kind === 'ask_change') {
      const record_sha256 = recordSha256(toDecisionRecord(decision, null, null))
      // Still pending, and nobody's to decide until its executor revises or withdraws it.
      const changed = await changeAction(tx, action, { state: 'PENDING', at: now })
      const event = { event_type: 'external_action.change_asked' as const, result_status: 'PENDING', record_sha256 }
      await recordActionChange(tx, principal, changed, { ...facts, ...event }, input)
      return null
    }
    const place = choosePlace(
      slots.map(({ role }) => role),
      operator.role,
    )
    await fillSlot(tx, action, slots[place]!, decision.decision_id)
    const complete = slots.length === 1
    if (complete) {
      await insertAuthorization(tx, {
        action_id: action.action_id,
        revision: action.revision,
        payload_sha256: revision.payload_sha256,
        kind: 'people',
        authorized_at: now,
        execute_by: toExecuteBy(revision, now),
      })
    }
    const not_before = complete && revision.hold_seconds > 0 ? new Date(now.getTime() + revision.hold_seconds * 1_000) : null
    const changed = await changeAction(tx, action, { state: complete ? 'APPROVED' : 'PENDING', at: now, not_before })
    const approved_by = [...decisions.filter(({ kind }) => kind === 'approve').map((decision) => decision.operator_id), operator.operator_id]
    const event = { event_type: 'external_action.approved' as const, result_status: changed.state, approved_by, approved_at: decided_at }
    // Whoever comes second finds the words of the first nowhere; the hash holds them to what they said.
    const sealed = complete ? {} : { reason: null, reason_sha256: reasonSha256(decision.decision_id, decision.reason) }
    const record = toDecisionRecord(decision, slots[place]!, proof?.act ?? null)
    const told = { proof: proof === null ? null : toProofFacts(proof, may.alone), record_sha256: recordSha256(record) }
    await recordActionChange(tx, principal, changed, { ...facts, ...sealed, ...event, ...told }, input)
    return null
  })
  if (refusal) throw refusal
  return presentExternalAction(deps, deps.db, principal, params.action_id)
}

/** Saying no is about the hash that was stored: bytes that cannot be read any more must not be in the way of it. */
function toStoredBinding(revision: RevisionRow): BindingFacts {
  const payload_hash = revision.payload_sha256.toString('hex')
  return { revision: revision.revision, payload_hash, descriptor: null, stored_descriptor_sha256: null, display_sha256: '' }
}

/** Hash and rendering are made anew from the stored bytes; the stored columns are not believed. */
function readBindingFacts(revision: RevisionRow): BindingFacts {
  const read = readPayload(revision.payload)
  if (!read.ok) throw new Error(`the stored payload of ${revision.action_id} revision ${revision.revision} cannot be read: ${read.rule}`)
  const descriptor = findDescriptor(read.payload.provider, read.payload.operation) ?? null
  return {
    revision: revision.revision,
    payload_hash: read.hash,
    descriptor,
    stored_descriptor_sha256: revision.descriptor_sha256?.toString('hex') ?? null,
    display_sha256: renderAction(read.payload, descriptor).display_sha256,
  }
}

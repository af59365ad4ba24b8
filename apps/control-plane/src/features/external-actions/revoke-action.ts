import { recordSha256 } from '@autopack/approval-proof/evidence-records'
import type { ExternalAction } from '@autopack/contract/external-actions'
import type { revokeExternalAction } from '@autopack/contract/operator-actions'
import type { ProblemCode } from '@autopack/contract/problems'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import { recordAudit } from '../../audit/record-audit.ts'
import type { Deps } from '../../deps.ts'
import {
  changeAction,
  findAuthorization,
  findExecution,
  getRevision,
  insertDecision,
  listDecisions,
  lockOperator,
  lockVisibleAction,
} from '../../ledger/action-rows.ts'
import { findControlState } from '../../ledger/control-rows.ts'
import { toEffectiveControl, toSwitchSnapshot } from '../../ledger/effective-control.ts'
import { recordActionChange, toActionFacts } from '../../ledger/record-action-change.ts'
import { toRevocationRecord } from '../../ledger/to-evidence-records.ts'
import { AuditedRefusal } from '../../shared/audited-refusal.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { canRevoke } from './can-revoke.ts'
import { expireAction } from './expire-action.ts'
import { toWhoDecided } from './past-decision.ts'
import { presentExternalAction } from './present-external-action.ts'

/**
 * Takes an approval back before it is claimed; in the launch hold as a veto. Any enabled operator who may see the action, whatever the
 * brake, the switches and the caps say. Racing a claim, whoever locks the action first wins, and the other hears why not (I-11).
 * Control is read without its lock: engaging a brake must not keep a person from revoking.
 */
export async function revokeAction(deps: Deps, input: RouteInput<typeof revokeExternalAction, OperatorPrincipal>): Promise<ExternalAction> {
  const { principal, body, params } = input
  const refusal = await deps.db.transaction(async (tx): Promise<AuditedRefusal | null> => {
    const action = await lockVisibleAction(tx, principal, params.action_id)
    if (!action) throw new ProblemError('not_found', 'There is no such action, or you may not see it.')
    const operator = await lockOperator(tx, principal.operatorId)
    if (!operator) throw new ProblemError('operator_disabled', 'You are not known here any more.')
    const now = await readClock(tx, deps.now)
    const revision = await getRevision(tx, action)
    const authorization = await findAuthorization(tx, action.action_id, action.revision)
    const claimed = await findExecution(tx, action.action_id, action.revision)
    const decisions = (await listDecisions(tx, action.action_id)).filter((decision) => decision.revision === action.revision)
    const facts = {
      ...toActionFacts(action, revision),
      kill_switch_snapshot: toSwitchSnapshot(toEffectiveControl(await findControlState(tx), deps.settings.ceiling)),
      reason: body.reason,
      approved_by: decisions.filter(({ kind }) => kind === 'approve').map(({ operator_id }) => operator_id),
      approved_at: authorization?.authorized_at.toISOString() ?? null,
    }

    const refuse = async (code: ProblemCode, detail: string, extra: ProblemError['extra'] = {}) => {
      if (code === 'expired' && action.state === 'APPROVED') await expireAction(tx, action, revision, now, input)
      const event_type = 'external_action.revoke_refused'
      await recordAudit(tx, principal, { ...facts, event_type, result_status: 'refused', error_code: code, error_summary: detail }, input)
      return new AuditedRefusal(code, detail, extra)
    }

    if (body.revision !== action.revision) {
      const detail = `Revision ${action.revision} is in force; read it and say what is to become of it.`
      return refuse('stale_revision', detail, { current_revision: action.revision })
    }
    const may = canRevoke({
      kind: body.kind,
      operator,
      action,
      execute_by: authorization?.execute_by ?? null,
      now,
      decisions,
      claimed_at: claimed?.execution.claimed_at ?? null,
    })
    if (!may.allowed) {
      return refuse(may.code, may.detail, claimed === null ? toWhoDecided(may.by) : { execution_id: claimed.execution.execution_id })
    }
    // As stored, not recomputed: bytes that were tampered with are the last that should be hard to stop.
    if (body.payload_hash !== revision.payload_sha256.toString('hex')) {
      return refuse('hash_mismatch', 'The payload hash you named is not the one of this revision. Reload, and revoke what you see.')
    }

    const decision = await insertDecision(tx, {
      action_id: action.action_id,
      revision: action.revision,
      payload_sha256: revision.payload_sha256,
      kind: body.kind,
      reason: body.reason,
      operator_id: operator.operator_id,
      operator_role: operator.role,
      sid_hash: principal.sidHash,
      amr: [...principal.amr],
      request_id: input.requestId,
      descriptor_sha256: revision.descriptor_sha256,
      decided_at: now,
    })
    const changed = await changeAction(tx, action, { state: 'REVOKED', at: now })
    const event_type = body.kind === 'veto' ? ('external_action.vetoed' as const) : ('external_action.revoked' as const)
    const event = { event_type, result_status: 'REVOKED', completed_at: now.toISOString(), record_sha256: recordSha256(toRevocationRecord(decision)) }
    await recordActionChange(tx, principal, changed, { ...facts, ...event }, input)
    return null
  })
  if (refusal) throw refusal
  return presentExternalAction(deps, deps.db, principal, params.action_id)
}

import { recordSha256 } from '@autopack/approval-proof/evidence-records'
import type { ExternalAction } from '@autopack/contract/external-actions'
import type { resolveExternalAction } from '@autopack/contract/operator-actions'
import type { ProblemCode } from '@autopack/contract/problems'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import { recordAudit } from '../../audit/record-audit.ts'
import type { Deps } from '../../deps.ts'
import {
  changeAction,
  findWholeExecution,
  getRevision,
  insertResolution,
  listDecisions,
  lockOperator,
  lockVisibleAction,
} from '../../ledger/action-rows.ts'
import { settleReservations } from '../../ledger/cap-rows.ts'
import { findControlState } from '../../ledger/control-rows.ts'
import { toUtcDay } from '../../ledger/daily-caps.ts'
import { toEffectiveControl } from '../../ledger/effective-control.ts'
import { recordActionChange, toActionFacts } from '../../ledger/record-action-change.ts'
import { toSpendSnapshot } from '../../ledger/spend-snapshot.ts'
import { toResolutionRecord } from '../../ledger/to-evidence-records.ts'
import { AuditedRefusal } from '../../shared/audited-refusal.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { canResolve } from './can-resolve.ts'
import { presentExternalAction } from './present-external-action.ts'

/**
 * Takes a person's word for what came of an execution that ended UNKNOWN, once. `completed` spends what was reserved. `failed` leaves it
 * reserved: only an executor that provably sent nothing frees room under a cap, a look at the provider never does.
 */
export async function resolveAction(deps: Deps, input: RouteInput<typeof resolveExternalAction, OperatorPrincipal>): Promise<ExternalAction> {
  const { principal, body, params } = input
  const refusal = await deps.db.transaction(async (tx): Promise<AuditedRefusal | null> => {
    const action = await lockVisibleAction(tx, principal, params.action_id)
    if (!action) throw new ProblemError('not_found', 'There is no such action, or you may not see it.')
    const operator = await lockOperator(tx, principal.operatorId)
    if (!operator) throw new ProblemError('operator_disabled', 'You are not known here any more.')
    const now = await readClock(tx, deps.now)
    const revision = await getRevision(tx, action)
    const found = await findWholeExecution(tx, action.action_id, action.revision)
    const decisions = (await listDecisions(tx, action.action_id)).filter(
      ({ revision: about, kind }) => about === action.revision && kind === 'approve',
    )
    const facts = {
      ...toActionFacts(action, revision),
      reason: body.reason,
      approved_by: decisions.map(({ operator_id }) => operator_id),
      executed_at: found?.execution.claimed_at.toISOString() ?? null,
      external_object_id: body.external_object_id ?? found?.outcome?.external_object_id ?? null,
    }

    const refuse = async (code: ProblemCode, detail: string, extra: ProblemError['extra'] = {}) => {
      const event_type = 'external_action.resolve_refused'
      await recordAudit(tx, principal, { ...facts, event_type, result_status: 'refused', error_code: code, error_summary: detail }, input)
      return new AuditedRefusal(code, detail, extra)
    }

    const resolution = found?.resolution ?? null
    const may = canResolve({ operator, action, resolution })
    if (!may.allowed) return refuse(may.code, may.detail, toWhoLooked(resolution))
    if (found === null) throw new Error(`action ${action.action_id} is UNKNOWN without an execution`)
    if (body.execution_id !== found.execution.execution_id) {
      return refuse('stale_revision', 'That is not the execution whose outcome is unknown here. Reload, and look at the one that is shown.')
    }

    const written = await insertResolution(tx, {
      execution_id: found.execution.execution_id,
      outcome: body.outcome,
      looked_at: body.looked_at,
      reason: body.reason,
      external_object_id: body.external_object_id ?? null,
      operator_id: operator.operator_id,
      operator_role: operator.role,
      sid_hash: principal.sidHash,
      amr: [...principal.amr],
      request_id: input.requestId,
      resolved_at: now,
    })
    const completed = body.outcome === 'completed'
    const changed = await changeAction(tx, action, { state: completed ? 'COMPLETED' : 'FAILED', at: now })
    if (completed) await settleReservations(tx, found.execution.execution_id, 'used')
    const live = revision.mode === 'live'
    await recordActionChange(
      tx,
      principal,
      changed,
      {
        ...facts,
        event_type: 'external_action.resolved',
        result_status: changed.state,
        completed_at: now.toISOString(),
        reason: `${body.reason} Looked at: ${body.looked_at}`,
        idempotency_key: found.execution.idempotency_key,
        record_sha256: recordSha256(toResolutionRecord(written)),
        spend_snapshot: await toSpendSnapshot(tx, toEffectiveControl(await findControlState(tx), deps.settings.ceiling), revision, {
          day: toUtcDay(found.execution.claimed_at),
          reserved: live && !completed,
          spent: live && completed,
        }),
      },
      input,
    )
    return null
  })
  if (refusal) throw refusal
  return presentExternalAction(deps, deps.db, principal, params.action_id)
}

function toWhoLooked(resolution: { operator_id: string; name: string; outcome: string; resolved_at: Date } | null): ProblemError['extra'] {
  if (resolution === null) return {}
  const { operator_id, name, outcome, resolved_at } = resolution
  return { decided_by: { operator_id, name }, decided_at: resolved_at.toISOString(), decision_kind: outcome }
}

import { recordSha256 } from '@autopack/approval-proof/evidence-records'
import type { ExecutorAction, reviseExternalAction } from '@autopack/contract/executor-actions'
import { pendingActionsPerExecutor, revisionsPerAction } from '@autopack/contract/limits'
import type { ProblemCode } from '@autopack/contract/problems'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import { recordAudit } from '../../audit/record-audit.ts'
import type { Deps } from '../../deps.ts'
import {
  changeAction,
  countPending,
  findAuthorization,
  findRevision,
  findStartedBy,
  getRevision,
  insertRevision,
  listSlots,
  lockExecutor,
  lockOwnAction,
} from '../../ledger/action-rows.ts'
import { toSwitchSnapshot } from '../../ledger/effective-control.ts'
import { recordActionChange, toActionFacts } from '../../ledger/record-action-change.ts'
import { toRevisionRecord } from '../../ledger/to-evidence-records.ts'
import { AuditedRefusal } from '../../shared/audited-refusal.ts'
import type { ExecutorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { authorizeByPolicy, toGrantFacts } from './authorize-by-policy.ts'
import { expireAction } from './expire-action.ts'
import { actionNotFound, presentExecutorAction } from './present-executor-action.ts'
import { draftRevision, readProposal } from './read-proposal.ts'

/**
 * Replaces the payload of an own action that was not claimed. The new revision has its own slots and deadlines; whatever people decided
 * about an earlier one never counts again, even if its bytes come back (I-7). The same text after the same revision is the same edit,
 * however often it is sent. It stays the same kind of action at the same provider, live or dry as before.
 */
export async function reviseAction(deps: Deps, input: RouteInput<typeof reviseExternalAction, ExecutorPrincipal>): Promise<ExecutorAction> {
  const { principal, params, body } = input
  const proposal = readProposal(body)
  const refusal = await deps.db.transaction(async (tx): Promise<AuditedRefusal | null> => {
    // As a proposal does: an approved action that becomes pending again counts among those that wait.
    await lockExecutor(tx, principal.executorId)
    const action = await lockOwnAction(tx, principal.executorId, params.action_id)
    if (!action) throw actionNotFound()
    const now = await readClock(tx, deps.now)
    const before = await getRevision(tx, action)
    const authorization = await findAuthorization(tx, action.action_id, action.revision)

    const refuse = async (code: ProblemCode, detail: string, extra: ProblemError['extra'] = {}) => {
      if (code === 'expired' && action.state !== 'EXPIRED') await expireAction(tx, action, before, now, input)
      const event = { event_type: 'external_action.revision_refused' as const, result_status: 'refused', error_code: code, error_summary: detail }
      await recordAudit(tx, principal, { ...toActionFacts(action, before), ...event }, input)
      return new AuditedRefusal(code, detail, extra)
    }

    if (proposal instanceof ProblemError) return refuse(proposal.code, proposal.detail, proposal.extra)
    const same = await findRevision(tx, action.action_id, body.after_revision + 1)
    if (same !== null && same.payload.equals(proposal.bytes) && same.escalated === proposal.escalated) return null
    if (action.state === 'EXPIRED') return refuse('expired', 'The action expired; propose it again.')
    if (action.state !== 'PENDING' && action.state !== 'APPROVED') {
      return refuse('not_open', `The action is ${action.state}; it can no longer be changed. Propose another one.`)
    }
    const endsAt = action.state === 'APPROVED' && authorization !== null ? authorization.execute_by : before.decide_by
    if (now >= endsAt) return refuse('expired', 'The time of this action is over; propose it again.')
    if (body.after_revision !== action.revision) {
      return refuse('stale_revision', `Revision ${action.revision} is in force; read it, and say again what is to replace it.`, {
        current_revision: action.revision,
      })
    }
    const { provider, operation, mode } = proposal.payload
    if (provider !== before.provider || operation !== before.operation || mode !== before.mode) {
      const detail = `An edit stays ${before.provider}.${before.operation}, ${before.mode}. Cancel this action, and propose the other one.`
      return refuse('policy_mismatch', detail)
    }
    if (action.revision >= revisionsPerAction) {
      return refuse('not_open', `This action has ${revisionsPerAction} revisions already. Cancel it, and propose another one.`)
    }
    const draft = await draftRevision(deps, tx, proposal, action, now)
    if (draft.over_grant !== null) return refuse('cap_reached', draft.over_grant)
    const granted = proposal.policy.grant !== null
    if (action.state === 'APPROVED' && !granted && (await countPending(tx, principal.executorId)) >= pendingActionsPerExecutor) {
      const detail = `${pendingActionsPerExecutor} proposals of this executor wait for a person already. Wait for decisions, or cancel some.`
      return refuse('too_many_pending', detail, { retryAfterSeconds: 60 })
    }

    const revision = await insertRevision(
      tx,
      { ...draft.columns, action_id: action.action_id, revision: action.revision + 1 },
      draft.slots,
      draft.descriptor,
    )
    const record = toRevisionRecord(revision, {
      requested_by: { executor_id: principal.executorId, name: principal.name },
      started_by: await findStartedBy(tx, action.run_id),
      slots: await listSlots(tx, action.action_id, revision.revision),
    })
    const edited = await changeAction(tx, action, { state: 'PENDING', at: now, revision: revision.revision, not_before: null })
    const changed = granted ? await authorizeByPolicy(tx, edited, revision, now) : edited
    await recordActionChange(
      tx,
      principal,
      changed,
      {
        ...toActionFacts(changed, revision),
        event_type: 'external_action.revised' as const,
        result_status: changed.state,
        ...(granted ? toGrantFacts(revision, now) : {}),
        kill_switch_snapshot: toSwitchSnapshot(draft.control),
        record_sha256: recordSha256(record),
      },
      input,
    )
    return null
  })
  if (refusal) throw refusal
  return presentExecutorAction(deps.db, principal, params.action_id)
}

import { createHash, randomUUID } from 'node:crypto'
import { recordSha256 } from '@autopack/approval-proof/evidence-records'
import type { ExecutorAction, proposeExternalAction } from '@autopack/contract/executor-actions'
import { pendingActionsPerExecutor } from '@autopack/contract/limits'
import type { ProblemCode } from '@autopack/contract/problems'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import { recordAudit } from '../../audit/record-audit.ts'
import type { Deps } from '../../deps.ts'
import { countPending, findActionByKey, findStartedBy, insertAction, insertRevision, listSlots, lockExecutor } from '../../ledger/action-rows.ts'
import { toSwitchSnapshot } from '../../ledger/effective-control.ts'
import { recordActionChange, toActionFacts } from '../../ledger/record-action-change.ts'
import { toRevisionRecord } from '../../ledger/to-evidence-records.ts'
import { AuditedRefusal } from '../../shared/audited-refusal.ts'
import type { ExecutorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { isEnded } from '../../shared/run-state.ts'
import { lockRunOfExecutor } from '../../shared/touch-run.ts'
import { authorizeByPolicy, toGrantFacts } from './authorize-by-policy.ts'
import { presentExecutorAction } from './present-executor-action.ts'
import { draftRevision, readProposal, toProposalFacts } from './read-proposal.ts'

/**
 * Takes a proposal as it is: the bytes are stored as received, and everything a person or a claim will rely on is computed from them.
 * Allowed whatever the switches say; what stands in the way becomes a finding. The same Idempotency-Key finds the same action.
 * What its grant covers is approved at once, in the same transaction; what is over its grant is refused `cap_reached`. A refusal says which
 * proposal it was, in the audit log: rates and the limits of texts keep a flood from filling it.
 */
export async function proposeAction(deps: Deps, input: RouteInput<typeof proposeExternalAction, ExecutorPrincipal>): Promise<ExecutorAction> {
  const { principal, body } = input
  const proposal = readProposal(body)
  const idempotencyKey = input.idempotencyKey!
  const proposalSha256 = createHash('sha256').update(input.bodyBytes).digest()

  const result = await deps.db.transaction(async (tx): Promise<string | AuditedRefusal> => {
    /** `run` once it is known to be the executor's own: who owns a run sees what is recorded about it. */
    const refuse = async (code: ProblemCode, detail: string, extra: ProblemError['extra'] = {}, run: { run_id: string } | null = null) => {
      const facts = { ...toProposalFacts(proposal), requested_by: principal.executorId, idempotency_key: idempotencyKey, run_id: run?.run_id ?? null }
      const event = { event_type: 'external_action.proposal_refused' as const, result_status: 'refused', error_code: code, error_summary: detail }
      await recordAudit(tx, principal, { ...facts, ...event }, input)
      return new AuditedRefusal(code, detail, extra)
    }

    if (proposal instanceof ProblemError) return refuse(proposal.code, proposal.detail, proposal.extra)
    if (body.claimed_tier !== undefined && body.claimed_tier !== proposal.policy.tier) {
      return refuse('policy_mismatch', `The policy says tier ${proposal.policy.tier}, you claimed tier ${body.claimed_tier}.`)
    }
    await lockExecutor(tx, principal.executorId)
    const repeated = await findActionByKey(tx, principal.executorId, idempotencyKey)
    if (repeated) {
      if (repeated.proposal_sha256.equals(proposalSha256)) return repeated.action_id
      return refuse('idempotency_key_reused', 'This Idempotency-Key was used for a different proposal. Send a new key for a new proposal.')
    }
    const granted = proposal.policy.grant !== null
    if (!granted && (await countPending(tx, principal.executorId)) >= pendingActionsPerExecutor) {
      const detail = `${pendingActionsPerExecutor} proposals of this executor wait for a person already. Wait for decisions, or cancel some.`
      return refuse('too_many_pending', detail, { retryAfterSeconds: 60 })
    }
    if (body.run_id !== undefined) {
      const run = await lockRunOfExecutor(tx, principal.executorId, body.run_id)
      if (isEnded(run.state)) return refuse('run_closed', 'This run has ended; nothing can be proposed in it any more.', {}, { run_id: body.run_id })
    }

    const now = await readClock(tx, deps.now)
    const draft = await draftRevision(deps, tx, proposal, { run_id: body.run_id ?? null, executor_id: principal.executorId }, now)
    if (draft.over_grant !== null) return refuse('cap_reached', draft.over_grant, {}, body.run_id === undefined ? null : { run_id: body.run_id })

    const action = await insertAction(tx, {
      action_id: `act_${randomUUID()}`,
      executor_id: principal.executorId,
      run_id: body.run_id ?? null,
      phase_id: body.phase_id ?? null,
      requested_at: now,
      requested_key_id: principal.keyId,
      state_since: now,
      idempotency_key: idempotencyKey,
      proposal_sha256: proposalSha256,
    })
    const revision = await insertRevision(tx, { ...draft.columns, action_id: action.action_id, revision: 1 }, draft.slots, draft.descriptor)
    const record = toRevisionRecord(revision, {
      requested_by: { executor_id: principal.executorId, name: principal.name },
      started_by: await findStartedBy(tx, action.run_id),
      slots: await listSlots(tx, action.action_id, revision.revision),
    })
    const changed = granted ? await authorizeByPolicy(tx, action, revision, now) : action
    await recordActionChange(
      tx,
      principal,
      changed,
      {
        ...toActionFacts(changed, revision),
        event_type: 'external_action.proposed' as const,
        result_status: granted ? 'APPROVED' : 'ok',
        ...(granted ? toGrantFacts(revision, now) : {}),
        idempotency_key: idempotencyKey,
        kill_switch_snapshot: toSwitchSnapshot(draft.control),
        record_sha256: recordSha256(record),
      },
      input,
    )
    return action.action_id
  })
  if (result instanceof AuditedRefusal) throw result
  return presentExecutorAction(deps.db, principal, result)
}

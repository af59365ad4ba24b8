import { createHash, randomUUID } from 'node:crypto'
import { descriptorSha256, findDescriptor } from '@autopack/action-catalog/catalog'
import { readPayload } from '@autopack/approval-proof/payload'
import { computePolicy } from '@autopack/approval-proof/policy'
import { renderAction } from '@autopack/approval-proof/render-action'
import type { ExecutorAction, proposeExternalAction } from '@autopack/contract/executor-actions'
import { pendingActionsPerExecutor } from '@autopack/contract/limits'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import type { Deps } from '../../deps.ts'
import { countPending, findActionByKey, insertAction, insertRevision, lockExecutor } from '../../ledger/action-rows.ts'
import { findControlState, listCapUse } from '../../ledger/control-rows.ts'
import { addCapUse, listDailyCaps, toUtcDay } from '../../ledger/daily-caps.ts'
import { toEffectiveControl, toSwitchSnapshot } from '../../ledger/effective-control.ts'
import { listFindings } from '../../ledger/list-findings.ts'
import { recordActionChange, toActionFacts } from '../../ledger/record-action-change.ts'
import type { ExecutorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { isEnded } from '../../shared/run-state.ts'
import { lockRunOfExecutor } from '../../shared/touch-run.ts'
import { presentExecutorAction } from './present-executor-action.ts'

/**
 * Takes a proposal as it is: the bytes are stored as received, and everything a person or a claim will rely on is computed from them.
 * Allowed whatever the switches say; what stands in the way becomes a finding. The same Idempotency-Key finds the same action.
 */
export async function proposeAction(deps: Deps, input: RouteInput<typeof proposeExternalAction, ExecutorPrincipal>): Promise<ExecutorAction> {
  const { principal, body } = input
  const read = readPayload(body.payload)
  if (!read.ok) {
    const at = read.offset === null ? read.at : `offset ${read.offset}`
    throw new ProblemError('payload_not_canonical', `${read.detail} (${read.rule} at ${at === '' ? 'the top' : at})`, { rule: read.rule, at })
  }
  const { payload } = read
  if (body.payload_hash !== undefined && body.payload_hash !== read.hash) {
    throw new ProblemError(
      'hash_mismatch',
      `These bytes hash to ${read.hash}, you said ${body.payload_hash}. The text changed on the way, or was hashed differently.`,
    )
  }
  const descriptor = findDescriptor(payload.provider, payload.operation) ?? null
  const policy = computePolicy(payload, descriptor)
  const rendered = renderAction(payload, descriptor)
  if (body.claimed_tier !== undefined && body.claimed_tier !== policy.tier) {
    throw new ProblemError('policy_mismatch', `The policy says tier ${policy.tier}, you claimed tier ${body.claimed_tier}.`)
  }
  const idempotencyKey = input.idempotencyKey!
  const proposalSha256 = createHash('sha256').update(input.bodyBytes).digest()

  const actionId = await deps.db.transaction(async (tx) => {
    await lockExecutor(tx, principal.executorId)
    const repeated = await findActionByKey(tx, principal.executorId, idempotencyKey)
    if (repeated) {
      if (repeated.proposal_sha256.equals(proposalSha256)) return repeated.action_id
      throw new ProblemError('idempotency_key_reused', 'This Idempotency-Key was used for a different proposal. Send a new key for a new proposal.')
    }
    if ((await countPending(tx, principal.executorId)) >= pendingActionsPerExecutor) {
      const detail = `${pendingActionsPerExecutor} proposals of this executor wait for a person already. Wait for decisions, or cancel some.`
      throw new ProblemError('too_many_pending', detail, { retryAfterSeconds: 60 })
    }
    if (body.run_id !== undefined) {
      const run = await lockRunOfExecutor(tx, principal.executorId, body.run_id)
      if (isEnded(run.state)) throw new ProblemError('run_closed', 'This run has ended; nothing can be proposed in it any more.')
    }

    const now = await readClock(tx, deps.now)
    const control = toEffectiveControl(await findControlState(tx), deps.settings.ceiling)
    const caps = addCapUse(listDailyCaps(control, descriptor, policy.cost), await listCapUse(tx, toUtcDay(now)))
    const findings = listFindings({
      action: {
        mode: payload.mode,
        tier: policy.tier,
        provider: payload.provider,
        kill_switch: policy.kill_switch,
        run_id: body.run_id ?? null,
        executor_id: principal.executorId,
      },
      policy,
      described: descriptor !== null,
      control,
      embedded: deps.database.kind === 'embedded',
      caps,
    })

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
    const revision = await insertRevision(
      tx,
      {
        action_id: action.action_id,
        revision: 1,
        payload: Buffer.from(read.bytes),
        tier: policy.tier,
        kill_switch: policy.kill_switch,
        descriptor_id: descriptor?.id ?? null,
        descriptor_version: descriptor?.version ?? null,
        descriptor_sha256: descriptor === null ? null : Buffer.from(descriptorSha256(descriptor), 'hex'),
        risk_score: policy.risk.score,
        risk_level: policy.risk.level,
        risk_contributions: policy.risk.contributions,
        coverage_explained: policy.coverage.explained,
        coverage_present: policy.coverage.present,
        blind: policy.blind,
        title: rendered.title,
        sentence: rendered.sentence_text,
        target_text: policy.target_text,
        findings,
        decide_by: new Date(now.getTime() + policy.approval.decide_within_seconds * 1_000),
        execute_within_seconds: policy.approval.execute_within_seconds,
        hold_seconds: policy.approval.hold_seconds,
        created_at: now,
      },
      policy.approval.all_of.map(({ role, count }) => Array.from({ length: count }, () => role)),
    )
    await recordActionChange(
      tx,
      principal,
      action,
      {
        ...toActionFacts(action, revision),
        event_type: 'external_action.proposed',
        result_status: 'ok',
        idempotency_key: idempotencyKey,
        kill_switch_snapshot: toSwitchSnapshot(control),
      },
      input,
    )
    return action.action_id
  })
  return presentExecutorAction(deps.db, principal, actionId)
}

import { createHash, randomUUID } from 'node:crypto'
import { findDescriptor } from '@autopack/action-catalog/catalog'
import { descriptorSha256 } from '@autopack/action-catalog/descriptor-sha256'
import { encodeRequest } from '@autopack/approval-proof/encode-request'
import { recordSha256 } from '@autopack/approval-proof/evidence-records'
import { findGrantRefusal } from '@autopack/approval-proof/find-grant-refusal'
import { readPayload } from '@autopack/approval-proof/payload'
import type { ReadPayload } from '@autopack/approval-proof/payload'
import { computePolicy } from '@autopack/approval-proof/policy'
import type { claimExternalAction } from '@autopack/contract/executor-actions'
import { leaseMs } from '@autopack/contract/limits'
import type { ProblemCode } from '@autopack/contract/problems'
import type { AnswerOf } from '@autopack/contract/route'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import { readLatestAuditMoment, recordAudit } from '../../audit/record-audit.ts'
import type { Deps } from '../../deps.ts'
import {
  changeAction,
  findAuthorization,
  findExecution,
  findExecutionByKey,
  getRevision,
  insertExecution,
  lockExecutor,
  lockOwnAction,
} from '../../ledger/action-rows.ts'
import type { ActionRow, ExecutionRow, RevisionRow } from '../../ledger/action-rows.ts'
import { lockCaps, reserveCaps } from '../../ledger/cap-rows.ts'
import { lockControl } from '../../ledger/control-rows.ts'
import { findCapRefusal, listDailyCaps, listGrantCaps, sortCaps, toUtcDay } from '../../ledger/daily-caps.ts'
import { findControlRefusal, toEffectiveControl, toSwitchSnapshot } from '../../ledger/effective-control.ts'
import { recordActionChange, toActionFacts } from '../../ledger/record-action-change.ts'
import { toSpendSnapshot } from '../../ledger/spend-snapshot.ts'
import { toClaimRecord } from '../../ledger/to-evidence-records.ts'
import { toApprovalStepUp } from '../../ledger/approval-step-up.ts'
import { AuditedRefusal } from '../../shared/audited-refusal.ts'
import { findClockRefusal } from '../../shared/find-clock-refusal.ts'
import type { ExecutorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { toGrantFacts } from './authorize-by-policy.ts'
import { expireAction } from './expire-action.ts'
import { findApprovers } from './find-approvers.ts'
import { actionNotFound } from './present-executor-action.ts'

type Claim = AnswerOf<typeof claimExternalAction>

/**
 * Hands an approved action out, once: control, state, time, bytes, policy, people and caps are all read again under locks, in the order
 * control → action → caps → run → audit. The same Idempotency-Key within the lease gets the same execution again, if control still lets
 * it out, and is told its fence if not; everything else gets a typed refusal whose audit event is committed.
 */
export async function claimAction(deps: Deps, input: RouteInput<typeof claimExternalAction, ExecutorPrincipal>): Promise<Claim> {
  const { principal, body, params } = input
  const idempotencyKey = input.idempotencyKey!
  const result = await deps.db.transaction(async (tx): Promise<Claim | AuditedRefusal> => {
    const control = toEffectiveControl(await lockControl(tx), deps.settings.ceiling)
    // One claim of an executor after the other: an Idempotency-Key that is used twice at once is found, not collided with.
    await lockExecutor(tx, principal.executorId)
    const action = await lockOwnAction(tx, principal.executorId, params.action_id)
    if (!action) throw actionNotFound()
    // Before the clock: what is recorded while this waits between the two is later, and no sign of a clock that was moved back.
    const latestAudit = await readLatestAuditMoment(tx)
    const now = await readClock(tx, deps.now)
    const revision = await getRevision(tx, action)
    const authorization = await findAuthorization(tx, action.action_id, action.revision)
    const facts = { ...toActionFacts(action, revision), kill_switch_snapshot: toSwitchSnapshot(control), idempotency_key: idempotencyKey }

    const refuse = async (code: ProblemCode, detail: string, extra: ProblemError['extra'] = {}) => {
      if (code === 'expired' && action.state === 'APPROVED') await expireAction(tx, action, revision, now, input)
      const event_type = 'external_action.claim_refused'
      await recordAudit(tx, principal, { ...facts, event_type, result_status: 'refused', error_code: code, error_summary: detail }, input)
      return new AuditedRefusal(code, detail, extra)
    }

    const clock = findClockRefusal(now, latestAudit)
    if (clock !== null) return refuse('clock_moved_back', clock)
    const earlier = await findExecutionByKey(tx, principal.executorId, idempotencyKey)
    const same =
      earlier?.action_id === action.action_id && earlier.revision === body.revision && earlier.payload_sha256.toString('hex') === body.payload_hash
    const holds = same && action.state === 'EXECUTING' && action.fence === earlier.fence && action.lease_until! > now

    const stopped = findControlRefusal(control, { ...revision, ...action }, deps.database.kind === 'embedded')
    // Whoever asks again may never have read the first answer; told what it holds, it can report that nothing was sent.
    if (stopped) return refuse(stopped.code, stopped.detail, holds ? { execution_id: earlier.execution_id, fence: earlier.fence } : {})

    if (earlier) {
      if (!same) return refuse('idempotency_key_reused', 'This Idempotency-Key was used for a different claim. Send a new key for a new thing.')
      if (holds) return toClaim(action, revision, earlier)
      return refuse('already_claimed', 'This was claimed with the same key before, and its lease is over. It is never handed out twice.')
    }

    if (action.state === 'EXPIRED') return refuse('expired', 'The action expired; propose it again.')
    if (action.state !== 'APPROVED' || !authorization) {
      const claimed = await findExecution(tx, action.action_id, action.revision)
      if (claimed) return refuse('already_claimed', 'This revision was claimed before. It is never handed out twice.')
      return refuse('not_approved', `The action is ${action.state}, not APPROVED.`)
    }
    if (now >= authorization.execute_by) return refuse('expired', 'The time to execute is over; propose the action again.')
    if (action.not_before !== null && now < action.not_before) {
      const retryAfterSeconds = (action.not_before.getTime() - now.getTime()) / 1_000
      return refuse('in_hold', `The launch hold runs until ${action.not_before.toISOString()}.`, { retryAfterSeconds })
    }

    if (body.revision !== action.revision) {
      return refuse('stale_revision', `Revision ${action.revision} is in force.`, { current_revision: action.revision })
    }
    const read = readPayload(revision.payload)
    if (!read.ok || read.hash !== revision.payload_sha256.toString('hex') || read.hash !== body.payload_hash) {
      return refuse('hash_mismatch', 'The hash of the stored bytes, recomputed now, is not the one you named. Nothing is handed out.')
    }
    const difference = findPolicyDifference(read, revision)
    if (difference !== null) return refuse('policy_mismatch', difference)
    const descriptor = findDescriptor(read.payload.provider, read.payload.operation) ?? null
    const { grant, approval } = computePolicy(read.payload, descriptor, { escalated: revision.escalated })
    if (authorization.kind === 'policy') {
      const over = findGrantRefusal(read.payload, read.bytes.length, { grant })
      if (over !== null) return refuse('policy_mismatch', `The grant it was approved on does not cover it. ${over}`)
    }
    const people =
      authorization.kind === 'people' ? await findApprovers(tx, action, revision, approval.all_of, toApprovalStepUp(deps.settings, revision)) : []
    if (typeof people === 'string') return refuse('policy_mismatch', `${people} Propose it again.`)

    const day = toUtcDay(now)
    const listed = sortCaps([...listDailyCaps(control, descriptor, read.payload.cost), ...listGrantCaps(descriptor, grant, read.payload.cost)])
    const caps = read.payload.mode === 'dry_run' ? [] : await lockCaps(tx, day, listed)
    const full = findCapRefusal(caps)
    if (full !== null) return refuse('cap_reached', full)

    const changed = await changeAction(tx, action, {
      state: 'EXECUTING',
      at: now,
      fence: action.fence + 1,
      lease_until: new Date(now.getTime() + leaseMs),
    })
    const execution = await insertExecution(tx, {
      action_id: action.action_id,
      revision: action.revision,
      payload_sha256: revision.payload_sha256,
      execution_id: `exe_${randomUUID()}`,
      fence: changed.fence,
      executor_id: principal.executorId,
      key_id: principal.keyId,
      idempotency_key: idempotencyKey,
      claimed_at: now,
      expected_sha256: createHash('sha256').update(encodeRequest(read.payload, descriptor)).digest(),
    })
    await reserveCaps(tx, execution.execution_id, day, caps)
    const spend_snapshot = await toSpendSnapshot(tx, control, revision, { day, reserved: caps.length > 0, spent: false })
    const event = {
      event_type: 'external_action.claimed' as const,
      result_status: 'EXECUTING',
      approved_by: people,
      approved_at: authorization.authorized_at.toISOString(),
      ...(authorization.kind === 'policy' ? toGrantFacts(revision, authorization.authorized_at) : {}),
      executed_at: now.toISOString(),
      spend_snapshot,
      record_sha256: recordSha256(toClaimRecord(execution, authorization)),
    }
    await recordActionChange(tx, principal, changed, { ...facts, ...event }, input)
    return toClaim(changed, revision, execution)
  })
  if (result instanceof ProblemError) throw result
  return result
}

function toClaim(action: ActionRow, revision: RevisionRow, execution: ExecutionRow): Claim {
  return {
    action_id: action.action_id,
    execution_id: execution.execution_id,
    fence: execution.fence,
    revision: execution.revision,
    payload: revision.payload.toString('utf8'),
    payload_hash: execution.payload_sha256.toString('hex'),
    mode: revision.mode,
    lease_until: action.lease_until!.toISOString(),
  }
}

/** What policy says of the bytes now, against what was stored when people decided; null when nothing differs. */
function findPolicyDifference(read: ReadPayload, revision: RevisionRow): string | null {
  const { payload } = read
  const descriptor = findDescriptor(payload.provider, payload.operation) ?? null
  const policy = computePolicy(payload, descriptor, { escalated: revision.escalated })
  const described = descriptor === null ? null : descriptorSha256(descriptor)
  if (described !== (revision.descriptor_sha256?.toString('hex') ?? null)) {
    return 'This kind of action is described differently now than when it was approved. Propose it again.'
  }
  const same =
    policy.tier === revision.tier &&
    policy.kill_switch === revision.kill_switch &&
    policy.blind === revision.blind &&
    policy.target_text === revision.target_text &&
    payload.mode === revision.mode &&
    payload.provider === revision.provider &&
    payload.operation === revision.operation &&
    (payload.cost?.amount_minor ?? null) === revision.cost_amount_minor &&
    (payload.cost?.currency ?? null) === revision.cost_currency
  return same ? null : 'What is stored with this revision is not what policy says of its bytes. Nothing is handed out.'
}

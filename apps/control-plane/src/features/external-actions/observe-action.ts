import { findDescriptor } from '@autopack/action-catalog/catalog'
import { descriptorSha256 } from '@autopack/action-catalog/descriptor-sha256'
import { recordSha256 } from '@autopack/approval-proof/evidence-records'
import { readPayload } from '@autopack/approval-proof/payload'
import type { ExecutorAction, observeExternalAction } from '@autopack/contract/executor-actions'
import { observationsPerExecution, observedBytesPerExecution } from '@autopack/contract/limits'
import type { ProblemCode } from '@autopack/contract/problems'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import type { ProblemError } from '@autopack/server-kit/problem-error'
import { recordAudit } from '../../audit/record-audit.ts'
import type { Deps } from '../../deps.ts'
import { changeAction, findWholeExecution, getRevision, insertObservation, lockOwnAction, sumObservedBytes } from '../../ledger/action-rows.ts'
import type { FoundExecution, RevisionRow } from '../../ledger/action-rows.ts'
import { recordActionChange, toActionFacts } from '../../ledger/record-action-change.ts'
import { toObservationRecord } from '../../ledger/to-evidence-records.ts'
import { AuditedRefusal } from '../../shared/audited-refusal.ts'
import type { ExecutorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { compareObserved } from './compare-observed.ts'
import type { Comparison } from './compare-observed.ts'
import { actionNotFound, presentExecutorAction } from './present-executor-action.ts'

/**
 * Takes the effect as its executor read it back at the provider, and says whether it is what was approved. As often as somebody looks, up
 * to a bound; the newest counts, and the same again adds nothing. It never changes the state: what was approved and sent stays so.
 */
export async function observeAction(deps: Deps, input: RouteInput<typeof observeExternalAction, ExecutorPrincipal>): Promise<ExecutorAction> {
  const { principal, params, body } = input
  const refusal = await deps.db.transaction(async (tx): Promise<AuditedRefusal | null> => {
    const action = await lockOwnAction(tx, principal.executorId, params.action_id)
    if (!action) throw actionNotFound()
    const now = await readClock(tx, deps.now)
    const revision = await getRevision(tx, action)
    const found = await findWholeExecution(tx, action.action_id, action.revision)
    const facts = { ...toActionFacts(action, revision), executed_at: found?.execution.claimed_at.toISOString() ?? null }

    const refuse = async (code: ProblemCode, detail: string, extra: ProblemError['extra'] = {}) => {
      const event = { event_type: 'external_action.observation_refused' as const, result_status: 'refused', error_code: code, error_summary: detail }
      await recordAudit(tx, principal, { ...facts, ...event }, input)
      return new AuditedRefusal(code, detail, extra)
    }

    if (found === null) return refuse('not_executing', `The action is ${action.state}; it was never claimed, so it has no effect to read back.`)
    if (found.execution.fence !== body.fence) return refuse('stale_fence', `Fence ${found.execution.fence} is in force.`)
    if (!mayHaveAnEffect(found)) {
      return refuse('not_executing', `The action is ${action.state}; only what was sent, or may have been, has an effect to read back.`)
    }

    // PostgreSQL text holds no NUL, and no JSON text does either.
    const observed = body.observed?.replaceAll('\u0000', '\uFFFD').toWellFormed() ?? null
    const comparison = compareWithApproved(revision, observed)
    const detail = [comparison.why, body.detail?.toWellFormed()].filter((words) => words !== null && words !== undefined && words !== '').join(' ')
    const newest = found.observation
    if (newest !== null && newest.observed === observed && newest.result === comparison.result && (newest.detail ?? '') === detail) return null
    const observation_no = (newest?.observation_no ?? 0) + 1
    if (observation_no > observationsPerExecution) {
      return refuse('not_open', `This effect was read back ${observationsPerExecution} times; nothing more is recorded of it.`)
    }
    const bytes = observed === null ? 0 : Buffer.byteLength(JSON.stringify(observed))
    if ((await sumObservedBytes(tx, found.execution.execution_id)) + bytes > observedBytesPerExecution) {
      return refuse(
        'not_open',
        `What was read back of this effect would take more than ${observedBytesPerExecution} bytes; nothing more is recorded of it.`,
      )
    }

    const written = await insertObservation(tx, {
      execution_id: found.execution.execution_id,
      observation_no,
      result: comparison.result,
      observed,
      fields: comparison.fields,
      detail: detail === '' ? null : detail,
      observed_at: now,
      recorded_by: principal.executorId,
    })
    const changed = await changeAction(tx, action, { state: action.state, at: now })
    const different = comparison.fields.filter(({ same }) => same === false).map(({ label }) => label)
    const event = {
      event_type: 'external_action.observed' as const,
      result_status: comparison.result,
      external_object_id: found.resolution?.external_object_id ?? found.outcome?.external_object_id ?? null,
      completed_at: found.outcome?.finished_at.toISOString() ?? null,
      record_sha256: recordSha256(toObservationRecord(written)),
      error_summary: different.length > 0 ? `Not as approved: ${different.join(', ')}.` : comparison.why,
    }
    await recordActionChange(tx, principal, changed, { ...facts, ...event }, input)
    return null
  })
  if (refusal) throw refusal
  return presentExecutorAction(deps.db, principal, params.action_id)
}

/** It has ended, and nobody proved that nothing was sent. */
function mayHaveAnEffect({ outcome }: FoundExecution): boolean {
  if (outcome === null || outcome.outcome === 'simulated') return false
  return outcome.outcome !== 'failed' || outcome.sent !== 'no'
}

/** By the description under which it was approved: another one may look at other fields. */
function compareWithApproved(revision: RevisionRow, observed: string | null): Comparison {
  const read = readPayload(revision.payload)
  if (!read.ok) throw new Error(`the stored payload of ${revision.action_id} cannot be read: ${read.rule}`)
  const descriptor = findDescriptor(read.payload.provider, read.payload.operation) ?? null
  if (descriptor !== null && descriptorSha256(descriptor) !== revision.descriptor_sha256?.toString('hex')) {
    return { result: 'cannot_verify', fields: [], why: 'This kind of action is described differently now than when it was approved.' }
  }
  return compareObserved(read.payload, descriptor, observed)
}

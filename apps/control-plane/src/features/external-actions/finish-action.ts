import { createHash } from 'node:crypto'
import { findDescriptor } from '@autopack/action-catalog/catalog'
import { encodeRequest } from '@autopack/approval-proof/encode-request'
import { recordSha256 } from '@autopack/approval-proof/evidence-records'
import { readPayload } from '@autopack/approval-proof/payload'
import type { ExecutorAction, finishExternalAction } from '@autopack/contract/executor-actions'
import type { ProblemCode } from '@autopack/contract/problems'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import { recordAudit } from '../../audit/record-audit.ts'
import type { Deps } from '../../deps.ts'
import { changeAction, findAuthorization, findExecution, getRevision, insertOutcome, listDecisions, lockOwnAction } from '../../ledger/action-rows.ts'
import type { ActionRow, ExecutionRow, OutcomeRow, RevisionRow } from '../../ledger/action-rows.ts'
import { settleReservations } from '../../ledger/cap-rows.ts'
import { toUtcDay } from '../../ledger/daily-caps.ts'
import { recordActionChange, toActionFacts } from '../../ledger/record-action-change.ts'
import { toSpendSnapshot } from '../../ledger/spend-snapshot.ts'
import { toOutcomeRecord } from '../../ledger/to-evidence-records.ts'
import { findControlState } from '../../ledger/control-rows.ts'
import { toEffectiveControl } from '../../ledger/effective-control.ts'
import { AuditedRefusal } from '../../shared/audited-refusal.ts'
import type { ExecutorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { actionNotFound, presentExecutorAction } from './present-executor-action.ts'
import { resolveOutcome, toDisbelieved } from './resolve-outcome.ts'
import type { Outcome, Report } from './resolve-outcome.ts'

/**
 * Takes an executor's report of what happened, with the fence in force. COMPLETED needs the hash of exactly the bytes that were
 * approved; a report that does not match ends in UNKNOWN, and a hash of what was not sent is not kept. The same report again is answered as
 * the first; a report after the sweep gave up is refused, and the refusal is kept: a late report is what somebody who looks an outcome up
 * wants to know of.
 */
export async function finishAction(deps: Deps, input: RouteInput<typeof finishExternalAction, ExecutorPrincipal>): Promise<ExecutorAction> {
  const { principal, params } = input
  const { fence, ...said } = input.body
  // Of what was not sent there is no hash: one would make a receipt say that other bytes were sent.
  const report = said.sent === 'no' ? { ...said, sent_sha256: undefined } : said
  const refusal = await deps.db.transaction(async (tx): Promise<AuditedRefusal | null> => {
    const action = await lockOwnAction(tx, principal.executorId, params.action_id)
    if (!action) throw actionNotFound()
    const revision = await getRevision(tx, action)
    const found = await findExecution(tx, action.action_id, action.revision)
    const facts = {
      ...toActionFacts(action, revision),
      executed_at: found?.execution.claimed_at.toISOString() ?? null,
      idempotency_key: found?.execution.idempotency_key ?? null,
      external_object_id: report.external_object_id ?? null,
    }

    const refuse = async (code: ProblemCode, detail: string) => {
      const summary = `It said: ${report.outcome}, sent: ${report.sent}, fence ${fence}.`
      const event = {
        event_type: 'external_action.finish_refused' as const,
        result_status: 'refused',
        error_code: code,
        error_summary: `${detail} ${summary}`,
      }
      await recordAudit(tx, principal, { ...facts, ...event }, input)
      return new AuditedRefusal(code, detail)
    }

    if (!found) return refuse('not_executing', `The action is ${action.state}; it was never claimed.`)
    if (found.execution.fence !== fence) return refuse('stale_fence', `Fence ${found.execution.fence} is in force.`)

    const expected = encodeExpected(revision)
    // What was claimed and what is stored now encode to the same bytes, or nothing can be said about what was sent.
    const intact = expected.equals(found.execution.expected_sha256)
    const resolved = resolveOutcome(report, revision.mode, expected.toString('hex'))
    if (!resolved) return refuse('invalid_request', 'body outcome: completed needs sent: yes.')
    const outcome: Outcome = intact ? resolved : { ...toDisbelieved(report, 'policy_mismatch', brokenExpectation), reservation: 'kept' }
    if (action.state !== 'EXECUTING') {
      if (isRepetition(found.outcome, principal, report, outcome)) return null
      return refuse('not_executing', `The action is ${action.state} already; this report came too late to be believed. A person has to look.`)
    }

    const now = await readClock(tx, deps.now)
    const written = await insertOutcome(tx, toOutcomeRow(found.execution, principal, report, outcome, now))
    const changed = await changeAction(tx, action, { state: toState(outcome), at: now })
    if (outcome.reservation !== 'kept') await settleReservations(tx, found.execution.execution_id, outcome.reservation)

    const authorization = await findAuthorization(tx, action.action_id, action.revision)
    const decisions = (await listDecisions(tx, action.action_id)).filter(
      ({ revision: about, kind }) => about === action.revision && kind === 'approve',
    )
    const day = toUtcDay(found.execution.claimed_at)
    const live = revision.mode === 'live'
    await recordActionChange(
      tx,
      principal,
      changed,
      {
        ...facts,
        event_type: 'external_action.finished' as const,
        result_status: changed.state,
        approved_by: decisions.map(({ operator_id }) => operator_id),
        approved_at: authorization?.authorized_at.toISOString() ?? null,
        completed_at: now.toISOString(),
        error_code: outcome.error_code,
        error_summary: outcome.error_summary,
        record_sha256: recordSha256(toOutcomeRecord(written)),
        spend_snapshot: await toSpendSnapshot(tx, toEffectiveControl(await findControlState(tx), deps.settings.ceiling), revision, {
          day,
          reserved: live && outcome.reservation === 'kept',
          spent: live && outcome.reservation === 'used',
        }),
      },
      input,
    )
    return null
  })
  if (refusal) throw refusal
  return presentExecutorAction(deps.db, principal, params.action_id)
}

const brokenExpectation = 'The approved payload encodes to other bytes now than when it was claimed, so nobody can say what was sent.'

function encodeExpected(revision: RevisionRow): Buffer {
  const read = readPayload(revision.payload)
  if (!read.ok) throw new Error(`the stored payload of ${revision.action_id} cannot be read: ${read.rule}`)
  const descriptor = findDescriptor(read.payload.provider, read.payload.operation) ?? null
  return createHash('sha256').update(encodeRequest(read.payload, descriptor)).digest()
}

function toState(outcome: Outcome): ActionRow['state'] {
  const states = { completed: 'COMPLETED', failed: 'FAILED', unknown: 'UNKNOWN', simulated: 'SIMULATED' } as const
  return states[outcome.outcome]
}

function toOutcomeRow(execution: ExecutionRow, principal: ExecutorPrincipal, report: Report, outcome: Outcome, now: Date): OutcomeRow {
  return {
    execution_id: execution.execution_id,
    outcome: outcome.outcome,
    sent: report.sent,
    sent_sha256: report.sent_sha256 === undefined ? null : Buffer.from(report.sent_sha256, 'hex'),
    external_object_id: report.external_object_id ?? null,
    external_url: report.external_url ?? null,
    error_code: outcome.error_code,
    error_summary: outcome.error_summary,
    finished_at: now,
    recorded_by: principal.executorId,
  }
}

function isRepetition(stored: OutcomeRow | null, principal: ExecutorPrincipal, report: Report, outcome: Outcome): boolean {
  return (
    stored !== null &&
    stored.recorded_by === principal.executorId &&
    stored.outcome === outcome.outcome &&
    stored.sent === report.sent &&
    (stored.sent_sha256?.toString('hex') ?? null) === (report.sent_sha256 ?? null) &&
    stored.external_object_id === (report.external_object_id ?? null) &&
    stored.external_url === (report.external_url ?? null) &&
    stored.error_code === outcome.error_code &&
    stored.error_summary === outcome.error_summary
  )
}

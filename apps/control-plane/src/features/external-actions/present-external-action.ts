import { findDescriptor } from '@autopack/action-catalog/catalog'
import { compareTarget } from '@autopack/approval-proof/compare-target'
import { isDeceptionCode } from '@autopack/approval-proof/find-deceptions'
import { readPayload } from '@autopack/approval-proof/payload'
import { computePolicy } from '@autopack/approval-proof/policy'
import { seal } from '@autopack/approval-proof/seal'
import { externalActionSchema } from '@autopack/contract/external-actions'
import type { ExternalAction } from '@autopack/contract/external-actions'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Queryable } from '@autopack/server-kit/open-database'
import * as z from 'zod/mini'
import type { Deps } from '../../deps.ts'
import {
  countLargestQuorum,
  findAuthorization,
  findStartedBy,
  findWholeExecution,
  getRevision,
  isVisible,
  listDecisions,
  listRevisions,
  listSlots,
} from '../../ledger/action-rows.ts'
import type { DecisionRow, RevisionRow, SlotRow } from '../../ledger/action-rows.ts'
import { findControlState, listCapUse } from '../../ledger/control-rows.ts'
import { addCapUse, listDailyCaps, listGrantCaps, toUtcDay } from '../../ledger/daily-caps.ts'
import { findBrake, toEffectiveControl } from '../../ledger/effective-control.ts'
import type { EffectiveControl } from '../../ledger/effective-control.ts'
import { listFindings } from '../../ledger/list-findings.ts'
import { findSummary } from '../../ledger/summary-rows.ts'
import { toChangeRequest, toDecision, toDescriptorReference, toExecution } from '../../ledger/to-execution.ts'
import { listApprovedTargets } from '../../ledger/target-rows.ts'
import { toSummaryFields } from '../../ledger/to-external-action-summary.ts'
import { toApprovalStepUp } from '../../ledger/approval-step-up.ts'
import { listApproversOf } from '../../ledger/approver-rows.ts'
import { findSoleOperator } from '../../ledger/sole-operator.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { toLatestExecuteBy } from './execute-by.ts'
import { listStillNeeded } from './list-still-needed.ts'
import { listSealed } from './seal-reasons.ts'
import { listAllowedActions } from './list-allowed-actions.ts'

/** One action as this operator may see it, with what they may do about it. Throws `not_found`. */
export async function presentExternalAction(deps: Deps, db: Queryable, principal: OperatorPrincipal, actionId: string): Promise<ExternalAction> {
  const row = await findSummary(db, principal, deps.now, actionId)
  if (!row) throw new ProblemError('not_found', 'There is no such action, or you may not see it.')
  const { action } = row
  const now = await readClock(db, deps.now)
  const control = toEffectiveControl(await findControlState(db), deps.settings.ceiling)
  const revision = await getRevision(db, action)
  const decisions = await listDecisions(db, actionId)
  const current = decisions.filter((decision) => decision.revision === action.revision)
  const slots = await listSlots(db, actionId, action.revision)
  const open_slots = slots.filter((slot) => slot.decision_id === null).map((slot) => slot.role)
  const started_by = await findStartedBy(db, action.run_id)
  const operator = { operator_id: principal.operatorId, name: principal.name, role: principal.role, enabled: true }
  const found = await findWholeExecution(db, actionId, action.revision)
  const authorization = await findAuthorization(db, actionId, action.revision)
  const soleOperatorId = await findSoleOperator(db, deps.settings)
  const sealed = listSealed({ reader_id: principal.operatorId, action, largest_quorum: await countLargestQuorum(db, actionId), decisions })
  const still_needed =
    action.state === 'PENDING'
      ? listStillNeeded({
          slots,
          decisions: current,
          approvers: await listApproversOf(db, action),
          started_by,
          sole_operator_id: soleOperatorId,
        })
      : []
  const allowed_actions = listAllowedActions({
    operator,
    action: { ...action, decide_by: revision.decide_by },
    now,
    brake: findBrake(control, { ...revision, ...action }),
    started_by,
    sole_operator: soleOperatorId === principal.operatorId,
    decisions: current,
    open_slots,
    execute_by: authorization?.execute_by ?? null,
    claimed_at: found?.execution.claimed_at ?? null,
    resolution: found?.resolution ?? null,
  })
  const open = action.state === 'PENDING' || action.state === 'APPROVED'
  return z.parse(externalActionSchema, {
    ...toSummaryFields(row),
    payload_size_bytes: revision.payload.length,
    descriptor: toDescriptorReference(revision),
    kill_switch: revision.kill_switch,
    coverage: { explained: revision.coverage_explained, present: revision.coverage_present },
    risk_contributions: revision.risk_contributions,
    // While it can still be decided or claimed: how things are now; afterwards: how they were when it was proposed.
    findings: open ? await listCurrentFindings(deps, db, principal, { ...revision, ...action }, control, now) : revision.findings,
    slots: slots.map((slot) => toSlot(slot, current)),
    decisions: decisions.map((decision) => toDecision(decision, sealed)),
    step_up: toApprovalStepUp(deps.settings, revision),
    still_needed,
    latest_execute_by: toLatestExecuteBy(revision).toISOString(),
    authorized_by: authorization?.kind ?? null,
    escalated: revision.escalated,
    change_request: action.state === 'PENDING' ? toChangeRequest(current) : null,
    revisions: (await listRevisions(db, actionId)).map(toRevision),
    execution: toExecution(action, found),
    allowed_actions,
    now: now.toISOString(),
  } satisfies ExternalAction)
}

function toRevision(row: Awaited<ReturnType<typeof listRevisions>>[number]): ExternalAction['revisions'][number] {
  const payload_hash = row.payload_sha256.toString('hex')
  return { revision: row.revision, created_at: row.created_at.toISOString(), payload_hash, seal: seal(payload_hash), sentence: row.sentence }
}

function toSlot(slot: SlotRow, decisions: readonly DecisionRow[]): ExternalAction['slots'][number] {
  const decision = decisions.find(({ decision_id }) => decision_id === slot.decision_id)
  const filled_by = decision === undefined ? null : { operator_id: decision.operator_id, name: decision.name }
  return { group: slot.group_no, slot: slot.slot, role: slot.role, filled_by }
}

async function listCurrentFindings(
  deps: Deps,
  db: Queryable,
  principal: OperatorPrincipal,
  revision: RevisionRow & { run_id: string | null; executor_id: string },
  control: EffectiveControl,
  now: Date,
): Promise<ExternalAction['findings']> {
  const read = readPayload(revision.payload)
  if (!read.ok) {
    const detail = `The stored bytes can no longer be read as a payload: ${read.detail}`
    return [{ code: 'could_not_check', level: 'could_not_check', title: 'The payload could not be checked', detail }]
  }
  const descriptor = findDescriptor(read.payload.provider, read.payload.operation) ?? null
  const policy = computePolicy(read.payload, descriptor, { escalated: revision.escalated })
  const listed = [...listDailyCaps(control, descriptor, policy.cost), ...listGrantCaps(descriptor, policy.grant, policy.cost)]
  const caps = addCapUse(listed, await listCapUse(db, toUtcDay(now)))
  const targets = await listApprovedTargets(db, revision, isVisible(principal), revision.action_id)
  const checked = listFindings({
    action: revision,
    policy,
    described: descriptor !== null,
    control,
    embedded: deps.database.kind === 'embedded',
    caps,
  })
  // What its texts say does not change, and takes long to look for in a hostile payload.
  const deceptions = revision.findings.filter(({ code }) => isDeceptionCode(code))
  return [...checked, ...deceptions, compareTarget(revision.target_text, targets)]
}

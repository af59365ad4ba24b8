import { findDescriptor } from '@autopack/action-catalog/catalog'
import { seal } from '@autopack/approval-proof/seal'
import { externalActionSummarySchema } from '@autopack/contract/external-actions'
import type { ExternalActionSummary } from '@autopack/contract/external-actions'
import * as z from 'zod/mini'
import type { SummaryRow } from './summary-rows.ts'

/** One row of the ledger or of the queue, as it leaves the server. */
export function toExternalActionSummary(row: SummaryRow): ExternalActionSummary {
  return z.parse(externalActionSummarySchema, toSummaryFields(row))
}

/** The fields that a summary and a whole action share. */
export function toSummaryFields(row: SummaryRow): ExternalActionSummary {
  const { action, revision } = row
  const payload_hash = revision.payload_sha256.toString('hex')
  const { cost_amount_minor, cost_currency } = revision
  return {
    action_id: action.action_id,
    run_id: action.run_id,
    run_name: row.run_name,
    phase_id: action.phase_id,
    executor: { executor_id: action.executor_id, name: row.executor_name },
    state: action.state,
    state_since: action.state_since.toISOString(),
    revision: action.revision,
    version: action.version,
    provider: revision.provider,
    operation: revision.operation,
    target: revision.target_text,
    title: revision.title,
    sentence: revision.sentence,
    mode: revision.mode,
    tier: revision.tier,
    cost: cost_amount_minor === null || cost_currency === null ? null : { amount_minor: cost_amount_minor, currency: cost_currency },
    risk: { score: revision.risk_score, level: revision.risk_level },
    blind: revision.blind,
    payload_hash,
    seal: seal(payload_hash),
    requested_at: action.requested_at.toISOString(),
    decide_by: revision.decide_by.toISOString(),
    execute_by: row.execute_by?.toISOString() ?? null,
    not_before: action.not_before?.toISOString() ?? null,
    change_requested: row.change_requested,
    observed: row.observed,
    decided_at: row.decided_at?.toISOString() ?? null,
    decided_by: row.decided_by === null ? null : { operator_id: row.decided_by.operator_id, name: row.decided_by.name },
    decided_as: row.decided_as,
    signed: row.signed,
    finished_at: row.finished_at?.toISOString() ?? null,
    undo: toUndo(row),
  }
}

/** Counted from the end of the execution; before it there is nothing to take back. */
function toUndo({ revision, finished_at }: SummaryRow): ExternalActionSummary['undo'] {
  const descriptor = findDescriptor(revision.provider, revision.operation)
  if (descriptor === undefined) return { text: 'not known, treat as none', operation: null, until: null }
  const { undo } = descriptor
  if (undo.kind !== 'compensate') return { text: undo.text, operation: null, until: null }
  const bounded = finished_at !== null && undo.within_seconds !== null
  return {
    text: undo.text,
    operation: undo.operation,
    until: bounded ? new Date(finished_at.getTime() + undo.within_seconds! * 1_000).toISOString() : null,
  }
}

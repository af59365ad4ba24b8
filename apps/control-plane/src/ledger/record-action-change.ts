import type { Transaction } from '@autopack/server-kit/open-database'
import { recordAudit } from '../audit/record-audit.ts'
import type { AuditedFacts } from '../audit/record-audit.ts'
import { recordEvent } from '../events/record-event.ts'
import type { Principal } from '../shared/principal.ts'
import { touchRunForAction } from '../shared/touch-run.ts'
import type { ActionRow, RevisionRow } from './action-rows.ts'

export type ActionFacts = Omit<AuditedFacts, 'event_type' | 'result_status'>

/** What every audit event about an action says of it. Ids, not names: an id never means somebody else later. */
export function toActionFacts(action: ActionRow, revision: RevisionRow): ActionFacts {
  return {
    action_type: `${revision.provider}.${revision.operation}`,
    provider: revision.provider,
    operation: revision.operation,
    run_id: action.run_id,
    phase_id: action.phase_id,
    approval_ref: { kind: 'external_action', id: action.action_id },
    revision: revision.revision,
    requested_by: action.executor_id,
    requested_at: action.requested_at.toISOString(),
    payload_hash: revision.payload_sha256.toString('hex'),
    payload_summary: revision.sentence,
    external_target: revision.target_text,
    risk_score: revision.risk_score,
    risk_level: revision.risk_level,
    descriptor_version: revision.descriptor_id === null ? null : `${revision.descriptor_id}@${revision.descriptor_version}`,
  }
}

/**
 * The end of every transaction that changed an action: its run, the audit event, then the live events, in the lock order. `changed` is
 * the action as it is now.
 */
export async function recordActionChange(
  tx: Transaction,
  principal: Principal,
  changed: ActionRow,
  facts: AuditedFacts,
  context: { requestId: string | null },
): Promise<void> {
  const run = changed.run_id === null ? null : await touchRunForAction(tx, changed.run_id)
  await recordAudit(tx, principal, facts, context)
  const visibility = { executorId: changed.executor_id, ownerOperatorId: run?.ownerOperatorId ?? null }
  await recordEvent(tx, {
    type: 'external_action.changed',
    resource: { kind: 'external_action', id: changed.action_id },
    version: changed.version,
    ...visibility,
  })
  if (run !== null && changed.run_id !== null) {
    await recordEvent(tx, { type: 'run.changed', resource: { kind: 'run', id: changed.run_id }, version: run.version, ...visibility })
  }
}

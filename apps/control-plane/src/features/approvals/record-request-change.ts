import type { Transaction } from '@autopack/server-kit/open-database'
import { recordAudit } from '../../audit/record-audit.ts'
import type { AuditedFacts } from '../../audit/record-audit.ts'
import type { RequestRow } from '../../db/request-tables.ts'
import { recordEvent } from '../../events/record-event.ts'
import type { Principal } from '../../shared/principal.ts'
import { findRunFacts } from './request-rows.ts'

/** What every audit event about a request says of it. A run is named only where it is the executor's own. */
export function toRequestFacts(request: RequestRow): Omit<AuditedFacts, 'event_type' | 'result_status'> {
  return {
    action_type: request.kind,
    run_id: request.known_run_id,
    phase_id: request.phase_id,
    approval_ref: { kind: request.kind, id: request.request_id },
    requested_by: request.executor_id,
    requested_at: request.requested_at.toISOString(),
    idempotency_key: request.idempotency_key,
    payload_hash: request.body_sha256.toString('hex'),
    payload_summary: request.sentence,
    risk_score: request.risk_score,
    risk_level: request.risk_level,
    descriptor_version: `governance@${request.policy_version}`,
  }
}

/** What can happen to a request, as the second word of its event. The policy decides about governance requests alone. */
export type RequestEvent = 'approved' | 'change_asked' | 'expired' | 'rejected' | 'requested' | 'approved_by_policy' | 'denied_by_policy'

function toEventType(kind: RequestRow['kind'], did: RequestEvent): AuditedFacts['event_type'] {
  if (did !== 'approved_by_policy' && did !== 'denied_by_policy') return `${kind}.${did}`
  return `governance_request.${did}`
}

/** The end of every transaction that changed a request: the audit event, then the live event. `changed` is the request as it is now. */
export async function recordRequestChange(
  tx: Transaction,
  principal: Principal,
  changed: RequestRow,
  facts: Partial<AuditedFacts> & Pick<AuditedFacts, 'result_status'> & { did: RequestEvent },
  context: { requestId: string | null },
): Promise<void> {
  const { did, ...more } = facts
  const { owner_operator_id } = await findRunFacts(tx, changed.known_run_id)
  await recordAudit(tx, principal, { ...toRequestFacts(changed), ...more, event_type: toEventType(changed.kind, did) }, context)
  await recordEvent(tx, {
    type: `${changed.kind}.changed`,
    resource: { kind: changed.kind, id: changed.request_id },
    version: changed.version,
    executorId: changed.executor_id,
    ownerOperatorId: owner_operator_id,
  })
}

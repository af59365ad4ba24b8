import type { AuditEvent } from '@autopack/contract/audit'
import type { BrakeScope } from '@autopack/contract/control'

/** What every audit event about a brake says of it. */
export function toBrakeFacts(brake: {
  brake_id: string
  scope: BrakeScope
  reason: string
}): Pick<AuditEvent, 'action_type' | 'approval_ref' | 'provider' | 'run_id' | 'reason' | 'payload_summary'> {
  const { kind, id } = brake.scope
  return {
    action_type: 'control.brake',
    approval_ref: { kind: 'brake', id: brake.brake_id },
    provider: kind === 'provider' ? id : null,
    run_id: kind === 'run' ? id : null,
    reason: brake.reason,
    payload_summary: kind === 'all' ? 'the brake over everything' : `the brake over the ${kind} ${id}`,
  }
}

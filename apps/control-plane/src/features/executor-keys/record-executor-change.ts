import type { Transaction } from '@autopack/server-kit/open-database'
import { recordAudit } from '../../audit/record-audit.ts'
import type { AuditedFacts } from '../../audit/record-audit.ts'
import { recordEvent } from '../../events/record-event.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import type { ExecutorRow } from './executor-rows.ts'

/** Audit and event of a change to an executor or its keys, last in its transaction. In the audit log its owner reads it, and admins. */
export async function recordExecutorChange(
  tx: Transaction,
  principal: OperatorPrincipal,
  executor: Pick<ExecutorRow, 'executor_id' | 'owner_operator_id' | 'version'>,
  facts: Pick<AuditedFacts, 'event_type' | 'payload_summary' | 'reason' | 'external_object_id' | 'proof'>,
  { requestId, alsoTell = null }: { requestId: string; alsoTell?: string | null },
): Promise<void> {
  const told = { result_status: 'ok', requested_by: principal.operatorId, external_object_id: executor.executor_id, ...facts }
  await recordAudit(tx, principal, told, { requestId, ownerOperatorId: executor.owner_operator_id })
  await recordEvent(tx, {
    type: 'executor.changed',
    resource: { kind: 'executor', id: executor.executor_id },
    version: executor.version,
    executorId: executor.executor_id,
    ownerOperatorId: alsoTell,
  })
}

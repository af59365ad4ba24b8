import type { Transaction } from '@autopack/server-kit/open-database'
import { recordAudit } from '../../audit/record-audit.ts'
import type { AuditedFacts } from '../../audit/record-audit.ts'
import { recordEvent } from '../../events/record-event.ts'
import type { PersonRow } from './operator-rows.ts'
import type { Administrator } from './refuse-administration.ts'

/** Audit and event of a change to a person, last in its transaction. Admins hear of it, and the person. */
export async function recordPersonChange(
  tx: Transaction,
  principal: Administrator,
  person: Pick<PersonRow, 'operator_id' | 'version'>,
  facts: Pick<AuditedFacts, 'event_type' | 'payload_summary' | 'reason' | 'proof'>,
  context: { requestId: string | null },
): Promise<void> {
  const requested_by = principal.kind === 'operator' ? principal.operatorId : null
  await recordAudit(tx, principal, { ...facts, result_status: 'ok', requested_by, external_object_id: person.operator_id }, context)
  await recordEvent(tx, {
    type: 'operator.changed',
    resource: { kind: 'operator', id: person.operator_id },
    version: person.version,
    executorId: null,
    ownerOperatorId: person.operator_id,
  })
}

import type { personActs } from '@autopack/contract/people'
import type { ProblemCode } from '@autopack/contract/problems'
import type { Transaction } from '@autopack/server-kit/open-database'
import { recordAudit } from '../../audit/record-audit.ts'
import { AuditedRefusal } from '../../shared/audited-refusal.ts'
import type { OperatorPrincipal, SystemPrincipal } from '../../shared/principal.ts'

/** An admin, or whoever runs the server with a command. */
export type Administrator = OperatorPrincipal | SystemPrincipal

type Attempt = {
  principal: Administrator
  act: (typeof personActs)[number] | 'invite'
  operatorId: string | null
  summary: string
  reason: string | null
  requestId: string | null
}

/** Writes the refusal into the audit log; what it returns is thrown once the transaction has committed. */
export async function refuseAdministration(tx: Transaction, attempt: Attempt, code: ProblemCode, detail: string): Promise<AuditedRefusal> {
  const { principal, act, operatorId, summary, reason, requestId } = attempt
  await recordAudit(
    tx,
    principal,
    {
      event_type: 'operator.change_refused',
      result_status: 'refused',
      action_type: `operator.${act}`,
      external_object_id: operatorId,
      payload_summary: summary,
      reason,
      error_code: code,
      error_summary: detail,
    },
    { requestId },
  )
  return new AuditedRefusal(code, detail)
}

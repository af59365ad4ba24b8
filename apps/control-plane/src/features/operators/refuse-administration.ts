import type { personActs } from '@autopack/contract/people'
import type { ProblemCode } from '@autopack/contract/problems'
import type { SignedAct } from '@autopack/contract/webauthn'
import type { Transaction } from '@autopack/server-kit/open-database'
import type { ProblemError } from '@autopack/server-kit/problem-error'
import { recordAudit } from '../../audit/record-audit.ts'
import { AuditedRefusal } from '../../shared/audited-refusal.ts'
import type { OperatorPrincipal, SystemPrincipal } from '../../shared/principal.ts'
import { burnSignature } from '../../shared/verify-signed-act.ts'

/** An admin, or whoever runs the server with a command. */
export type Administrator = OperatorPrincipal | SystemPrincipal

type Attempt = {
  principal: Administrator
  act: (typeof personActs)[number] | 'invite'
  operatorId: string | null
  summary: string
  reason: string | null
  requestId: string | null
  /** What was signed for it counts no more. */
  signature?: SignedAct | undefined
  now: Date
}
type Refusal = { code: ProblemCode; detail: string; extra?: ProblemError['extra']; cause?: string | null }

/** Writes the refusal into the audit log; what it returns is thrown once the transaction has committed. */
export async function refuseAdministration(
  tx: Transaction,
  attempt: Attempt,
  { code, detail, extra = {}, cause = null }: Refusal,
): Promise<AuditedRefusal> {
  const { principal, act, operatorId, summary, reason, requestId, signature, now } = attempt
  if (principal.kind === 'operator') await burnSignature(tx, principal.operatorId, signature, now)
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
      error_summary: cause === null ? detail : `${detail} (${cause})`,
    },
    { requestId },
  )
  return new AuditedRefusal(code, detail, extra)
}

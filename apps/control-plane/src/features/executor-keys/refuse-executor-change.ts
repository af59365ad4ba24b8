import type { ProblemCode } from '@autopack/contract/problems'
import type { SignedAct } from '@autopack/contract/webauthn'
import type { Transaction } from '@autopack/server-kit/open-database'
import type { ProblemError } from '@autopack/server-kit/problem-error'
import { recordAudit } from '../../audit/record-audit.ts'
import type { AuditedFacts } from '../../audit/record-audit.ts'
import { AuditedRefusal } from '../../shared/audited-refusal.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { burnSignature } from '../../shared/verify-signed-act.ts'

type Attempt = {
  principal: OperatorPrincipal
  facts: Pick<AuditedFacts, 'event_type' | 'action_type' | 'external_object_id' | 'payload_summary' | 'reason'>
  /** Of the executor, who reads the refusal. */
  ownerOperatorId: string
  requestId: string
  /** What was signed for it counts no more. */
  signature?: SignedAct | undefined
  now: Date
}
type Refusal = { code: ProblemCode; detail: string; extra?: ProblemError['extra']; cause?: string | null }

/** Writes the refusal into the audit log; what it returns is thrown once the transaction has committed. */
export async function refuseExecutorChange(
  tx: Transaction,
  { principal, facts, ownerOperatorId, requestId, signature, now }: Attempt,
  { code, detail, extra = {}, cause = null }: Refusal,
): Promise<AuditedRefusal> {
  await burnSignature(tx, principal.operatorId, signature, now)
  const refused = { result_status: 'refused', error_code: code, error_summary: cause === null ? detail : `${detail} (${cause})` }
  await recordAudit(tx, principal, { ...facts, ...refused }, { requestId, ownerOperatorId })
  return new AuditedRefusal(code, detail, extra)
}

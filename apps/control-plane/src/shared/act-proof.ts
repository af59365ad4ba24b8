import type { AuditEvent } from '@autopack/contract/audit'
import type { signedActTable } from '../db/passkey-tables.ts'

/** How a person showed, for one act, who they are: a passkey over what it is about, the password again, or the session alone. */
export type ActProof =
  | { strength: 'passkey'; signedActId: string; credentialId: string; /** As it is kept. */ act: typeof signedActTable.$inferSelect }
  | { strength: 'password' | 'session'; signedActId: null; credentialId: null; act: null }

/** As the audit log has it. `soleOperator`: they decided about what they had asked for themselves, as the only approver there is. */
export function toProofFacts(proof: ActProof, soleOperator = false): NonNullable<AuditEvent['proof']> {
  return { strength: proof.strength, credential_id: proof.credentialId, signed_act_id: proof.signedActId, sole_operator: soleOperator }
}

import type { PasskeyRecord } from '@autopack/approval-proof/evidence-records'
import { toRecord } from '@autopack/approval-proof/evidence-records'
import type { PasskeyRow } from './passkey-rows.ts'
import { toSignatureFacts } from './to-signature-facts.ts'
import type { SignedActRow } from './to-signature-facts.ts'

type Kept = 'credential_id' | 'operator_id' | 'rp_id' | 'origin' | 'public_key' | 'attestation_object' | 'client_data' | 'created_at'

/**
 * A passkey as the audit log has its hash: what nobody can change about it later. `endorsement`: the act of `endorsed_by`. Null: it was enrolled in
 * an earlier version, which did not keep where.
 */
export function toPasskeyRecord(row: Pick<PasskeyRow, Kept>, endorsement: SignedActRow | null): PasskeyRecord | null {
  if (row.rp_id === null || row.origin === null) return null
  return toRecord('passkey', {
    credential_id: row.credential_id,
    operator_id: row.operator_id,
    relying_party: { id: row.rp_id, origin: row.origin },
    public_key: row.public_key.toString('base64url'),
    attestation_object: row.attestation_object.toString('base64url'),
    client_data: row.client_data.toString('base64url'),
    endorsement: endorsement === null ? null : toSignatureFacts(endorsement),
    created_at: row.created_at.toISOString(),
  })
}

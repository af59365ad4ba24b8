import type { PasskeyRecord } from '@autopack/approval-proof/evidence-records'
import { toRecord } from '@autopack/approval-proof/evidence-records'
import type { PasskeyRow } from './passkey-rows.ts'

/** A passkey as the audit log has its hash: what nobody can change about it later. */
export function toPasskeyRecord(
  row: Pick<PasskeyRow, 'credential_id' | 'operator_id' | 'public_key' | 'attestation_object' | 'client_data' | 'created_at'>,
): PasskeyRecord {
  return toRecord('passkey', {
    credential_id: row.credential_id,
    operator_id: row.operator_id,
    public_key: row.public_key.toString('base64url'),
    attestation_object: row.attestation_object.toString('base64url'),
    client_data: row.client_data.toString('base64url'),
    created_at: row.created_at.toISOString(),
  })
}

import type { Passkey } from '@autopack/contract/passkeys'
import type { PasskeyRow } from '../../shared/passkey-rows.ts'

export function toPasskey(row: PasskeyRow): Passkey {
  return {
    credential_id: row.credential_id,
    name: row.name,
    created_at: row.created_at.toISOString(),
    last_used_at: row.last_used_at?.toISOString() ?? null,
    backed_up: row.backed_up,
  }
}

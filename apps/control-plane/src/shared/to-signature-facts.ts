import type { SignatureFacts } from '@autopack/approval-proof/evidence-records'
import type { signedActTable } from '../db/passkey-tables.ts'

export type SignedActRow = typeof signedActTable.$inferSelect

/** A signature as records have it: the statement as text, the rest base64url. */
export function toSignatureFacts(row: SignedActRow): SignatureFacts {
  return {
    credential_id: row.credential_id,
    statement: row.statement.toString('utf8'),
    authenticator_data: row.authenticator_data.toString('base64url'),
    client_data: row.client_data.toString('base64url'),
    signature: row.signature.toString('base64url'),
  }
}

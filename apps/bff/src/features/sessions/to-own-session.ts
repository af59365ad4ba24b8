import type { ownSessionSchema } from '@autopack/contract/auth'
import type * as z from 'zod/mini'
import type { SessionRow } from '../../shared/session-rows.ts'

/** Enough to name a session among one's own, nothing to take it over with. */
export function publicSessionId(row: SessionRow): string {
  return row.sid_sha256.slice(0, 16)
}

export function toOwnSession(row: SessionRow, current: SessionRow): z.infer<typeof ownSessionSchema> {
  return {
    session_id: publicSessionId(row),
    current: row.sid_sha256 === current.sid_sha256,
    signed_in_at: row.signed_in_at.toISOString(),
    last_activity_at: row.last_activity_at.toISOString(),
    expires_at: row.absolute_expires_at.toISOString(),
    user_agent: row.user_agent,
    address: row.address,
  }
}

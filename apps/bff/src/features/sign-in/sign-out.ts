import type { Deps } from '../../deps.ts'
import { recordOutboxEvent } from '../../shared/outbox-rows.ts'
import { revokeSessions } from '../../shared/session-rows.ts'
import type { SessionRow } from '../../shared/session-rows.ts'

/** Ends this session and its streams; doing it twice changes nothing. */
export async function signOut(deps: Deps, session: SessionRow): Promise<void> {
  const now = deps.now()
  const ended = await deps.db.transaction(async (tx) => {
    const revoked = await revokeSessions(tx, [session.sid_sha256], now)
    if (revoked.length > 0) {
      const event = { kind: 'signed_out' as const, operator_id: session.operator_id, name: session.name, detail: 'by the person' }
      await recordOutboxEvent(tx, event, now)
    }
    return revoked
  })
  deps.streams.endSessions(ended, 'signed_out')
}

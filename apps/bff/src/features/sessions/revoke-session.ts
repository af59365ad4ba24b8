import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Deps } from '../../deps.ts'
import { recordOutboxEvent } from '../../shared/outbox-rows.ts'
import { listLiveSessions, revokeSessions } from '../../shared/session-rows.ts'
import type { SessionRow } from '../../shared/session-rows.ts'
import { publicSessionId } from './to-own-session.ts'

/** Ends one of the person's own sessions. Throws `not_found` for any other. */
export async function revokeSession(deps: Deps, session: SessionRow, sessionId: string): Promise<void> {
  const now = deps.now()
  const ended = await deps.db.transaction(async (tx) => {
    const own = await listLiveSessions(tx, session.operator_id, now)
    const named = own.filter((each) => publicSessionId(each) === sessionId).map((each) => each.sid_sha256)
    if (named.length === 0) throw new ProblemError('not_found', 'You have no open session with this id.')
    const event = {
      kind: 'session_revoked' as const,
      operator_id: session.operator_id,
      name: session.name,
      detail: `session ${sessionId}, by the person`,
    }
    await recordOutboxEvent(tx, event, now)
    return revokeSessions(tx, named, now)
  })
  deps.streams.endSessions(ended, 'signed_out')
}

import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Deps } from '../deps.ts'
import { recordOutboxEvent } from './outbox-rows.ts'
import { revokeSessions } from './session-rows.ts'
import type { SessionRow } from './session-rows.ts'

/**
 * The control plane says that this operator is disabled: the session is over. Anything else is thrown again as it is.
 * Use as `.catch((error) => endDisabledSession(deps, session, error))`.
 */
export async function endDisabledSession(deps: Deps, session: SessionRow, error: unknown): Promise<never> {
  if (!(error instanceof ProblemError) || error.code !== 'operator_disabled') throw error
  const now = deps.now()
  const ended = await deps.db.transaction(async (tx) => {
    const revoked = await revokeSessions(tx, [session.sid_sha256], now)
    const event = { kind: 'session_revoked' as const, operator_id: session.operator_id, name: session.name, detail: 'the operator is disabled' }
    if (revoked.length > 0) await recordOutboxEvent(tx, event, now)
    return revoked
  })
  deps.streams.endSessions(ended, 'signed_out')
  throw new ProblemError('not_signed_in', 'This operator is disabled, so the session has ended.')
}

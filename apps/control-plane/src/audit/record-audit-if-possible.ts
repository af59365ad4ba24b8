import type { Log } from '@autopack/server-kit/log'
import type { Transaction } from '@autopack/server-kit/open-database'
import { ProblemError } from '@autopack/server-kit/problem-error'
import { sql } from 'drizzle-orm'
import type { Principal } from '../shared/principal.ts'
import { recordAudit } from './record-audit.ts'
import type { AuditedFacts } from './record-audit.ts'

/** Longer than any append takes; a log that hangs must not hold back the one act that works without it. */
const patience = sql`SET LOCAL lock_timeout = '2s'`
const noLimit = sql`SET LOCAL lock_timeout = 0`

/**
 * Appends as recordAudit does, behind a savepoint: where the log cannot be written, the caller's transaction goes on without it, and
 * this answers false. For engaging the brake alone (safety.md, I-19): everything else is refused then.
 */
export async function recordAuditIfPossible(
  tx: Transaction,
  log: Log,
  principal: Principal,
  facts: AuditedFacts,
  context: { requestId: string | null },
): Promise<boolean> {
  try {
    await tx.transaction(async (savepoint) => {
      await savepoint.execute(patience)
      await recordAudit(savepoint, principal, facts, context)
      await savepoint.execute(noLimit)
    })
    return true
  } catch (error) {
    if (!(error instanceof ProblemError) || error.code !== 'audit_unavailable') throw error
    log.error({ error: error.cause, request_id: context.requestId }, 'the audit log cannot be written; the brake is engaged without it')
    return false
  }
}

import type { Log } from '@autopack/server-kit/log'
import { classifyDatabaseError, isOverdue } from '@autopack/server-kit/open-database'
import type { Transaction } from '@autopack/server-kit/open-database'
import { ProblemError } from '@autopack/server-kit/problem-error'
import { sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import type { RecordedEvent } from '../events/record-event.ts'
import { recordEvent } from '../events/record-event.ts'
import type { Principal } from '../shared/principal.ts'
import { recordAudit } from './record-audit.ts'
import type { AuditedFacts } from './record-audit.ts'

/** Shorter than that of an append, which recordAudit sets; whoever hangs with the streams must not hold back the one act that works without. */
const eventPatience = toPatience(`'750ms'`)
const asBefore = toPatience('DEFAULT')

/** For a lock, and for a statement as a whole: an insert that hangs in the disk waits for no lock. */
function toPatience(limit: string): SQL[] {
  return ['lock_timeout', 'statement_timeout'].map((setting) => sql.raw(`SET LOCAL ${setting} TO ${limit}`))
}

/**
 * Appends as recordAudit does, and tells the live streams as recordEvent does, behind a savepoint: where a log cannot be written, the
 * caller's transaction goes on without it, and this answers false: then the audit log does not know of it, and the streams may not.
 * Whoever writes the late entry tells them. It waits three seconds at most. For engaging the brake alone (safety.md, I-19): everything else
 * is refused then.
 */
export async function recordAuditIfPossible(
  tx: Transaction,
  log: Log,
  principal: Principal,
  facts: AuditedFacts,
  event: RecordedEvent,
  context: { requestId: string | null },
): Promise<boolean> {
  const tell = async (savepoint: Transaction): Promise<void> => {
    await setPatience(savepoint, eventPatience)
    await recordEvent(savepoint, event)
  }
  const audited = await isDone('the audit log', async (savepoint) => {
    await recordAudit(savepoint, principal, facts, context)
    await tell(savepoint)
  })
  // Whoever looks on learns of it at once where only the audit log is broken.
  if (!audited) await isDone('the live event', tell)
  return audited

  async function isDone(what: string, write: (savepoint: Transaction) => Promise<void>): Promise<boolean> {
    try {
      await tx.transaction(async (savepoint) => {
        await write(savepoint)
        await setPatience(savepoint, asBefore)
      })
      return true
    } catch (error) {
      if (isDatabaseLost(error)) throw error
      const cause = error instanceof ProblemError ? error.cause : error
      log.error({ error: cause, request_id: context.requestId }, `${what} cannot be written; the brake is engaged without it`)
      return false
    }
  }
}

async function setPatience(tx: Transaction, patience: readonly SQL[]): Promise<void> {
  for (const statement of patience) await tx.execute(statement)
}

function isDatabaseLost(error: unknown): boolean {
  if (error instanceof ProblemError) return error.code !== 'audit_unavailable'
  return !isOverdue(error) && classifyDatabaseError(error) !== null
}

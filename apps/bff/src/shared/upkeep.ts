/** Once a minute: counts of refusals are written, rows that are over are deleted. */
import type { Deps } from '../deps.ts'
import { deleteEndedSessions } from './session-rows.ts'
import { deleteExpiredThrottles } from './throttle-rows.ts'

const spacingMs = 60_000

/** Returns the function that stops it and writes what is still counted. */
export function startUpkeep(deps: Deps): () => Promise<void> {
  const run = async () => {
    await deps.refusals.flush()
    await deleteEndedSessions(deps.db, deps.now())
    await deleteExpiredThrottles(deps.db, deps.now())
  }
  const timer = setInterval(() => {
    run().catch((error: unknown) => deps.log.warn({ error }, 'upkeep of the database failed'))
  }, spacingMs)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await deps.refusals.flush()
  }
}

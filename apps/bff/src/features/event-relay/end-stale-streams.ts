/** Sessions end in other processes and by the clock, too: their streams end within five seconds of it. */
import type { Deps } from '../../deps.ts'
import { listLiveSessionIds } from '../../shared/session-rows.ts'

const spacingMs = 2_000

/** Ends the streams of sessions that are revoked, idle or over. */
export async function endStaleStreams(deps: Deps): Promise<void> {
  const ids = deps.streams.sessionIds()
  if (ids.length === 0) return
  const live = await listLiveSessionIds(deps.db, ids, deps.now())
  deps.streams.endSessions(
    ids.filter((id) => !live.has(id)),
    'signed_out',
  )
}

/** Returns the function that stops it. A database that cannot be asked ends the streams: nobody knows whose they are. */
export function startEndingStaleStreams(deps: Deps): () => void {
  const timer = setInterval(() => {
    endStaleStreams(deps).catch((error: unknown) => {
      deps.log.error({ error }, 'sessions of open streams cannot be checked')
      deps.streams.endAll('shutdown')
    })
  }, spacingMs)
  timer.unref()
  return () => clearInterval(timer)
}

/** Wakes everything that waits for changes: event streams and long polls of this process. */
import type { endSchema } from '@autopack/contract/events'
import type { Role } from '@autopack/contract/roles'
import type { Log } from '@autopack/server-kit/log'
import type { OpenDatabase } from '@autopack/server-kit/open-database'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type * as z from 'zod/mini'
import { eventChannel } from './event-channel.ts'
import { listOperatorStandings } from './event-rows.ts'
import { operatorChannel } from './operator-channel.ts'

export type EndReason = z.infer<typeof endSchema>['reason']

export type Follower = {
  operatorId: string
  role: Role
  /** Something may have committed. */
  wake: () => void
  end: (reason: EndReason) => void
}

export type EventFeed = {
  /** Returns the function that leaves. Throws `rate_limited` when this person or this process follows too much already. */
  follow: (follower: Follower) => () => void
  /** Resolves after the next change, the timeout or the abort; true only for a change. For long polls. */
  waitForChange: (options: { timeoutMs: number; signal: AbortSignal }) => Promise<boolean>
  /** Ends every stream of operators that were disabled or got another role; runs by itself when one was, and every 2 s. */
  checkOperators: () => Promise<void>
  close: () => Promise<void>
}

const streamsPerOperator = 6
const streamsPerProcess = 500
const checkIntervalMs = 2_000

export async function openEventFeed(database: OpenDatabase, log: Log): Promise<EventFeed> {
  const followers = new Set<Follower>()
  const waiting = new Set<(changed: boolean) => void>()

  const wakeAll = () => {
    for (const follower of followers) follower.wake()
    for (const resolve of waiting) resolve(true)
  }

  const checkOperators = async () => {
    const operatorIds = [...new Set([...followers].map(({ operatorId }) => operatorId))]
    if (operatorIds.length === 0) return
    const standings = new Map((await listOperatorStandings(database.db, operatorIds)).map((standing) => [standing.operatorId, standing]))
    for (const follower of followers) {
      const standing = standings.get(follower.operatorId)
      if (!standing?.enabled || standing.role !== follower.role) follower.end('operator_changed')
    }
  }

  const check = () => void checkOperators().catch((error: unknown) => log.warn({ error }, 'operators of event streams not checked'))
  const stopListening = await database.listen(eventChannel, wakeAll)
  const stopListeningToPeople = await database.listen(operatorChannel, check)
  const timer = setInterval(() => {
    check()
    // A notification may be lost with its connection; looking again costs one indexed query a stream.
    wakeAll()
  }, checkIntervalMs)
  timer.unref()

  return {
    follow: (follower) => {
      const own = [...followers].filter(({ operatorId }) => operatorId === follower.operatorId).length
      if (own >= streamsPerOperator || followers.size >= streamsPerProcess)
        throw new ProblemError('rate_limited', 'Too many live views are open. Close one of them and try again.', { retryAfterSeconds: 30 })
      followers.add(follower)
      return () => void followers.delete(follower)
    },
    waitForChange: ({ timeoutMs, signal }) =>
      new Promise((resolve) => {
        const done = (changed: boolean) => {
          clearTimeout(timeout)
          signal.removeEventListener('abort', onAbort)
          waiting.delete(done)
          resolve(changed)
        }
        const onAbort = () => done(false)
        const timeout = setTimeout(onAbort, timeoutMs)
        waiting.add(done)
        signal.addEventListener('abort', onAbort)
        if (signal.aborted) onAbort()
      }),
    checkOperators,
    close: async () => {
      clearInterval(timer)
      for (const follower of followers) follower.end('shutdown')
      for (const resolve of waiting) resolve(false)
      await stopListeningToPeople()
      await stopListening()
    },
  }
}

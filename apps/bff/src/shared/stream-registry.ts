/** The open event streams of this process, so that whoever ends a session ends its streams. */
import type { endSchema } from '@autopack/contract/events'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type * as z from 'zod/mini'

export type EndReason = z.infer<typeof endSchema>['reason']
/** `sidSha256` moves with the session. */
export type OpenStream = { sidSha256: string; operatorId: string; end: (reason: EndReason) => void }

const streamsPerPerson = 6
const streamsPerProcess = 500

export type StreamRegistry = {
  /** Throws `rate_limited` when this person or this process has too many. Returns the function that takes it out again. */
  add: (stream: OpenStream) => () => void
  sessionIds: () => string[]
  endSessions: (sidSha256s: readonly string[], reason: EndReason) => void
  /** The session goes on under another id, and so does what it looks at. */
  moveSession: (fromSidSha256: string, toSidSha256: string) => void
  endAll: (reason: EndReason) => void
}

export function createStreamRegistry(): StreamRegistry {
  const open = new Set<OpenStream>()
  return {
    add: (stream) => {
      const own = [...open].filter((each) => each.operatorId === stream.operatorId).length
      if (own >= streamsPerPerson || open.size >= streamsPerProcess) {
        throw new ProblemError('rate_limited', `At most ${streamsPerPerson} live views are open at once. Close another tab of the console.`, {
          retryAfterSeconds: 30,
        })
      }
      open.add(stream)
      return () => open.delete(stream)
    },
    sessionIds: () => [...new Set([...open].map((stream) => stream.sidSha256))],
    endSessions: (sidSha256s, reason) => {
      for (const stream of open) if (sidSha256s.includes(stream.sidSha256)) stream.end(reason)
    },
    moveSession: (fromSidSha256, toSidSha256) => {
      for (const stream of open) if (stream.sidSha256 === fromSidSha256) stream.sidSha256 = toSidSha256
    },
    endAll: (reason) => {
      for (const stream of open) stream.end(reason)
    },
  }
}

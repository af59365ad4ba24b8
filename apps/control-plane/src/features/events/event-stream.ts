/** One live stream (WHATWG HTML, "Server-sent events"): what the viewer may see, as it commits, in order, without a gap. */
import type { Event } from '@autopack/contract/events'
import { heartbeatMs, replayLimit, streamAgeLimitMs } from '@autopack/contract/events'
import type { Deps } from '../../deps.ts'
import type { EndReason } from '../../events/event-feed.ts'
import { isEventKept, listEventsBetween, readEventHead } from '../../events/event-rows.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'

export type StreamLimits = { heartbeatMs: number; ageMs: number; bufferBytes: number; lastWordsMs: number }
export const streamLimits: StreamLimits = { heartbeatMs, ageMs: streamAgeLimitMs, bufferBytes: 256 * 1024, lastWordsMs: 5_000 }

const pageSize = 200

/**
 * Opens the stream after `lastEventId` (the header as it came, or null). Throws `rate_limited` when too many are open.
 * Nothing of an error ever reaches the reader: the stream just ends.
 */
export async function openEventStream(
  deps: Deps,
  principal: OperatorPrincipal,
  lastEventId: string | null,
  limits: StreamLimits = streamLimits,
): Promise<ReadableStream<Uint8Array>> {
  const encoder = new TextEncoder()
  let controller!: ReadableStreamDefaultController<Uint8Array>
  let ended = false
  let pumping = false
  let dirty = false
  let cursor = 0
  let lastWords: NodeJS.Timeout | undefined

  const write = (event: string, data: object, id: number) => {
    if (ended) return
    const bytes = encoder.encode(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
    if ((controller.desiredSize ?? 0) < bytes.byteLength) end('slow_reader')
    else controller.enqueue(bytes)
  }

  const end = (reason: EndReason) => {
    if (ended) return
    ended = true
    leave()
    clearInterval(heartbeat)
    clearTimeout(age)
    controller.enqueue(encoder.encode(`event: end\ndata: ${JSON.stringify({ reason })}\n\n`))
    if (reason !== 'slow_reader') controller.close()
    // A reader that still takes nothing would keep the connection and its buffer for ever.
    else lastWords = setTimeout(() => controller.error(new Error('slow reader')), limits.lastWordsMs)
  }

  const closeAfterLastWords = () => {
    const isDrained = controller.desiredSize === limits.bufferBytes
    if (lastWords === undefined || !isDrained) return
    clearTimeout(lastWords)
    lastWords = undefined
    controller.close()
  }

  const abandon = () => {
    ended = true
    leave()
    clearInterval(heartbeat)
    clearTimeout(age)
    clearTimeout(lastWords)
    lastWords = undefined
  }

  const pump = async () => {
    dirty = true
    if (pumping || ended) return
    pumping = true
    try {
      for (;;) {
        dirty = false
        const head = await readEventHead(deps.db)
        const events = await listEventsBetween(deps.db, principal, cursor, head.lastId, pageSize)
        for (const event of events) writeChange(event)
        const full = events.length === pageSize
        cursor = full ? events[events.length - 1]!.id : Math.max(cursor, head.lastId)
        if (ended || !(dirty || full)) break
      }
    } catch (error) {
      deps.log.error({ error }, 'an event stream failed')
      end('shutdown')
    } finally {
      pumping = false
    }
  }
  const writeChange = (event: Event) => write('change', event, event.id)

  const beat = async () => {
    try {
      const { now } = await readEventHead(deps.db)
      write('heartbeat', { now: now.toISOString() }, cursor)
    } catch (error) {
      deps.log.error({ error }, 'an event stream failed')
      end('shutdown')
    }
  }

  const leave = deps.feed.follow({ operatorId: principal.operatorId, role: principal.role, wake: () => void pump(), end: (reason) => end(reason) })
  const heartbeat = setInterval(() => void beat(), limits.heartbeatMs)
  const age = setTimeout(() => end('age'), limits.ageMs)

  const stream = new ReadableStream<Uint8Array>(
    {
      start: (created) => {
        controller = created
      },
      pull: closeAfterLastWords,
      cancel: abandon,
    },
    { highWaterMark: limits.bufferBytes, size: (chunk) => chunk.byteLength },
  )
  try {
    // The pump stays shut until the starting point is known and announced.
    pumping = true
    const start = await findStart(deps, principal, lastEventId)
    cursor = start.cursor
    write('hello', { cursor, now: start.now.toISOString() }, cursor)
    if (start.resync) write('resync', { cursor, now: start.now.toISOString() }, cursor)
    pumping = false
    void pump()
  } catch (error) {
    abandon()
    throw error
  }
  return stream
}

/** Where a stream begins; `resync` when what lies between cannot be replayed. */
async function findStart(
  deps: Deps,
  principal: OperatorPrincipal,
  lastEventId: string | null,
): Promise<{ cursor: number; resync: boolean; now: Date }> {
  const { lastId, now } = await readEventHead(deps.db)
  if (lastEventId === null) return { cursor: lastId, resync: false, now }
  const after = /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : Number.POSITIVE_INFINITY
  if (after > lastId || !(await isEventKept(deps.db, after))) return { cursor: lastId, resync: true, now }
  const missed = await listEventsBetween(deps.db, principal, after, lastId, replayLimit + 1)
  return missed.length > replayLimit ? { cursor: lastId, resync: true, now } : { cursor: after, resync: false, now }
}

/**
 * The live stream of this tab: one while the tab is visible, resumed by the last id it saw. Read with fetch instead of EventSource,
 * because a 401, the back-off and the heartbeat matter here and EventSource hides all three.
 */
import { endSchema, eventSchema, heartbeatMs, heartbeatSchema, helloSchema, streamEvents, type Event } from '@autopack/contract/events'
import { consolePath } from '@autopack/contract/route'
import * as z from 'zod/mini'
import { createEventBatch } from './event-batch.ts'
import { createEventSourceParser, type ServerSentEvent } from './event-source-parser.ts'
import { recordStreamClosed, recordStreamHeard, staleAfterMs } from './freshness.ts'
import { observeServerTime } from './server-clock.ts'

const batchSpacingMs = 250
const silenceLimitMs = heartbeatMs + staleAfterMs
const longestDelayMs = 30_000

export type StreamListener = {
  onEvents: (events: Event[]) => void
  /** The cursor is gone, or the stream begins without one: everything on the page may be old. */
  onResync: () => void
  onSignedOut: () => void
}

/** Delay before attempt `failures + 1`: doubling from one second to half a minute, with jitter so that tabs do not come back as one. */
export function backOffMs(failures: number, random: number): number {
  const ceiling = Math.min(longestDelayMs, 1_000 * 2 ** Math.max(0, failures - 1))
  return ceiling / 2 + (ceiling / 2) * random
}

/** Opens the stream and keeps it open while the tab is visible. */
export function openEventStream(listener: StreamListener): { close: () => void; reconnect: () => void } {
  let lastId: string | null = null
  let failures = 0
  let ended = false
  let retry: ReturnType<typeof setTimeout> | undefined
  let silence: ReturnType<typeof setTimeout> | undefined
  let connection: AbortController | undefined
  const batch = createEventBatch(batchSpacingMs, listener.onEvents)

  function heard(): void {
    recordStreamHeard()
    clearTimeout(silence)
    // A proxy that swallows the stream looks like silence: only a new connection can tell.
    silence = setTimeout(() => connection?.abort(), silenceLimitMs)
  }

  function takeEvent(event: ServerSentEvent): void {
    if (event.event === 'change') {
      const parsed = z.safeParse(eventSchema, parseJson(event.data))
      // A kind of event that this build does not know is no reason to stop listening.
      if (parsed.success) batch.add(parsed.data)
    } else if (event.event === 'hello') {
      const hello = z.safeParse(helloSchema, parseJson(event.data))
      if (hello.success) {
        observeServerTime(hello.data.now)
        if (lastId === null) lastId = String(hello.data.cursor)
      }
    } else if (event.event === 'heartbeat') {
      const heartbeat = z.safeParse(heartbeatSchema, parseJson(event.data))
      if (heartbeat.success) observeServerTime(heartbeat.data.now)
    } else if (event.event === 'resync') {
      lastId = null
      listener.onResync()
    } else if (event.event === 'end') {
      const end = z.safeParse(endSchema, parseJson(event.data))
      if (end.success && end.data.reason === 'signed_out') {
        ended = true
        listener.onSignedOut()
      }
    }
    if (event.event === 'change' && event.id !== null && event.id !== '') lastId = event.id
  }

  async function connect(): Promise<void> {
    if (ended || connection || isHidden()) return
    clearTimeout(retry)
    const current = new AbortController()
    connection = current
    let unreachable = true
    try {
      const response = await fetch(consolePath(streamEvents.path), {
        headers: { accept: 'text/event-stream', ...(lastId === null ? {} : { 'last-event-id': lastId }) },
        cache: 'no-store',
        redirect: 'error',
        signal: current.signal,
      })
      unreachable = response.status >= 500
      if (response.status === 401) {
        ended = true
        listener.onSignedOut()
      } else if (response.ok && response.body && (response.headers.get('content-type') ?? '').startsWith('text/event-stream')) {
        // What changed between the page's reads and a stream without a cursor would be missed for ever.
        if (lastId === null || failures > 0) listener.onResync()
        failures = 0
        await readStream(response.body)
      }
    } catch {
      // Aborted by us, refused, or cut: all the same from here, the next attempt will tell.
    }
    clearTimeout(silence)
    if (connection === current) connection = undefined
    if (ended) return
    failures += 1
    const hidden = isHidden()
    recordStreamClosed(unreachable && !hidden)
    if (!hidden) retry = setTimeout(() => void connect(), backOffMs(failures, Math.random()))
  }

  async function readStream(body: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    const parse = createEventSourceParser(takeEvent)
    const reader = body.pipeThrough(new TextDecoderStream()).getReader()
    heard()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      heard()
      parse(value)
      if (ended) return void reader.cancel()
    }
  }

  function followVisibility(): void {
    if (isHidden()) connection?.abort()
    else reconnect()
  }

  function reconnect(): void {
    if (connection || ended) return
    clearTimeout(retry)
    void connect()
  }

  document.addEventListener('visibilitychange', followVisibility)
  addEventListener('online', reconnect)
  void connect()

  return {
    reconnect,
    close() {
      ended = true
      clearTimeout(retry)
      clearTimeout(silence)
      batch.stop()
      connection?.abort()
      document.removeEventListener('visibilitychange', followVisibility)
      removeEventListener('online', reconnect)
    },
  }
}

function isHidden(): boolean {
  return document.visibilityState === 'hidden'
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * One upstream stream for one browser stream, opened with that person's assertion: the control plane filters each event
 * by what they may see. It ends when either side ends it, or the session is over.
 */
import type { ServerResponse } from 'node:http'
import { streamEvents } from '@autopack/contract/events'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Dispatcher } from 'undici'
import type { Deps } from '../../deps.ts'
import { endDisabledSession } from '../../shared/end-disabled-session.ts'
import { toPassage } from '../../shared/passage.ts'
import type { SessionRow } from '../../shared/session-rows.ts'
import type { EndReason } from '../../shared/stream-registry.ts'
import { createWholeEvents } from './whole-events.ts'

const lastWordMs = 2_000

export type Relay = {
  session: SessionRow
  requestId: string
  signal: AbortSignal
  header: (name: string) => string | undefined
  outgoing: ServerResponse | undefined
}

export async function relayEvents(deps: Deps, relay: Relay): Promise<Response> {
  const leaving = new AbortController()
  const encoder = new TextEncoder()
  let browser: ReadableStreamDefaultController<Uint8Array> | undefined
  let over = false
  const finish = (reason: EndReason | null) => {
    if (over) return
    over = true
    remove()
    try {
      if (reason !== null) browser?.enqueue(encoder.encode(`event: end\ndata: ${JSON.stringify({ reason })}\n\n`))
      browser?.close()
    } catch {
      // Already cancelled by the browser.
    }
    leaving.abort()
    cutOffLater(relay.outgoing)
  }
  const remove = deps.streams.add({ sidSha256: relay.session.sid_sha256, operatorId: relay.session.operator_id, end: finish })
  relay.signal.addEventListener('abort', () => finish(null), { once: true })

  let upstream: Dispatcher.ResponseData
  try {
    const passage = toPassage(relay.session, { ...relay, signal: leaving.signal }, ['last-event-id', 'traceparent'])
    upstream = await deps.controlPlane
      .open(streamEvents.path, passage, 'text/event-stream')
      .catch((error: unknown) => endDisabledSession(deps, relay.session, error))
  } catch (error) {
    // Cut off by us: the control plane has not failed, and whoever is still there has to sign in again.
    if (over) throw new ProblemError('not_signed_in', 'The session ended while the stream was opening. Sign in again.')
    finish(null)
    throw error
  }

  const events = createWholeEvents()
  const parts = upstream.body[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      browser = controller
    },
    // Called only while the browser takes what it is given, so a slow one slows the control plane's stream, not our memory.
    pull: async (controller) => {
      try {
        for (;;) {
          const part = await parts.next()
          if (over) return
          if (part.done) return finish(null)
          const whole = events.take(part.value)
          if (whole.length > 0) return controller.enqueue(whole)
        }
      } catch (error) {
        if (!over) deps.log.info({ request_id: relay.requestId, code: (error as NodeJS.ErrnoException).code }, 'the event stream broke off')
        finish(null)
      }
    },
    cancel: () => finish(null),
  })
  if (over) leaving.abort()
  return new Response(body, { headers: { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' } })
}

/** A browser that does not read never takes the last word either; its connection must not outlive the session. */
function cutOffLater(outgoing: ServerResponse | undefined): void {
  if (!outgoing || outgoing.writableFinished || outgoing.destroyed) return
  const cut = setTimeout(() => outgoing.destroy(), lastWordMs)
  cut.unref()
  outgoing.once('close', () => clearTimeout(cut))
}

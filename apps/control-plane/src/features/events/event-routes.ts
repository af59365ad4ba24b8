import { streamEvents } from '@autopack/contract/events'
import type { App } from '@autopack/server-kit/create-app'
import type { Deps } from '../../deps.ts'
import { mountOperatorRoute } from '../../shared/mount.ts'
import { openEventStream } from './event-stream.ts'

export function mountEventRoutes(app: App, deps: Deps): void {
  mountOperatorRoute(app, deps, streamEvents, async ({ principal, c }) => {
    const stream = await openEventStream(deps, principal, c.req.header('last-event-id') ?? null)
    return new Response(stream, {
      headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
    })
  })
}

import type { ServerResponse } from 'node:http'
import { streamEvents } from '@autopack/contract/events'
import { consolePath } from '@autopack/contract/route'
import type { App } from '@autopack/server-kit/create-app'
import { mountRoute } from '@autopack/server-kit/mount-route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Deps } from '../../deps.ts'
import { withSession } from '../../shared/mount-console-route.ts'
import { relayEvents } from './relay-events.ts'

export function mountEventRelay(app: App, deps: Deps): void {
  mountRoute(app, streamEvents, { ...withSession(deps), path: consolePath }, async ({ principal, requestId, signal, c }) => {
    // Nobody reads the body of a HEAD, so an upstream stream would stay open behind it.
    if (c.req.method === 'HEAD') throw new ProblemError('method_not_allowed', 'This path takes GET.')
    return relayEvents(deps, {
      session: principal,
      requestId,
      signal,
      header: (name) => c.req.header(name),
      outgoing: (c.env as { outgoing?: ServerResponse } | undefined)?.outgoing,
    })
  })
}

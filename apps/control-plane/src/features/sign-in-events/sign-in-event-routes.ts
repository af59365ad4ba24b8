import { recordSignInEvents } from '@autopack/contract/operators'
import type { App } from '@autopack/server-kit/create-app'
import type { Deps } from '../../deps.ts'
import { mountConsoleRoute } from '../../shared/mount.ts'
import { recordSignInEvent } from './record-sign-in-event.ts'

export function mountSignInEventRoutes(app: App, deps: Deps): void {
  mountConsoleRoute(app, deps, recordSignInEvents, async ({ body, requestId }) => {
    let recorded = 0
    // One transaction each: the audit log takes one event a transaction, and what is recorded stays so when a later one fails.
    for (const event of body.events) if (await recordSignInEvent(deps, event, requestId)) recorded += 1
    return { recorded }
  })
}

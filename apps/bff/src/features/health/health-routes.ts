import { getHealth, getLiveness } from '@autopack/contract/status'
import type { App } from '@autopack/server-kit/create-app'
import { mountRoute } from '@autopack/server-kit/mount-route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import { isDatabaseReady } from './database-rows.ts'
import type { Deps } from '../../deps.ts'

const cacheMs = 1_000

export function mountHealth(app: App, deps: Deps): void {
  const authenticate = async () => null
  let asked = { at: Number.NEGATIVE_INFINITY, unready: Promise.resolve<string | null>(null) }

  // However often it is asked, the database and the control plane are asked once a second.
  const findUnready = (): Promise<string | null> => {
    const now = performance.now()
    if (now - asked.at >= cacheMs) {
      asked = {
        at: now,
        unready: Promise.all([isDatabaseReady(deps.db), deps.controlPlane.isReady()]).then(([database, controlPlane]) =>
          database ? (controlPlane ? null : 'The control plane is not ready.') : 'The database of the console cannot be reached.',
        ),
      }
    }
    return asked.unready
  }

  mountRoute(app, getHealth, { authenticate }, async () => {
    const unready = await findUnready()
    if (unready !== null) throw new ProblemError('not_ready', unready, { retryAfterSeconds: 2 })
    return { status: 'ready' as const }
  })
  mountRoute(app, getLiveness, { authenticate }, async () => ({ status: 'alive' as const }))
}

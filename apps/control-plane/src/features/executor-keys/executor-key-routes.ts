import { createExecutorKey, listExecutorKeys, revokeExecutorKey } from '@autopack/contract/executor-keys'
import type { App } from '@autopack/server-kit/create-app'
import type { Deps } from '../../deps.ts'
import { mountOperatorRoute } from '../../shared/mount.ts'
import { createKey } from './create-key.ts'
import { listExecutorKeyRows } from './executor-key-rows.ts'
import { revokeKey } from './revoke-key.ts'

export function mountExecutorKeyRoutes(app: App, deps: Deps): void {
  mountOperatorRoute(app, deps, listExecutorKeys, async () => ({ items: await listExecutorKeyRows(deps.db) }))
  mountOperatorRoute(app, deps, createExecutorKey, ({ principal, body, requestId }) => createKey(deps, { principal, body, requestId }))
  mountOperatorRoute(app, deps, revokeExecutorKey, ({ principal, params, requestId }) =>
    revokeKey(deps, { principal, keyId: params.key_id, requestId }),
  )
}

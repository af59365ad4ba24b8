import { createExecutorKey, listExecutorKeys, revokeExecutorKey, rotateExecutorKey } from '@autopack/contract/executor-keys'
import { listExecutors, shareExecutor as shareRoute, transferExecutor as transferRoute } from '@autopack/contract/executors'
import type { App } from '@autopack/server-kit/create-app'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Deps } from '../../deps.ts'
import { mountOperatorRoute } from '../../shared/mount.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { createKey } from './create-key.ts'
import { listExecutorKeyRows } from './executor-key-rows.ts'
import { presentExecutors } from './present-executors.ts'
import { revokeKey } from './revoke-key.ts'
import { rotateKey } from './rotate-key.ts'
import { shareExecutor } from './share-executor.ts'
import { transferExecutor } from './transfer-executor.ts'

export function mountExecutorKeyRoutes(app: App, deps: Deps): void {
  const presentOne = async (principal: OperatorPrincipal, executorId: string) => {
    const [executor] = await presentExecutors(deps.db, principal, await readClock(deps.db, deps.now), executorId)
    if (!executor) throw new ProblemError('not_found', 'There is no executor with this id, or you may not see it.')
    return executor
  }

  mountOperatorRoute(app, deps, listExecutors, async ({ principal }) => {
    const now = await readClock(deps.db, deps.now)
    return { items: await presentExecutors(deps.db, principal, now), now: now.toISOString() }
  })
  mountOperatorRoute(app, deps, transferRoute, async (input) => {
    await transferExecutor(deps, input)
    return presentOne(input.principal, input.params.executor_id)
  })
  mountOperatorRoute(app, deps, shareRoute, async (input) => {
    await shareExecutor(deps, input)
    return presentOne(input.principal, input.params.executor_id)
  })
  mountOperatorRoute(app, deps, listExecutorKeys, async () => ({ items: await listExecutorKeyRows(deps.db) }))
  mountOperatorRoute(app, deps, createExecutorKey, ({ principal, body, requestId }) => createKey(deps, { principal, body, requestId }))
  mountOperatorRoute(app, deps, rotateExecutorKey, (input) => rotateKey(deps, input))
  mountOperatorRoute(app, deps, revokeExecutorKey, (input) => revokeKey(deps, input))
}

import type { ControlInForce } from '@autopack/contract/control'
import type { Queryable } from '@autopack/server-kit/open-database'
import type { Deps } from '../deps.ts'
import { readClock } from '../shared/read-clock.ts'
import type { ExecutorPrincipal, OperatorPrincipal } from '../shared/principal.ts'
import { findControlState, listCapUse, listRunsOfExecutor, listVisibleExecutors, listVisibleRuns } from './control-rows.ts'
import { toCapReset, toUtcDay } from './daily-caps.ts'
import { toEffectiveControl } from './effective-control.ts'

/**
 * What is switched on right now and what is left of today's caps. For an executor, of the smaller brakes only those that stop it:
 * the runs and executors of others are not its business. A person reads that there is a brake, not over which run or executor it is
 * where they may not see that one: its id is empty then.
 */
export async function readControlInForce(
  deps: Pick<Deps, 'settings' | 'now'>,
  db: Queryable,
  viewer: ExecutorPrincipal | OperatorPrincipal,
): Promise<ControlInForce> {
  const now = await readClock(db, deps.now)
  const { deployment_caps, ...control } = toEffectiveControl(await findControlState(db), deps.settings.ceiling)
  const use = await listCapUse(db, toUtcDay(now))
  const caps = Object.entries(deployment_caps).map(([currency, cap]) => {
    const found = use.find((row) => row.scope === '' && row.currency === currency)
    const resets_at = toCapReset(now).toISOString()
    return { currency: currency === '' ? null : currency, cap, used: found?.used ?? 0, reserved: found?.reserved ?? 0, resets_at }
  })
  const brakes =
    viewer.kind === 'operator' ? await hideStrangers(db, control.brakes, viewer) : await listBrakesOfExecutor(db, control.brakes, viewer.executorId)
  return { ...control, brakes, caps, now: now.toISOString() }
}

async function listBrakesOfExecutor(db: Queryable, brakes: ControlInForce['brakes'], executorId: string): Promise<ControlInForce['brakes']> {
  const runIds = brakes.filter(({ kind }) => kind === 'run').map(({ id }) => id)
  const own = runIds.length === 0 ? [] : await listRunsOfExecutor(db, executorId, runIds)
  return brakes.filter(({ kind, id }) => kind === 'all' || kind === 'provider' || (kind === 'run' ? own.includes(id) : id === executorId))
}

async function hideStrangers(db: Queryable, brakes: ControlInForce['brakes'], viewer: OperatorPrincipal): Promise<ControlInForce['brakes']> {
  const idsOf = (kind: 'run' | 'executor') => brakes.flatMap((brake) => (brake.kind === kind ? [brake.id] : []))
  const [runIds, executorIds] = [idsOf('run'), idsOf('executor')]
  const runs = runIds.length === 0 ? [] : await listVisibleRuns(db, viewer, runIds)
  const executors = executorIds.length === 0 ? [] : await listVisibleExecutors(db, viewer, executorIds)
  return brakes.map((brake) => {
    const hidden = (brake.kind === 'run' && !runs.includes(brake.id)) || (brake.kind === 'executor' && !executors.includes(brake.id))
    return hidden ? { ...brake, id: '' } : brake
  })
}

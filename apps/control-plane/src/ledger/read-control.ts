import type { ControlInForce } from '@autopack/contract/control'
import type { Queryable } from '@autopack/server-kit/open-database'
import type { Deps } from '../deps.ts'
import { readClock } from '../shared/read-clock.ts'
import { findControlState, listCapUse, listRunsOfExecutor } from './control-rows.ts'
import { toCapReset, toUtcDay } from './daily-caps.ts'
import { toEffectiveControl } from './effective-control.ts'

/**
 * What is switched on right now and what is left of today's caps. For an executor, of the smaller brakes only those that stop it:
 * the runs and executors of others are not its business.
 */
export async function readControlInForce(deps: Pick<Deps, 'settings' | 'now'>, db: Queryable, executorId: string | null): Promise<ControlInForce> {
  const now = await readClock(db, deps.now)
  const { deployment_caps, ...control } = toEffectiveControl(await findControlState(db), deps.settings.ceiling)
  const use = await listCapUse(db, toUtcDay(now))
  const caps = Object.entries(deployment_caps).map(([currency, cap]) => {
    const found = use.find((row) => row.scope === '' && row.currency === currency)
    const resets_at = toCapReset(now).toISOString()
    return { currency: currency === '' ? null : currency, cap, used: found?.used ?? 0, reserved: found?.reserved ?? 0, resets_at }
  })
  const brakes = executorId === null ? control.brakes : await listBrakesOfExecutor(db, control.brakes, executorId)
  return { ...control, brakes, caps, now: now.toISOString() }
}

async function listBrakesOfExecutor(db: Queryable, brakes: ControlInForce['brakes'], executorId: string): Promise<ControlInForce['brakes']> {
  const runIds = brakes.filter(({ kind }) => kind === 'run').map(({ id }) => id)
  const own = runIds.length === 0 ? [] : await listRunsOfExecutor(db, executorId, runIds)
  return brakes.filter(({ kind, id }) => kind === 'all' || kind === 'provider' || (kind === 'run' ? own.includes(id) : id === executorId))
}

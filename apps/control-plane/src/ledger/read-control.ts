import type { Control } from '@autopack/contract/control'
import type { Queryable } from '@autopack/server-kit/open-database'
import type { Deps } from '../deps.ts'
import { readClock } from '../shared/read-clock.ts'
import { findControlRow, listCapUse } from './control-rows.ts'
import { toCapReset, toUtcDay } from './daily-caps.ts'
import { toEffectiveControl } from './effective-control.ts'

/** What is switched on right now and what is left of today's caps, as proposers, executors and people read it. */
export async function readControl(deps: Pick<Deps, 'settings' | 'now'>, db: Queryable): Promise<Control> {
  const now = await readClock(db, deps.now)
  const row = await findControlRow(db)
  const use = await listCapUse(db, toUtcDay(now))
  const useOf = (currency: string) => use.find((cap) => cap.scope === '' && cap.currency === currency) ?? { used: 0, reserved: 0 }
  const { ceiling } = deps.settings
  const toCap = (currency: string, cap: number): Control['caps'][number] => ({
    currency: currency === '' ? null : currency,
    cap,
    used: useOf(currency).used,
    reserved: useOf(currency).reserved,
    resets_at: toCapReset(now).toISOString(),
  })
  return {
    ...toEffectiveControl(row, ceiling),
    caps: [toCap('', ceiling.maxActionsPerDay), toCap('USD', ceiling.maxDailySpendUsdMinor)],
    now: now.toISOString(),
  }
}

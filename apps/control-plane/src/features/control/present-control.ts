import { catalog } from '@autopack/action-catalog/catalog'
import type { Descriptor } from '@autopack/approval-proof/descriptor'
import { controlSwitches } from '@autopack/contract/control'
import type { ControlSwitch } from '@autopack/contract/control'
import type { Control } from '@autopack/contract/operator-control'
import type { Deps } from '../../deps.ts'
import { findControlState, listCapUse } from '../../ledger/control-rows.ts'
import { toCapReset, toUtcDay } from '../../ledger/daily-caps.ts'
import { listCeilingCaps, toEffectiveControl } from '../../ledger/effective-control.ts'
import type { ControlRow, EffectiveControl } from '../../ledger/effective-control.ts'
import { switchCeilingOf, switchVariableOf } from '../../ledger/switch-variables.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { listEngagedBrakes } from './brake-rows.ts'
import { listWaiting, listWorkingCaps } from './control-change-rows.ts'
import type { Waiting } from './control-change-rows.ts'
import { toBrake } from './to-brake.ts'

/** Everything that decides whether something may happen: what is in force, what the environment allows, what operators set, who and when. */
export async function presentControl(deps: Deps, principal: OperatorPrincipal): Promise<Control> {
  const now = await readClock(deps.db, deps.now)
  const state = await findControlState(deps.db)
  const { ceiling } = deps.settings
  const { brakes: _, deployment_caps, ...inForce } = toEffectiveControl(state, ceiling)
  const working = new Map((await listWorkingCaps(deps.db)).map((row) => [row.currency, row]))
  const use = await listCapUse(deps.db, toUtcDay(now))
  const waiting = await listWaiting(deps.db, principal)
  const resets_at = toCapReset(now).toISOString()

  const toCap = (scope: string, currency: string, cap: number, relevant: (row: Waiting) => boolean) => {
    const found = use.find((row) => row.scope === scope && row.currency === currency)
    return {
      currency: currency === '' ? null : currency,
      scope: scope === '' ? null : scope,
      cap,
      ceiling: cap,
      working: null,
      set_by: null,
      set_at: null,
      used: found?.used ?? 0,
      reserved: found?.reserved ?? 0,
      waiting: sumWaiting(waiting.filter(relevant), currency),
      resets_at,
    }
  }
  const ofDeployment = Object.entries(listCeilingCaps(ceiling)).map(([currency, most]) => {
    const cap = { ...toCap('', currency, deployment_caps[currency] ?? 0, () => true), ceiling: most }
    const set = working.get(currency)
    return set === undefined
      ? cap
      : { ...cap, working: set.cap, set_by: { operator_id: set.set_by, name: set.name }, set_at: set.set_at.toISOString() }
  })
  const ofKinds = catalog.flatMap((descriptor) =>
    listKindCaps(descriptor).map(({ scope, currency, cap, granted }) =>
      toCap(scope, currency, cap, (row) => row.descriptor_id === descriptor.id && (row.granted || !granted)),
    ),
  )
  return {
    ...inForce,
    switches: controlSwitches.map((name) => ({
      name,
      on: toInForce(name, inForce),
      ceiling: switchCeilingOf(name, ceiling),
      row: toRowWord(name, state.row),
      variable: switchVariableOf(name),
    })),
    brakes: (await listEngagedBrakes(deps.db, principal)).map(toBrake),
    caps: [...ofDeployment, ...ofKinds],
    now: now.toISOString(),
  }
}

type KindCap = { scope: string; currency: string; cap: number; granted: boolean }

/** The limits of one kind of action, which the catalog sets, and those of its grant. */
function listKindCaps({ id, limits, grant }: Descriptor): KindCap[] {
  const of = (scope: string, granted: boolean, actions: number, amounts: Readonly<Record<string, number>>): KindCap[] => [
    { scope, currency: '', cap: actions, granted },
    ...Object.entries(amounts).map(([currency, cap]) => ({ scope, currency, cap, granted })),
  ]
  return [
    ...of(id, false, limits.actions_per_day, limits.amount_minor_per_day),
    ...(grant === null ? [] : of(`grant:${id}`, true, grant.actions_per_day, grant.cost_minor_per_day)),
  ]
}

function sumWaiting(rows: readonly Waiting[], currency: string): number {
  if (currency === '') return rows.reduce((sum, { count }) => sum + count, 0)
  // What executors ask for may be more than a number can say exactly.
  const amount = rows.reduce((sum, row) => sum + (row.currency === currency ? row.amount_minor : 0), 0)
  return Math.min(amount, Number.MAX_SAFE_INTEGER)
}

function toInForce(name: ControlSwitch, control: Omit<EffectiveControl, 'brakes' | 'deployment_caps'>): boolean {
  if (name === 'EXTERNAL_ACTIONS_ENABLED') return control.external_actions_enabled
  return name === 'DRY_RUN' ? control.dry_run : control.kill_switches[name]
}

/** What the row says; a kill switch that it does not name is off. */
export function toRowWord(name: ControlSwitch, row: ControlRow): boolean | null {
  if (row === null) return null
  if (name === 'EXTERNAL_ACTIONS_ENABLED') return row.external_actions_enabled
  return name === 'DRY_RUN' ? row.dry_run : row.kill_switches[name] === true
}

import type { AuditEvent } from '@autopack/contract/audit'
import type { Queryable } from '@autopack/server-kit/open-database'
import type { RevisionRow } from './action-rows.ts'
import { findCapUse } from './control-rows.ts'
import type { EffectiveControl } from './effective-control.ts'

/**
 * What an execution holds or spent, and how its day stands, in the currency of its cost. Null for an action without a cost.
 * `reserved`: it holds its cost; `spent`: its cost is spent.
 */
export async function toSpendSnapshot(
  db: Queryable,
  control: Pick<EffectiveControl, 'deployment_caps'>,
  revision: Pick<RevisionRow, 'cost_amount_minor' | 'cost_currency'>,
  state: { day: string; reserved: boolean; spent: boolean },
): Promise<AuditEvent['spend_snapshot']> {
  const { cost_amount_minor, cost_currency } = revision
  if (cost_amount_minor === null || cost_currency === null) return null
  const use = await findCapUse(db, state.day, '', cost_currency)
  return {
    reserved_minor: state.reserved ? cost_amount_minor : 0,
    actual_minor: state.spent ? cost_amount_minor : null,
    spent_today_minor: use.used,
    cap_minor: control.deployment_caps[cost_currency] ?? 0,
    currency: cost_currency,
  }
}

import type { ExternalAction } from '@autopack/contract/external-actions'
import type { Role } from '@autopack/contract/roles'

type Needed = ExternalAction['still_needed'][number]

/** More approvals are missing than the people who may see it can give. `role`: what the missing ones have to be. */
export type Shortfall = { role: Role; needed: number; people: Needed['people'] }

/**
 * Whether everybody who may see it, and has not decided, could still complete it together; null: they could. Admins are approvers too, and
 * nobody fills two places, so both groups have to be covered by the same people.
 */
export function findShortfall(stillNeeded: readonly Needed[]): Shortfall | null {
  const admins = stillNeeded.filter(({ role }) => role === 'admin')
  const others = stillNeeded.filter(({ role }) => role !== 'admin')
  const wide = others[0]
  return (
    findGap('admin', admins, admins[0]) ??
    // Who may be an approver includes every admin.
    (wide === undefined ? null : findGap(wide.role, stillNeeded, wide))
  )
}

function findGap(role: Role, groups: readonly Needed[], from: Needed | undefined): Shortfall | null {
  if (from === undefined) return null
  const needed = groups.reduce((sum, { count }) => sum + count, 0)
  return from.people_total < needed ? { role, needed, people: from.people } : null
}

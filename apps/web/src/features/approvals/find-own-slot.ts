import { choosePlace, type Role } from '@autopack/contract/roles'

type Slot = { role: Role; filled_by: object | null }

/** The open place that this person would fill, as the control plane chooses it; -1: none. */
export function findOwnSlot(slots: readonly Slot[], role: Role): number {
  const open = slots.filter((slot) => slot.filled_by === null)
  const place = choosePlace(
    open.map((slot) => slot.role),
    role,
  )
  return place === -1 ? -1 : slots.indexOf(open[place]!)
}

import { hasRole, type Role } from '@autopack/contract/roles'

type Slot = { role: Role; filled_by: object | null }

/** The open place that this person would fill, as the control plane chooses it: the one that asks for least; -1: none. */
export function findOwnSlot(slots: readonly Slot[], role: Role): number {
  const isOpen = (slot: Slot) => slot.filled_by === null
  const least = slots.findIndex((slot) => isOpen(slot) && slot.role === 'approver' && hasRole(role, 'approver'))
  return least !== -1 ? least : slots.findIndex((slot) => isOpen(slot) && hasRole(role, slot.role))
}

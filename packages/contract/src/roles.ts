/** Roles are cumulative: viewer ⊂ approver ⊂ admin. */
import * as z from 'zod/mini'

export const roles = ['viewer', 'approver', 'admin'] as const
export type Role = (typeof roles)[number]
export const roleSchema = z.enum(roles)

export function hasRole(held: Role, needed: Role | 'anyone'): boolean {
  return needed === 'anyone' || roles.indexOf(held) >= roles.indexOf(needed)
}

/**
 * The place among `open` (the roles that open places ask for) that somebody with this role takes, as its number; -1: none. The one that asks
 * for most: everybody who could take it could take the others too, so whoever comes later finds the most room.
 */
export function choosePlace(open: readonly Role[], role: Role): number {
  const most = roles.findLast((needed) => hasRole(role, needed) && open.includes(needed))
  return most === undefined ? -1 : open.indexOf(most)
}

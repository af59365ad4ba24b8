/** Roles are cumulative: viewer ⊂ approver ⊂ admin. */
import * as z from 'zod/mini'

export const roles = ['viewer', 'approver', 'admin'] as const
export type Role = (typeof roles)[number]
export const roleSchema = z.enum(roles)

export function hasRole(held: Role, needed: Role | 'anyone'): boolean {
  return needed === 'anyone' || roles.indexOf(held) >= roles.indexOf(needed)
}

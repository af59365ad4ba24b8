import type { Role } from '@autopack/contract/roles'

/** One person of a role: `an admin`. */
export function toOneOf(role: Role): string {
  return role === 'viewer' ? 'a viewer' : `an ${role}`
}

/** Some people of a role: `2 approvers`. */
export function toSeveralOf(role: Role, count: number): string {
  return `${count} ${role}${count === 1 ? '' : 's'}`
}

/** What a role may do; each may what the ones before it may. */
export const roleMeanings: Readonly<Record<Role, string>> = {
  viewer: 'reads what they may see',
  approver: 'reads, decides, stops',
  admin: 'decides, and manages people, keys and limits',
}

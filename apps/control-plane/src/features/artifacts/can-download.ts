import type { Artifact } from '@autopack/contract/artifacts'
import type { Role } from '@autopack/contract/roles'
import { hasRole } from '@autopack/contract/roles'

/**
 * Who may take the bytes. What surely holds a secret, and a text that could not be redacted, nobody; what could not be searched an admin,
 * who takes it as it is and answers for it in the audit log.
 */
export function canDownload(role: Role, withheld: Artifact['withheld']): 'yes' | 'admins_only' | 'nobody' {
  switch (withheld) {
    case null:
      return 'yes'
    case 'not_searchable':
    case 'not_searched':
      return hasRole(role, 'admin') ? 'yes' : 'admins_only'
    default:
      return 'nobody'
  }
}

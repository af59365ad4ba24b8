import type { Deps } from '../../deps.ts'
import { AuditedRefusal } from '../../shared/audited-refusal.ts'
import type { ConsolePrincipal } from '../../shared/principal.ts'

/** The same whether it is wrong, used, taken back or too old. Nobody has shown to be anybody: counted here, listed with addresses by the console. */
export function refuseInvite(deps: Deps, principal: ConsolePrincipal): AuditedRefusal {
  deps.refusals.note(principal, 'invite_refused')
  return new AuditedRefusal('invite_refused', 'This invite does not hold: it was used, taken back or is too old. Ask an admin for another one.')
}

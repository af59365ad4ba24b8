import type { Role } from '@autopack/contract/roles'
import type { Deps } from '../../deps.ts'
import type { AuditedRefusal } from '../../shared/audited-refusal.ts'
import { canAdminister } from './can-administer.ts'
import { lockAdministration } from './lock-administration.ts'
import { updatePerson } from './operator-rows.ts'
import { recordPersonChange } from './record-person-change.ts'
import { refuseAdministration } from './refuse-administration.ts'
import type { Administrator } from './refuse-administration.ts'

type Input = { principal: Administrator; operatorId: string; role: Role; reason: string; requestId: string | null }

/** Their sessions end with it, so that nobody acts on a page that was made for another role. Throws `not_found`, `own_role`, `last_admin`. */
export async function setRole(deps: Pick<Deps, 'db'>, { principal, operatorId, role, reason, requestId }: Input): Promise<void> {
  const refusal = await deps.db.transaction(async (tx): Promise<AuditedRefusal | null> => {
    const { person, facts } = await lockAdministration(tx, principal, operatorId)
    const summary = `${person.name}: ${person.role} → ${role}`
    const may = canAdminister({ ...facts, act: 'set_role', role })
    if (!may.allowed) {
      return refuseAdministration(tx, { principal, act: 'set_role', operatorId, summary, reason, requestId }, may.code, may.detail)
    }
    if (person.role === role) return null
    const changed = await updatePerson(tx, operatorId, { role })
    await recordPersonChange(tx, principal, changed, { event_type: 'operator.role_set', payload_summary: summary, reason }, { requestId })
    return null
  })
  if (refusal) throw refusal
}

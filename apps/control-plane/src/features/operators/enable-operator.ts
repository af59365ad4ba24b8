import type { Deps } from '../../deps.ts'
import type { AuditedRefusal } from '../../shared/audited-refusal.ts'
import { canAdminister } from './can-administer.ts'
import { lockAdministration } from './lock-administration.ts'
import { updatePerson } from './operator-rows.ts'
import { recordPersonChange } from './record-person-change.ts'
import { refuseAdministration } from './refuse-administration.ts'
import type { Administrator } from './refuse-administration.ts'

type Input = { principal: Administrator; operatorId: string; reason: string; requestId: string | null }

/** Lets somebody in again; sessions of before stay over. Throws `not_found`, `not_joined`. */
export async function enableOperator(deps: Pick<Deps, 'db'>, { principal, operatorId, reason, requestId }: Input): Promise<void> {
  const refusal = await deps.db.transaction(async (tx): Promise<AuditedRefusal | null> => {
    const { person, facts } = await lockAdministration(tx, principal, operatorId)
    const may = canAdminister({ ...facts, act: 'enable' })
    if (!may.allowed) {
      if (may.code === 'not_open') return null
      const attempt = { principal, act: 'enable', operatorId, summary: person.name, reason, requestId } as const
      return refuseAdministration(tx, attempt, may.code, may.detail)
    }
    const changed = await updatePerson(tx, operatorId, { enabled: true })
    const summary = `${person.name}, ${person.role}`
    await recordPersonChange(tx, principal, changed, { event_type: 'operator.enabled', payload_summary: summary, reason }, { requestId })
    return null
  })
  if (refusal) throw refusal
}

import type { Deps } from '../../deps.ts'
import { AuditedRefusal } from '../../shared/audited-refusal.ts'
import { endInvite } from '../../shared/invite-rows.ts'
import { readClock } from '../../shared/read-clock.ts'
import { canAdminister } from './can-administer.ts'
import type { Invited } from './invite-operator.ts'
import { issueInvite } from './issue-invite.ts'
import { lockAdministration } from './lock-administration.ts'
import { recordPersonChange } from './record-person-change.ts'
import { refuseAdministration } from './refuse-administration.ts'
import type { Administrator } from './refuse-administration.ts'

type Input = { principal: Administrator; operatorId: string; reason: string; requestId: string | null }

/** Another link for somebody who has never come in; every earlier one is void. Throws `not_found`, `already_joined`. */
export async function reissueInvite(deps: Pick<Deps, 'db' | 'now'>, { principal, operatorId, reason, requestId }: Input): Promise<Invited> {
  const result = await deps.db.transaction(async (tx): Promise<Invited | AuditedRefusal> => {
    const { person, facts } = await lockAdministration(tx, principal, operatorId)
    const may = canAdminister({ ...facts, act: 'reissue_invite' })
    if (!may.allowed) {
      const attempt = { principal, act: 'reissue_invite', operatorId, summary: person.name, reason, requestId } as const
      return refuseAdministration(tx, attempt, may.code, may.detail)
    }
    const now = await readClock(tx, deps.now)
    await endInvite(tx, operatorId, 'reissued', now)
    const issued = await issueInvite(tx, principal, operatorId, now)
    const summary = `${person.name}, ${person.role}; until ${issued.expires_at}`
    await recordPersonChange(tx, principal, person, { event_type: 'operator.invite_reissued', payload_summary: summary, reason }, { requestId })
    return { operatorId, ...issued }
  })
  if (result instanceof AuditedRefusal) throw result
  return result
}

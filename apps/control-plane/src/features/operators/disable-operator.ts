import type { Deps } from '../../deps.ts'
import type { AuditedRefusal } from '../../shared/audited-refusal.ts'
import { endInvite, endInvitesBy, toEndedWords } from '../../shared/invite-rows.ts'
import { readClock } from '../../shared/read-clock.ts'
import { canAdminister } from './can-administer.ts'
import { lockAdministration } from './lock-administration.ts'
import { countLiveKeysOf, updatePerson } from './operator-rows.ts'
import { recordPersonChange } from './record-person-change.ts'
import { refuseAdministration } from './refuse-administration.ts'
import type { Administrator } from './refuse-administration.ts'

type Input = { principal: Administrator; operatorId: string; reason: string; requestId: string | null }

/**
 * From this commit on the person decides nothing: every decision reads their row again. Invites of theirs, and those that they
 * made, are void; their executors begin nothing new. Somebody who
 * is disabled already stays so without a word. Throws `not_found`, `last_admin`.
 */
export async function disableOperator(deps: Pick<Deps, 'db' | 'now'>, { principal, operatorId, reason, requestId }: Input): Promise<void> {
  const refusal = await deps.db.transaction(async (tx): Promise<AuditedRefusal | null> => {
    const { person, facts } = await lockAdministration(tx, principal, operatorId)
    const may = canAdminister({ ...facts, act: 'disable' })
    const now = await readClock(tx, deps.now)
    const attempt = { principal, act: 'disable', operatorId, summary: person.name, reason, requestId, now } as const
    if (!may.allowed) return may.code === 'not_open' ? null : refuseAdministration(tx, attempt, may)
    const inviteEnded = await endInvite(tx, operatorId, 'disabled', now)
    const changed = person.enabled ? await updatePerson(tx, operatorId, { enabled: false }) : person
    const invitesEnded = await endInvitesBy(tx, operatorId, now)
    const keys = await countLiveKeysOf(tx, operatorId, deps.now)
    const summary = [
      `${person.name}, ${person.role}`,
      ...(inviteEnded ? ['the invite is void'] : []),
      ...(keys > 0 ? [`live keys of their executors, which begin nothing new: ${keys}`] : []),
    ].join('; ')
    await recordPersonChange(
      tx,
      principal,
      changed,
      { event_type: 'operator.disabled', payload_summary: summary + toEndedWords(invitesEnded), reason },
      { requestId },
    )
    return null
  })
  if (refusal) throw refusal
}

import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Deps } from '../../deps.ts'
import { endInvitesBy, toEndedWords } from '../../shared/invite-rows.ts'
import { openEnrolmentAgain, removeAllPasskeys } from '../../shared/passkey-rows.ts'
import type { SystemPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { lockAdministration } from './lock-administration.ts'
import { recordPersonChange } from './record-person-change.ts'

const enrolmentHours = 24

type Input = { principal: SystemPrincipal; operatorId: string; reason: string; requestId: null }

/**
 * For the only admin, whose passkeys are lost: nobody is left to sign a reset. They are out of use, what they signed and nobody claimed counts
 * no more, sessions of before are over, invites they made are void, and a first one may be made within a day. Returns until when. Throws
 * `not_found`, `not_joined`.
 */
export async function allowPasskey(deps: Pick<Deps, 'db' | 'now'>, { principal, operatorId, reason, requestId }: Input): Promise<string> {
  return deps.db.transaction(async (tx) => {
    const { person } = await lockAdministration(tx, principal, operatorId)
    if (person.joined_at === null) throw new ProblemError('not_joined', `${person.name} has never come in. Issue another invite.`)
    const now = await readClock(tx, deps.now)
    // Taken out of use in the person's stead; who did it stands in the audit log.
    const removed = await removeAllPasskeys(tx, operatorId, { at: now, by: operatorId })
    const until = new Date(now.getTime() + enrolmentHours * 3_600_000)
    const version = await openEnrolmentAgain(tx, operatorId, { at: now, until, by: null, reason })
    const invites = toEndedWords(await endInvitesBy(tx, operatorId, now))
    const summary = `${person.name}: ${removed} passkeys out of use; a first one may be made until ${until.toISOString()}${invites}`
    const changed = { ...person, version }
    await recordPersonChange(tx, principal, changed, { event_type: 'passkey.reset', payload_summary: summary, reason }, { requestId })
    return until.toISOString()
  })
}

/** Somebody comes in by the token of their invite; the console keeps the password they chose. */
import type { acceptOperatorInvite, Operator } from '@autopack/contract/operators'
import type { BodyOf } from '@autopack/contract/route'
import { hashOneTimeToken } from '@autopack/server-kit/one-time-token'
import { recordAudit } from '../../audit/record-audit.ts'
import type { Deps } from '../../deps.ts'
import { recordEvent } from '../../events/record-event.ts'
import { acceptInviteRow, lockInvited } from '../../shared/invite-rows.ts'
import type { ConsolePrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { toOperator } from '../../shared/to-operator.ts'
import { refuseInvite } from './refuse-invite.ts'

type Input = { principal: ConsolePrincipal; body: BodyOf<typeof acceptOperatorInvite>; requestId: string }

/**
 * Enables the person, and lets them make their first passkey. With the same token again, until they have signed in, it answers
 * the same person: the console may have been cut off before it could store the password. Throws `invite_refused`.
 */
export async function acceptInvite(deps: Deps, { principal, body, requestId }: Input): Promise<Operator> {
  const accepted = await deps.db.transaction(async (tx): Promise<Operator | null> => {
    const held = await lockInvited(tx, hashOneTimeToken(body.token), deps.now)
    if (!held?.live) return null
    if (held.invite.accepted_at !== null) return toOperator(held.person)
    const now = await readClock(tx, deps.now)
    const person = await acceptInviteRow(tx, held, now)
    const facts = { external_object_id: person.operator_id, payload_summary: `${person.name}, ${person.role}, by an invite` }
    await recordAudit(tx, principal, { event_type: 'operator.joined', result_status: 'ok', ...facts }, { requestId })
    await recordEvent(tx, {
      type: 'operator.changed',
      resource: { kind: 'operator', id: person.operator_id },
      version: person.version,
      executorId: null,
      ownerOperatorId: person.operator_id,
    })
    return toOperator(person)
  })
  if (accepted === null) throw refuseInvite(deps, principal)
  return accepted
}

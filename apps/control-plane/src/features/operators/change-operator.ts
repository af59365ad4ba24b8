/** What whoever runs the server may do to people without being signed in: for when nobody who may do it can sign in any more. */
import { roleSchema } from '@autopack/contract/roles'
import { operatorNameSchema } from '@autopack/contract/primitives'
import * as z from 'zod/mini'
import type { Deps } from '../../deps.ts'
import type { SystemPrincipal } from '../../shared/principal.ts'
import { allowPasskey } from './allow-passkey.ts'
import { disableOperator } from './disable-operator.ts'
import { enableOperator } from './enable-operator.ts'
import { inviteOperator } from './invite-operator.ts'
import { listPeople } from './operator-rows.ts'
import { reissueInvite } from './reissue-invite.ts'

export const changeVerbs = ['invite', 'disable', 'enable', 'allow-passkey'] as const

/** Thrown for what was typed, with a sentence about it. */
export class NotChanged extends Error {}

const principal: SystemPrincipal = { kind: 'system', name: 'operators-command' }
const needsReason = 'Say why, after the name; it goes into the audit log.'

/** `words`: what stands after the verb, the name first. Returns the lines to print. Throws NotChanged, and the ProblemErrors of the acts. */
export async function changeOperator(
  deps: Pick<Deps, 'db' | 'now' | 'settings'>,
  verb: (typeof changeVerbs)[number],
  words: readonly string[],
  consoleOrigin: string,
): Promise<string[]> {
  const [name = '', ...rest] = words
  const person = (await listPeople(deps.db, deps.now)).find((listed) => listed.person.name === name)?.person
  if (verb === 'invite') {
    const role = z.safeParse(roleSchema, rest[0])
    const wanted = z.safeParse(operatorNameSchema, name)
    if (!role.success || !wanted.success || rest.length > 1) throw new NotChanged('Give a name and a role: viewer, approver or admin.')
    const invited = person
      ? await reissueInvite(deps, { principal, operatorId: person.operator_id, reason: 'by whoever runs the server', requestId: null })
      : await inviteOperator(deps, { principal, body: { name: wanted.data, role: role.data }, requestId: null })
    return [
      `${wanted.data}, ${person?.role ?? role.data}, may come in with this link until ${invited.expires_at}:`,
      `${consoleOrigin}/invite#token=${invited.secret}`,
    ]
  }
  if (!person) throw new NotChanged(`There is nobody called ${name}. "list" shows who there is.`)
  const reason = rest.join(' ').trim()
  if (reason === '' || reason.length > 1_000) throw new NotChanged(needsReason)
  const change = { principal, operatorId: person.operator_id, reason, requestId: null }
  if (verb === 'disable') {
    await disableOperator(deps, change)
    return [`${name} is disabled.`]
  }
  if (verb === 'enable') {
    await enableOperator(deps, change)
    return [`${name} is enabled.`]
  }
  const until = await allowPasskey(deps, change)
  return [`All passkeys of ${name} are out of use. After signing in with the password, ${name} may make a first one until ${until}.`]
}

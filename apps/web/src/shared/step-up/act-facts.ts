import { toAgentWords } from '../agent-text.tsx'
import type { SignableAct } from './signable-act.ts'

/** What this browser has read about the things that an act names by id. */
export type KnownThings = {
  passkeys: readonly { credential_id: string; name: string; created_at: string }[]
  people: readonly { operator_id: string; name: string }[]
  executors: readonly { executor_id: string; name: string }[]
  brakes: readonly { brake_id: string; reason: string }[]
}

/** `at`: a moment, which the page writes as it writes all of them. `id`: nothing here knows it by a name. */
export type ActFact = { label: string; value: string; form: 'text' | 'at' | 'id' }

/** What exactly is signed, beside the name of the act: every fact of the statement, as a person knows it. */
export function listActFacts(act: SignableAct, known: KnownThings): ActFact[] {
  const text = (label: string, value: string): ActFact => ({ label, value: toAgentWords(value), form: 'text' })
  const named = (label: string, id: string, name: string | undefined): ActFact =>
    name === undefined ? { label, value: id, form: 'id' } : text(label, name)
  const person = (label: string, id: string) => named(label, id, known.people.find(({ operator_id }) => operator_id === id)?.name)
  switch (act.purpose) {
    case 'brake_release':
      return [named('Stop', act.brake_id, known.brakes.find(({ brake_id }) => brake_id === act.brake_id)?.reason)]
    case 'cap_raise':
      return [text(act.currency === null ? 'Actions a day' : `A day, in minor units of ${act.currency}`, String(act.cap))]
    case 'switch':
      return [text(act.name, act.on ? 'on' : 'off')]
    case 'passkey_remove': {
      const passkey = known.passkeys.find(({ credential_id }) => credential_id === act.credential_id)
      const name = named('Passkey', act.credential_id, passkey?.name)
      return passkey === undefined ? [name] : [name, { label: 'Added', value: passkey.created_at, form: 'at' }]
    }
    case 'passkey_reset':
    case 'operator_enable':
      return [person('Person', act.operator_id)]
    case 'operator_role':
      return [person('Person', act.operator_id), text('Role', act.role)]
    case 'operator_invite':
      return [text('Name', act.name), text('Role', act.role)]
    case 'executor_key':
      return [
        text('Executor', act.executor_name),
        person('Owner', act.owner_operator_id),
        ...(act.key_id === null ? [] : [text('Instead of', act.key_id)]),
        text('May', act.scopes),
        text('Days', String(act.expires_in_days)),
        ...(act.old_key_hours === null ? [] : [text('Hours that the old key works on', String(act.old_key_hours))]),
        text('Everybody sees what it does', act.shared_with_everyone ? 'yes' : 'no'),
      ]
    case 'executor_transfer':
      return [
        named('Executor', act.executor_id, known.executors.find(({ executor_id }) => executor_id === act.executor_id)?.name),
        person('New owner', act.owner_operator_id),
      ]
  }
}

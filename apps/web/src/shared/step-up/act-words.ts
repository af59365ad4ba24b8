import { toAgentWords } from '../agent-text.tsx'
import type { SignableAct } from './signable-act.ts'

/** What exactly is signed, beside the name of the act: every fact of the statement that a person can read. */
export function listActFacts(act: SignableAct): { label: string; value: string }[] {
  switch (act.purpose) {
    case 'brake_release':
      return [{ label: 'Stop', value: act.brake_id }]
    case 'cap_raise':
      return [{ label: act.currency === null ? 'Actions a day' : `A day, in minor units of ${act.currency}`, value: String(act.cap) }]
    case 'switch':
      return [{ label: act.name, value: act.on ? 'on' : 'off' }]
    case 'passkey_remove':
      return [{ label: 'Passkey', value: act.credential_id }]
    case 'passkey_reset':
    case 'operator_enable':
      return [{ label: 'Person', value: act.operator_id }]
    case 'operator_role':
      return [
        { label: 'Person', value: act.operator_id },
        { label: 'Role', value: act.role },
      ]
    case 'operator_invite':
      return [
        { label: 'Name', value: toAgentWords(act.name) },
        { label: 'Role', value: act.role },
      ]
    case 'executor_key':
      return [
        { label: 'Executor', value: act.executor_name },
        { label: 'Owner', value: act.owner_operator_id },
        ...(act.key_id === null ? [] : [{ label: 'Instead of', value: act.key_id }]),
        { label: 'May', value: act.scopes },
        { label: 'Days', value: String(act.expires_in_days) },
        ...(act.old_key_hours === null ? [] : [{ label: 'Hours that the old key works on', value: String(act.old_key_hours) }]),
        { label: 'Everybody sees what it does', value: act.shared_with_everyone ? 'yes' : 'no' },
      ]
    case 'executor_transfer':
      return [
        { label: 'Executor', value: act.executor_id },
        { label: 'New owner', value: act.owner_operator_id },
      ]
  }
}

import type { JsonValue } from './canonical-profile.ts'
import { nonceForm, operatorIdForm, readStatement, toChallenge, writeStatement } from './statement-shape.ts'
import type { StatementProblem, StatementShape } from './statement-shape.ts'

const actDomain = 'autopack-act/1'

/** What a person signs besides approvals. */
export const actPurposes = [
  'brake_release',
  'cap_raise',
  'switch',
  'passkey_add',
  'passkey_remove',
  'passkey_reset',
  'operator_invite',
  'operator_role',
  'operator_enable',
  'executor_key',
  'executor_transfer',
] as const
export type ActPurpose = (typeof actPurposes)[number]

/** Everything that decides the effect of the act, flat, so that it can be read aloud. At most 30 members. */
export type ActSubject = { [name: string]: string | number | boolean | null }

export type ActStatement = {
  v: typeof actDomain
  purpose: ActPurpose
  subject: ActSubject
  operator: { sub: string }
  /** One use, for this person, purpose and subject. */
  nonce: string
}

const shape: StatementShape = {
  v: actDomain,
  purpose: (value) => (actPurposes as readonly JsonValue[]).includes(value),
  subject: isSubject,
  operator: { sub: operatorIdForm },
  nonce: nonceForm,
}

/** The canonical text of a signed act. Throws Error, with the place, for a statement that {@link readActStatement} would refuse. */
export function toActStatement(facts: Omit<ActStatement, 'v'>): string {
  return writeStatement({ ...facts, v: actDomain }, shape)
}

/** Reads the text of a signed act; refuses unknown and missing members and every text that is not its own canonical form. Never throws. */
export function readActStatement(text: string): { ok: true; statement: ActStatement } | StatementProblem {
  const read = readStatement(text, shape)
  return read.ok ? { ok: true, statement: read.value as ActStatement } : read
}

/** The 32 bytes to sign: SHA-256("autopack-act/1" ‖ 0x00 ‖ statement). Throws TypeError for a text without UTF-8 form. */
export function actChallenge(statementText: string): Uint8Array<ArrayBuffer> {
  return toChallenge(actDomain, statementText)
}

function isSubject(value: JsonValue): boolean {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false
  const members = Object.entries(value)
  return (
    members.length <= 30 && members.every(([name, member]) => /^[a-z][a-z0-9_]{0,63}$/.test(name) && (member === null || typeof member !== 'object'))
  )
}

import type { ActSubject } from './act-statement.ts'

/**
 * The subject of a signed act from what its challenge was asked for: every member but the purpose. That of `passkey_add` is another one,
 * `{ credential_id, name }` of the new key: nobody knows them before there is one.
 */
export function toActSubject(asked: { purpose: string } & ActSubject): ActSubject {
  const { purpose: _, ...members } = asked
  return members
}

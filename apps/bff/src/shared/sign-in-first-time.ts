/** Somebody who has never signed in chooses a password by a link, and is signed in with it. */
import type { Operator } from '@autopack/contract/operators'
import { foldName } from '@autopack/server-kit/fold-name'
import type { Deps } from '../deps.ts'
import type { Caller } from './caller.ts'
import { createSessionId } from './current-session.ts'
import { openSession, toSignedIn } from './open-session.ts'
import type { SignedIn } from './open-session.ts'
import { recordOutboxEvent } from './outbox-rows.ts'
import type { SessionRow } from './session-rows.ts'
import { createSignIn, findSignIn } from './sign-in-rows.ts'

type FirstTime = {
  password: string
  caller: Caller
  oldSession: SessionRow | null
  /** For the audit log: `the set-up link`. */
  by: string
}

/** `has_password`: whoever came first with the link has chosen it; `name_taken`: by somebody else. Nothing is overwritten. */
export async function signInFirstTime(
  deps: Deps,
  operator: Operator,
  { password, caller, oldSession, by }: FirstTime,
): Promise<SignedIn | 'has_password' | 'name_taken'> {
  const password_hash = await deps.passwords.hash(password)
  const { sid, sidSha256 } = createSessionId()
  const now = deps.now()
  const { operator_id, name } = operator
  const opened = await deps.db.transaction(async (tx) => {
    const signIn = { operator_id, name, name_folded: foldName(name), password_hash, generated: false, changed_at: now }
    if (!(await createSignIn(tx, signIn))) return (await findSignIn(tx, operator_id)) ? 'has_password' : 'name_taken'
    const made = await openSession(tx, { operator, sidSha256, amr: ['pwd'], caller, oldSession, now })
    await recordOutboxEvent(tx, { kind: 'signed_in', operator_id, name, detail: `by ${by}, from ${caller.address}` }, now)
    return made
  })
  if (typeof opened === 'string') return opened
  deps.streams.endSessions(opened.ended, 'signed_out')
  return toSignedIn(deps, opened.row, sid, null)
}

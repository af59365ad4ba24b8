/** The first person: the control plane makes them by the token of the link, the password stays here, and they are signed in. */
import { createFirstOperator } from '@autopack/contract/operators'
import type { Operator } from '@autopack/contract/operators'
import type { ProblemCode } from '@autopack/contract/problems'
import type { BodyOf } from '@autopack/contract/route'
import type { setUp } from '@autopack/contract/set-up'
import type { Queryable } from '@autopack/server-kit/open-database'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Deps } from '../../deps.ts'
import type { Caller } from '../../shared/caller.ts'
import { addressBucket } from '../../shared/client-address.ts'
import { createSessionId } from '../../shared/current-session.ts'
import { openSession, toSignedIn } from '../../shared/open-session.ts'
import type { SignedIn } from '../../shared/open-session.ts'
import { recordOutboxEvent } from '../../shared/outbox-rows.ts'
import { refusedPassword } from '../../shared/refused-password.ts'
import type { SessionRow } from '../../shared/session-rows.ts'
import { createSignIn, findSignIn, foldName } from '../../shared/sign-in-rows.ts'
import type { Bucket } from '../../shared/throttle.ts'

export type SetUp = BodyOf<typeof setUp> & { caller: Caller; requestId: string; signal: AbortSignal; oldSession: SessionRow | null }

/** What only somebody gets who tries links: it is paid for like a failed sign-in, and recorded like one. */
const guesses: readonly ProblemCode[] = ['setup_link_refused', 'setup_begun', 'setup_closed']

/**
 * Throws `weak_password`, `setup_link_refused`, `setup_begun`, `setup_closed`, `name_taken`, `too_many_attempts`,
 * `login_busy`, and what the control plane cannot do. Whatever it throws, the same link finishes what it began.
 */
export async function setUpConsole(deps: Deps, input: SetUp): Promise<SignedIn> {
  const buckets: Bucket[] = [{ kind: 'address', key: addressBucket(input.caller.address), progressive: false }]
  const refuse = (code: ProblemCode, why: string) =>
    deps.refusals.record({ kind: 'sign_in_refused', operator_id: null, name: input.name, code, detail: `${why}, from ${input.caller.address}` })

  await deps.throttle.take(buckets).catch(async (error: unknown) => {
    if (error instanceof ProblemError) await refuse(error.code, 'set-up after too many failed attempts')
    throw error
  })
  try {
    // Before the control plane is asked: nothing is begun with a password that cannot be taken.
    const refused = refusedPassword(input.password, input.name, null)
    if (refused !== null) throw new ProblemError('weak_password', refused)
    const operator = await makeOperator(deps, input)
    const signedIn = await storeAndSignIn(deps, operator, input)
    await deps.throttle.giveBack(buckets)
    return signedIn
  } catch (error) {
    if (error instanceof ProblemError && guesses.includes(error.code)) await refuse(error.code, 'set-up refused')
    else await deps.throttle.giveBack(buckets)
    throw error
  }
}

async function makeOperator(deps: Deps, { token, name, requestId, signal }: SetUp): Promise<Operator> {
  const passage = { subject: 'console' as const, requestId, headers: {}, signal }
  const { data } = await deps.controlPlane.call(createFirstOperator, { body: { token, name } }, passage)
  return data!
}

async function storeAndSignIn(deps: Deps, operator: Operator, { password, caller, oldSession }: SetUp): Promise<SignedIn> {
  const password_hash = await deps.passwords.hash(password)
  const { sid, sidSha256 } = createSessionId()
  const now = deps.now()
  const { operator_id, name } = operator
  const { row, ended } = await deps.db.transaction(async (tx) => {
    const signIn = { operator_id, name, name_folded: foldName(name), password_hash, generated: false, changed_at: now }
    // Whoever came first with this link has the password; nothing is overwritten.
    if (!(await createSignIn(tx, signIn))) throw await toTaken(tx, operator_id)
    const opened = await openSession(tx, { operator, sidSha256, amr: ['pwd'], caller, oldSession, now })
    const detail = `by the set-up link, from ${caller.address}`
    await recordOutboxEvent(tx, { kind: 'signed_in', operator_id, name, detail }, now)
    return opened
  })
  deps.streams.endSessions(ended, 'signed_out')
  return toSignedIn(deps, row, sid, null)
}

async function toTaken(tx: Queryable, operatorId: string): Promise<ProblemError> {
  if (await findSignIn(tx, operatorId)) return new ProblemError('setup_closed', 'Somebody has set this console up with this link already. Sign in.')
  return new ProblemError(
    'name_taken',
    'The database of the console knows somebody else by this name, of another control plane. Give the console an empty database (BFF_DATABASE_URL or AUTOPACK_DATA_DIR), then open the link again.',
  )
}

/** The first person: the control plane makes them by the token of the link, the password stays here, and they are signed in. */
import { createFirstOperator } from '@autopack/contract/operators'
import type { Operator } from '@autopack/contract/operators'
import type { ProblemCode } from '@autopack/contract/problems'
import type { BodyOf } from '@autopack/contract/route'
import type { setUp } from '@autopack/contract/set-up'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Deps } from '../../deps.ts'
import type { Caller } from '../../shared/caller.ts'
import { addressBucket } from '../../shared/client-address.ts'
import type { SignedIn } from '../../shared/open-session.ts'
import { refusedPassword } from '../../shared/refused-password.ts'
import type { SessionRow } from '../../shared/session-rows.ts'
import { signInFirstTime } from '../../shared/sign-in-first-time.ts'
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
  const signedIn = await signInFirstTime(deps, operator, { password, caller, oldSession, by: 'the set-up link' })
  if (signedIn === 'has_password') throw new ProblemError('setup_closed', 'Somebody has set this console up with this link already. Sign in.')
  if (signedIn === 'name_taken')
    throw new ProblemError(
      'name_taken',
      'The database of the console knows somebody else by this name, of another control plane. Give the console an empty database (BFF_DATABASE_URL or AUTOPACK_DATA_DIR), then open the link again.',
    )
  return signedIn
}

/** Somebody accepts their invite: the control plane lets them in, the password stays here, and they are signed in. */
import type { acceptInvite as route, openInviteSchema } from '@autopack/contract/invites'
import { acceptOperatorInvite, readOperatorInvite } from '@autopack/contract/operators'
import type { BodyOf } from '@autopack/contract/route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type * as z from 'zod/mini'
import type { Deps } from '../../deps.ts'
import type { Caller } from '../../shared/caller.ts'
import { addressBucket } from '../../shared/client-address.ts'
import type { SignedIn } from '../../shared/open-session.ts'
import { refusedPassword } from '../../shared/refused-password.ts'
import type { SessionRow } from '../../shared/session-rows.ts'
import { signInFirstTime } from '../../shared/sign-in-first-time.ts'
import type { Bucket } from '../../shared/throttle.ts'

type Asked = { token: string; caller: Caller; requestId: string; signal: AbortSignal }
export type Accepting = BodyOf<typeof route> & Asked & { oldSession: SessionRow | null }

/** Whom the invite is for. Throws `invite_refused`, `too_many_attempts`, and what the control plane cannot do. */
export async function readInvite(deps: Deps, asked: Asked): Promise<z.infer<typeof openInviteSchema>> {
  return paidFor(deps, asked.caller, () => readFromControlPlane(deps, asked))
}

/**
 * Throws `weak_password`, `invite_refused`, `invite_used`, `name_taken`, `too_many_attempts`, `login_busy`, and what the control
 * plane cannot do. Until they have signed in, the same link finishes what it began.
 */
export async function acceptInvite(deps: Deps, input: Accepting): Promise<SignedIn> {
  return paidFor(deps, input.caller, async () => {
    const { password, caller, oldSession, token } = input
    const invite = await readFromControlPlane(deps, input)
    // Before anybody is let in: nothing is begun with a password that cannot be taken.
    const refused = refusedPassword(password, invite.name, null)
    if (refused !== null) throw new ProblemError('weak_password', refused)
    const { data: operator } = await deps.controlPlane.call(acceptOperatorInvite, { body: { token } }, toConsolePassage(input))
    const signedIn = await signInFirstTime(deps, operator!, { password, caller, oldSession, by: 'an invite' })
    if (signedIn === 'has_password') throw new ProblemError('invite_used', 'Somebody has chosen a password with this invite already. Sign in.')
    if (signedIn === 'name_taken') {
      throw new ProblemError(
        'name_taken',
        'The database of the console knows somebody else by this name. Ask an admin to invite you by another name.',
      )
    }
    return signedIn
  })
}

/** Trying tokens is paid for by the address like failed sign-ins, and recorded like them; everything else costs nothing. */
async function paidFor<T>(deps: Deps, caller: Caller, act: () => Promise<T>): Promise<T> {
  const buckets: Bucket[] = [{ kind: 'address', key: addressBucket(caller.address), progressive: false }]
  const record = (error: ProblemError, why: string) =>
    deps.refusals.record({ kind: 'sign_in_refused', operator_id: null, name: '', code: error.code, detail: `${why}, from ${caller.address}` })
  await deps.throttle.take(buckets).catch(async (error: unknown) => {
    if (error instanceof ProblemError) await record(error, 'invite after too many failed attempts')
    throw error
  })
  try {
    const done = await act()
    await deps.throttle.giveBack(buckets)
    return done
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'invite_refused') await record(error, 'invite refused')
    else await deps.throttle.giveBack(buckets)
    throw error
  }
}

async function readFromControlPlane(deps: Deps, asked: Asked): Promise<z.infer<typeof openInviteSchema>> {
  const { data } = await deps.controlPlane.call(readOperatorInvite, { body: { token: asked.token } }, toConsolePassage(asked))
  return data!
}

function toConsolePassage({ requestId, signal }: Asked) {
  return { subject: 'console' as const, requestId, headers: {}, signal }
}

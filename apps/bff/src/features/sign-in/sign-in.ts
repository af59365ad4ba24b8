/** One person signs in: limits, password, what the control plane says about them, and a new session. */
import { getOwnOperator } from '@autopack/contract/operators'
import type { ProblemCode } from '@autopack/contract/problems'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Deps } from '../../deps.ts'
import type { Caller } from '../../shared/caller.ts'
import { addressBucket } from '../../shared/client-address.ts'
import { createSessionId } from '../../shared/current-session.ts'
import { readDeviceToken } from '../../shared/device-token.ts'
import { openSession, toSignedIn } from '../../shared/open-session.ts'
import type { SignedIn } from '../../shared/open-session.ts'
import { recordOutboxEvent } from '../../shared/outbox-rows.ts'
import type { SessionRow } from '../../shared/session-rows.ts'
import { toPersonBucket } from '../../shared/person-bucket.ts'
import { findSignInByName, lockSignIn } from '../../shared/sign-in-rows.ts'
import type { Bucket } from '../../shared/throttle.ts'

export type SignIn = {
  name: string
  password: string
  caller: Caller
  requestId: string
  signal: AbortSignal
  /** What the browser brought: its old session ends, its device keeps its own throttle. */
  oldSession: SessionRow | null
  deviceToken: string | null
}

/** Throws `wrong_credentials`, `too_many_attempts`, `login_busy`, `control_plane_unreachable`, `control_plane_refused_console`. */
export async function signIn(deps: Deps, input: SignIn): Promise<SignedIn> {
  const found = await findSignInByName(deps.db, input.name)
  const device = found && input.deviceToken !== null ? await readDeviceToken(deps.signingKey, input.deviceToken, found.operator_id, deps.now()) : null
  const buckets: Bucket[] =
    device === null
      ? [{ kind: 'address', key: addressBucket(input.caller.address), progressive: false }, toPersonBucket(input.name)]
      : [{ kind: 'person', key: `device ${device}`, progressive: true }]
  const refuse = (code: ProblemCode, why: string) =>
    deps.refusals.record({
      kind: 'sign_in_refused',
      operator_id: found?.operator_id ?? null,
      name: input.name,
      code,
      detail: `${why}, from ${input.caller.address}`,
    })

  await deps.throttle.take(buckets).catch(async (error: unknown) => {
    if (error instanceof ProblemError) await refuse(error.code, 'too many failed attempts')
    throw error
  })
  let right: boolean
  try {
    right = await deps.passwords.verify(found?.password_hash ?? null, input.password)
  } catch (error) {
    await deps.throttle.giveBack(buckets)
    throw error
  }
  const wrong = new ProblemError('wrong_credentials', 'Name or password is wrong.')
  if (!found || !right) {
    await refuse(wrong.code, 'wrong name or password')
    throw wrong
  }

  const { sid, sidSha256 } = createSessionId()
  const now = deps.now()
  const operator = await deps.controlPlane
    .call(
      getOwnOperator,
      {},
      {
        subject: { operatorId: found.operator_id, sidSha256, amr: ['pwd'], authTime: now },
        requestId: input.requestId,
        headers: {},
        signal: input.signal,
      },
    )
    .then((answer) => answer.data)
    .catch(async (error: unknown) => {
      if (error instanceof ProblemError && error.code === 'operator_disabled') return undefined
      await deps.throttle.giveBack(buckets)
      throw error
    })
  if (!operator?.enabled) {
    await refuse('operator_disabled', 'the operator is disabled')
    throw wrong
  }
  if (operator.operator_id !== found.operator_id) {
    throw new ProblemError('upstream_invalid', 'The control plane answered about somebody else.')
  }

  const { row, ended } = await deps.db.transaction(async (tx) => {
    const locked = await lockSignIn(tx, found.operator_id)
    // The password was changed while it was being checked.
    if (locked?.password_hash !== found.password_hash) throw wrong
    const opened = await openSession(tx, { operator, sidSha256, amr: ['pwd'], caller: input.caller, oldSession: input.oldSession, now })
    const detail = `with a password, from ${input.caller.address}${opened.oldestEnded > 0 ? `; ${opened.oldestEnded} oldest session ended` : ''}`
    await recordOutboxEvent(tx, { kind: 'signed_in', operator_id: operator.operator_id, name: operator.name, detail }, now)
    return opened
  })
  deps.streams.endSessions(ended, 'signed_out')
  // Only the failures of this person or device are forgotten; an address that guesses other names stays throttled.
  await deps.throttle.forget(buckets.filter((bucket) => bucket.kind === 'person'))
  await deps.throttle.giveBack(buckets.filter((bucket) => bucket.kind === 'address'))
  return toSignedIn(deps, row, sid, device === null ? null : input.deviceToken)
}

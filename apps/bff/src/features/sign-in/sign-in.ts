/** One person signs in: limits, password, what the control plane says about them, and a new session. */
import type { Session } from '@autopack/contract/auth'
import { getOwnOperator } from '@autopack/contract/operators'
import type { ProblemCode } from '@autopack/contract/problems'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Deps } from '../../deps.ts'
import type { Caller } from '../../shared/caller.ts'
import { addressBucket } from '../../shared/client-address.ts'
import { createSessionId, idleSeconds, sessionsPerPerson, toSession } from '../../shared/current-session.ts'
import { readDeviceToken, signDeviceToken } from '../../shared/device-token.ts'
import { recordOutboxEvent } from '../../shared/outbox-rows.ts'
import { createSessionRow, listLiveSessions, revokeSessions } from '../../shared/session-rows.ts'
import type { SessionRow } from '../../shared/session-rows.ts'
import { sessionSeconds, signSessionToken } from '../../shared/session-token.ts'
import { findSignInByName, foldName, lockSignIn } from '../../shared/sign-in-rows.ts'
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

export type SignedIn = { session: Session; sessionToken: string; deviceToken: string }

/** Throws `wrong_credentials`, `too_many_attempts`, `login_busy`, `control_plane_unreachable`, `control_plane_refused_console`. */
export async function signIn(deps: Deps, input: SignIn): Promise<SignedIn> {
  const found = await findSignInByName(deps.db, input.name)
  const device = found && input.deviceToken !== null ? await readDeviceToken(deps.signingKey, input.deviceToken, found.operator_id, deps.now()) : null
  const buckets: Bucket[] =
    device === null
      ? [
          { kind: 'address', key: addressBucket(input.caller.address), progressive: false },
          // Of the name as typed, known or not, so that the throttle does not tell which names exist.
          { kind: 'person', key: `name ${foldName(input.name)}`, progressive: true },
        ]
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

  const row: SessionRow = {
    sid_sha256: sidSha256,
    operator_id: operator.operator_id,
    name: operator.name,
    role: operator.role,
    amr: ['pwd'],
    auth_time: now,
    last_activity_at: now,
    idle_seconds: idleSeconds(operator.role),
    absolute_expires_at: new Date(now.getTime() + sessionSeconds * 1_000),
    revoked_at: null,
    user_agent: input.caller.userAgent,
    address: input.caller.address,
  }
  const ended = await deps.db.transaction(async (tx) => {
    const locked = await lockSignIn(tx, found.operator_id)
    // The password was changed while it was being checked.
    if (locked?.password_hash !== found.password_hash) throw wrong
    const live = await listLiveSessions(tx, found.operator_id, now)
    const oldest = live.slice(0, Math.max(0, live.length - sessionsPerPerson + 1)).map((each) => each.sid_sha256)
    const ends = input.oldSession ? [...oldest, input.oldSession.sid_sha256] : oldest
    const revoked = await revokeSessions(tx, ends, now)
    await createSessionRow(tx, row)
    const detail = `with a password, from ${input.caller.address}${oldest.length > 0 ? `; ${oldest.length} oldest session ended` : ''}`
    await recordOutboxEvent(tx, { kind: 'signed_in', operator_id: operator.operator_id, name: operator.name, detail }, now)
    return revoked
  })
  deps.streams.endSessions(ended, 'signed_out')
  // Only the failures of this person or device are forgotten; an address that guesses other names stays throttled.
  await deps.throttle.forget(buckets.filter((bucket) => bucket.kind === 'person'))
  await deps.throttle.giveBack(buckets.filter((bucket) => bucket.kind === 'address'))

  const sessionToken = await signSessionToken(deps.signingKey, {
    sub: operator.operator_id,
    sid,
    amr: row.amr,
    issuedAt: now,
    expiresAt: row.absolute_expires_at,
  })
  const deviceToken = device !== null ? input.deviceToken! : await signDeviceToken(deps.signingKey, operator.operator_id, now)
  return { session: toSession(row, now), sessionToken, deviceToken }
}

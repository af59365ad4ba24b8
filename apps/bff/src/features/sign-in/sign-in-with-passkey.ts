/**
 * One person signs in with a passkey: limits, then the control plane says whose key signed, then a new session. An unknown
 * key, one that was taken out of use, a challenge that is over and a disabled person get the same answer.
 */
import { verifyPasskeySignIn } from '@autopack/contract/passkeys'
import type { ProblemCode } from '@autopack/contract/problems'
import type { Assertion } from '@autopack/contract/webauthn'
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
import { lockSignIn } from '../../shared/sign-in-rows.ts'
import type { Bucket } from '../../shared/throttle.ts'

export type SignInWithPasskey = {
  nonce: string
  assertion: Assertion
  caller: Caller
  requestId: string
  signal: AbortSignal
  /** What the browser brought: its old session ends, its device keeps its own throttle. */
  oldSession: SessionRow | null
  deviceToken: string | null
}

/** What says nothing but that this key signs nobody in. */
const refusals: readonly ProblemCode[] = ['challenge_refused', 'signature_refused', 'operator_disabled']

/** Throws `wrong_credentials`, `too_many_attempts`, `control_plane_unreachable`, `control_plane_refused_console`. */
export async function signInWithPasskey(deps: Deps, input: SignInWithPasskey): Promise<SignedIn> {
  const buckets = await bucketsOf(deps, input)
  const refuse = async (code: ProblemCode, why: string, operatorId: string | null = null) =>
    deps.refusals.record({
      kind: 'sign_in_refused',
      operator_id: operatorId,
      name: '',
      code,
      detail: `${why}, passkey ${input.assertion.credential_id.slice(0, 16)}, from ${input.caller.address}`,
    })
  const wrong = new ProblemError(
    'wrong_credentials',
    'This passkey signs nobody in: it is not known here, it was taken out of use, or its person was disabled. After two minutes a request for it is over, too; then try again.',
  )

  await deps.throttle.take(buckets).catch(async (error: unknown) => {
    if (error instanceof ProblemError) await refuse(error.code, 'too many failed attempts')
    throw error
  })
  const passage = { subject: 'console' as const, requestId: input.requestId, headers: {}, signal: input.signal }
  const operator = await deps.controlPlane
    .call(verifyPasskeySignIn, { body: { nonce: input.nonce, assertion: input.assertion } }, passage)
    .then((answer) => answer.data!)
    .catch(async (error: unknown) => {
      if (error instanceof ProblemError && refusals.includes(error.code)) {
        await refuse(error.code, 'refused')
        throw wrong
      }
      await deps.throttle.giveBack(buckets)
      throw error
    })
  if (!operator.enabled) {
    await refuse('operator_disabled', 'the operator is disabled', operator.operator_id)
    throw wrong
  }

  const { sid, sidSha256 } = createSessionId()
  const now = deps.now()
  const opened = await deps.db.transaction(async (tx) => {
    // Known over there and not here: this console was given an empty database. A session needs its row.
    if (!(await lockSignIn(tx, operator.operator_id))) return null
    const session = await openSession(tx, { operator, sidSha256, amr: ['hwk'], caller: input.caller, oldSession: input.oldSession, now })
    const ended = session.oldestEnded > 0 ? `; ${session.oldestEnded} oldest session ended` : ''
    const detail = `with a passkey, from ${input.caller.address}${ended}`
    await recordOutboxEvent(tx, { kind: 'signed_in', operator_id: operator.operator_id, name: operator.name, detail }, now)
    return session
  })
  if (!opened) {
    await refuse('wrong_credentials', 'the console has no sign-in of this operator', operator.operator_id)
    throw wrong
  }
  deps.streams.endSessions(opened.ended, 'signed_out')
  await deps.throttle.forget(buckets.filter((bucket) => bucket.kind === 'person'))
  await deps.throttle.giveBack(buckets.filter((bucket) => bucket.kind === 'address'))
  return toSignedIn(deps, opened.row, sid, await ownDeviceToken(deps, input, operator.operator_id))
}

/**
 * A key cannot be guessed, so nobody is locked out by its name: it counts for an address, or for a browser where somebody
 * has signed in before, whom an attacker of the same network does not lock out.
 */
async function bucketsOf(deps: Deps, { caller, deviceToken }: SignInWithPasskey): Promise<Bucket[]> {
  const device = deviceToken === null ? null : await readDeviceToken(deps.signingKey, deviceToken, null, deps.now())
  if (device !== null) return [{ kind: 'person', key: `device ${device}`, progressive: true }]
  return [{ kind: 'address', key: addressBucket(caller.address), progressive: false }]
}

async function ownDeviceToken(deps: Deps, { deviceToken }: SignInWithPasskey, operatorId: string): Promise<string | null> {
  if (deviceToken === null) return null
  return (await readDeviceToken(deps.signingKey, deviceToken, operatorId, deps.now())) === null ? null : deviceToken
}

/** What a passkey signs to sign in, by the control plane, for whoever opens the page: nobody's name is asked or told. */
import type { startPasskeyLogin } from '@autopack/contract/passkey-sign-in'
import { createSignInChallenge } from '@autopack/contract/passkeys'
import type { AnswerOf } from '@autopack/contract/route'
import type { Deps } from '../../deps.ts'
import { addressBucket } from '../../shared/client-address.ts'
import type { Caller } from '../../shared/caller.ts'

/** Throws `too_many_attempts` and what the control plane cannot do. Nothing is given back: each one is a row over there. */
export async function startPasskeySignIn(
  deps: Deps,
  input: { caller: Caller; requestId: string; signal: AbortSignal },
): Promise<AnswerOf<typeof startPasskeyLogin>> {
  await deps.throttle.take([{ kind: 'challenge', key: addressBucket(input.caller.address), progressive: false }])
  const passage = { subject: 'console' as const, requestId: input.requestId, headers: {}, signal: input.signal }
  const { data } = await deps.controlPlane.call(createSignInChallenge, { body: {} }, passage)
  return data!
}

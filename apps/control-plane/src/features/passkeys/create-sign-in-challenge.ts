import { randomBytes } from 'node:crypto'
import type { createSignInChallenge as createSignInChallengeRoute } from '@autopack/contract/passkeys'
import type { AnswerOf } from '@autopack/contract/route'
import type { Deps } from '../../deps.ts'
import { insertChallenge } from '../../shared/passkey-rows.ts'
import { readClock } from '../../shared/read-clock.ts'
import { challengeSeconds, hashNonce } from '../../shared/spend-challenge.ts'

/** For nobody yet: whoever holds an enrolled passkey may answer it. */
export async function createSignInChallenge(deps: Deps): Promise<AnswerOf<typeof createSignInChallengeRoute>> {
  const now = await readClock(deps.db, deps.now)
  const nonce = randomBytes(32).toString('base64url')
  const expires_at = new Date(now.getTime() + challengeSeconds * 1_000)
  await insertChallenge(deps.db, {
    nonce_sha256: hashNonce(nonce),
    purpose: 'sign_in',
    subject: '{}',
    operator_id: null,
    created_at: now,
    expires_at,
  })
  return { nonce, expires_at: expires_at.toISOString(), rp_id: deps.settings.rpId }
}

import { createHash } from 'node:crypto'
import type { ActPurpose } from '@autopack/approval-proof/act-statement'
import type { Transaction } from '@autopack/server-kit/open-database'
import { lockChallenge, markChallengeUsed } from './passkey-rows.ts'

export const challengeSeconds = 120

export type ChallengePurpose = ActPurpose | 'approve' | 'sign_in'

/** What an act says its challenge was made for; `operatorId` null: for signing in. `subject` is canonical JSON. */
export type SpentFor = { operatorId: string | null; purpose: ChallengePurpose; subject: string }

export function hashNonce(nonce: string): Buffer {
  return createHash('sha256').update(nonce).digest()
}

/**
 * Uses a challenge up; the answer says in words why it is worth nothing, or is null. A challenge that was this person's stays used also
 * where the attempt is refused, as long as the transaction commits: what was signed once never counts later. Somebody else's is left alone.
 */
export async function spendChallenge(tx: Transaction, nonce: string, act: SpentFor, now: Date): Promise<string | null> {
  const nonceSha256 = hashNonce(nonce)
  const found = await lockChallenge(tx, nonceSha256)
  if (found === null) return 'Nobody asked for this challenge here.'
  if (found.operator_id !== act.operatorId) return 'Somebody else asked for this challenge.'
  if (found.used_at !== null) return 'This challenge was used before; each is good once.'
  if (now >= found.expires_at) return `This challenge is too old; each is good for ${challengeSeconds} seconds.`
  await markChallengeUsed(tx, nonceSha256, now)
  if (found.purpose !== act.purpose) return 'This challenge was made for another kind of act.'
  if (found.subject !== act.subject) return 'This challenge was made for an act about something else.'
  return null
}

/** An attempt was refused for another reason: what its person signed must not count a moment later, when that reason is gone. */
export async function burnChallenge(tx: Transaction, nonce: string, operatorId: string, now: Date): Promise<void> {
  const nonceSha256 = hashNonce(nonce)
  const found = await lockChallenge(tx, nonceSha256)
  if (found === null || found.operator_id !== operatorId || found.used_at !== null || now >= found.expires_at) return
  await markChallengeUsed(tx, nonceSha256, now)
}

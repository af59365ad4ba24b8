import { randomUUID } from 'node:crypto'
import { inviteHours } from '@autopack/contract/people'
import type { Transaction } from '@autopack/server-kit/open-database'
import { createOneTimeToken, hashOneTimeToken } from '@autopack/server-kit/one-time-token'
import { insertInvite } from '../../shared/invite-rows.ts'
import type { Administrator } from './refuse-administration.ts'

/** A new open invite. Its secret is returned and is nowhere else. */
export async function issueInvite(
  tx: Transaction,
  principal: Administrator,
  operatorId: string,
  now: Date,
): Promise<{ secret: string; expires_at: string }> {
  const secret = createOneTimeToken('inv')
  const invite = {
    invite_id: `inv_${randomUUID()}`,
    operator_id: operatorId,
    sha256: hashOneTimeToken(secret),
    created_by: principal.kind === 'operator' ? principal.operatorId : null,
    created_at: now,
  }
  const { expires_at } = await insertInvite(tx, invite, inviteHours)
  return { secret, expires_at: expires_at.toISOString() }
}

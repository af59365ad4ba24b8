import { randomBytes } from 'node:crypto'
import { approvalChallenge, toApprovalStatement } from '@autopack/approval-proof/approval-statement'
import { readPayload } from '@autopack/approval-proof/payload'
import { rendererVersion } from '@autopack/approval-proof/renderer-version'
import type { SignedAct } from '@autopack/contract/webauthn'
import type { Deps } from '../../deps.ts'
import { insertChallenge } from '../../shared/passkey-rows.ts'
import type { ExecutorPrincipal, OperatorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { hashNonce } from '../../shared/spend-challenge.ts'
import { toApprovalSubject } from '../../shared/verify-signed-act.ts'
import type { SaidApproval } from '../passkey-story.ts'
import type { SoftwareAuthenticator } from '../software-authenticator.ts'
import { actionKinds } from './action-kinds.ts'
import type { ModelAction } from './ledger-model.ts'

/** The signature of an approval, from what the model knows of the action; its challenge is made where the history is. */
export async function signApproval(
  deps: Deps,
  who: { principal: OperatorPrincipal; passkey: SoftwareAuthenticator; executor: ExecutorPrincipal },
  action: ModelAction,
  said: SaidApproval,
): Promise<SignedAct> {
  const read = readPayload(action.payloads.at(-1)!)
  if (!read.ok) throw new Error(read.detail)
  const nonce = randomBytes(32).toString('base64url')
  const now = await readClock(deps.db, deps.now)
  await insertChallenge(deps.db, {
    nonce_sha256: hashNonce(nonce),
    purpose: 'approve',
    subject: toApprovalSubject({ action_id: action.id, revision: said.revision, payload_hash: said.payload_hash }),
    operator_id: who.principal.operatorId,
    created_at: now,
    expires_at: new Date(now.getTime() + 120_000),
  })
  const { executeWithinSeconds, holdSeconds } = actionKinds[action.kind]
  const statement = toApprovalStatement({
    action: { id: action.id, revision: said.revision, payload_hash: said.payload_hash },
    descriptor: said.descriptor,
    display_sha256: said.display_sha256,
    mode: read.payload.mode,
    approver: { sub: who.principal.operatorId },
    requested_by: { executor_id: who.executor.executorId, name: who.executor.name },
    console_build: 'model',
    renderer_version: rendererVersion,
    nonce,
    decide_by: toMoment(action.decideBy),
    execute_by: toMoment(action.decideBy + Math.min(executeWithinSeconds + holdSeconds, 86_400)),
  })
  return { statement, assertion: who.passkey.sign(approvalChallenge(statement)) }
}

function toMoment(seconds: number): string {
  return new Date(seconds * 1_000).toISOString()
}

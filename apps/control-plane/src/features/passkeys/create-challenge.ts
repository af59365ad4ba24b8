import { randomBytes } from 'node:crypto'
import { toActSubject } from '@autopack/approval-proof/act-subject'
import { canonicalize } from '@autopack/approval-proof/canonical-json'
import { createExecutorKey } from '@autopack/contract/executor-keys'
import { transferExecutor } from '@autopack/contract/executors'
import { releaseBrake, setCap, setSwitch } from '@autopack/contract/operator-control'
import { removePasskey, resetPasskeys } from '@autopack/contract/passkeys'
import type { createChallenge as createChallengeRoute } from '@autopack/contract/passkeys'
import { enableOperator, inviteOperator, setOperatorRole } from '@autopack/contract/people'
import type { AnswerOf, BodyOf, StepUpRule } from '@autopack/contract/route'
import type { Role } from '@autopack/contract/roles'
import { hasRole } from '@autopack/contract/roles'
import type { StepUp } from '@autopack/contract/webauthn'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Deps } from '../../deps.ts'
import { findRevision } from '../../ledger/action-rows.ts'
import { findSummary } from '../../ledger/summary-rows.ts'
import { toApprovalStepUp } from '../../ledger/approval-step-up.ts'
import { findEnrolment, insertChallenge, listPasskeys } from '../../shared/passkey-rows.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { challengeSeconds, hashNonce } from '../../shared/spend-challenge.ts'
import { toApprovalSubject } from '../../shared/verify-signed-act.ts'
import { findEnrolmentRefusal } from './find-enrolment-refusal.ts'

type Asked = BodyOf<typeof createChallengeRoute>

/** Who may do the act at all; the act looks again. */
const leastRoles: Record<Asked['purpose'], Role> = {
  approve: 'approver',
  brake_release: 'admin',
  cap_raise: 'admin',
  switch: 'admin',
  passkey_add: 'viewer',
  passkey_remove: 'viewer',
  passkey_reset: 'admin',
  operator_invite: 'admin',
  operator_role: 'admin',
  operator_enable: 'admin',
  executor_key: 'viewer',
  executor_transfer: 'admin',
}

/** Where what is signed goes: the policy of the route says what it asks. */
const routes = {
  brake_release: releaseBrake,
  cap_raise: setCap,
  switch: setSwitch,
  passkey_remove: removePasskey,
  passkey_reset: resetPasskeys,
  operator_invite: inviteOperator,
  operator_role: setOperatorRole,
  operator_enable: enableOperator,
  executor_key: createExecutorKey,
  executor_transfer: transferExecutor,
} satisfies Record<
  Exclude<Asked['purpose'], 'approve' | 'passkey_add'>,
  { policy: { step_up: Extract<StepUpRule, 'control' | 'control_for_more' | 'passkey'> } }
>

/** A nonce for one act of this person. Nothing is decided here: what the act needs is looked at again when it comes. */
export async function createChallenge(
  deps: Deps,
  input: RouteInput<typeof createChallengeRoute, OperatorPrincipal>,
): Promise<AnswerOf<typeof createChallengeRoute>> {
  const { principal, body } = input
  const least = leastRoles[body.purpose]
  if (!hasRole(principal.role, least)) throw new ProblemError('role_missing', `This needs the role ${least}; you are ${principal.role}.`)
  const now = await readClock(deps.db, deps.now)
  const passkeys = await listPasskeys(deps.db, principal.operatorId)
  const step_up = await findStepUp(deps, principal, body, { now, passkeyCount: passkeys.length })
  const nonce = randomBytes(32).toString('base64url')
  const expires_at = new Date(now.getTime() + challengeSeconds * 1_000)
  const subject = body.purpose === 'approve' ? toApprovalSubject(body) : canonicalize(toActSubject(body))
  await insertChallenge(deps.db, {
    nonce_sha256: hashNonce(nonce),
    purpose: body.purpose,
    subject,
    operator_id: principal.operatorId,
    created_at: now,
    expires_at,
  })
  return {
    nonce,
    expires_at: expires_at.toISOString(),
    rp_id: deps.settings.rpId,
    credentials: passkeys.map(({ credential_id, transports }) => ({ credential_id, transports })),
    step_up,
    user: body.purpose === 'passkey_add' ? { id: Buffer.from(principal.operatorId).toString('base64url'), name: principal.name } : null,
  }
}

async function findStepUp(deps: Deps, principal: OperatorPrincipal, asked: Asked, known: { now: Date; passkeyCount: number }): Promise<StepUp> {
  if (asked.purpose === 'approve') {
    const row = await findSummary(deps.db, principal, deps.now, asked.action_id)
    const revision = row && (await findRevision(deps.db, asked.action_id, asked.revision))
    if (!revision) throw new ProblemError('not_found', 'There is no such action or revision, or you may not see it.')
    return toApprovalStepUp(deps.settings, revision)
  }
  if (asked.purpose === 'passkey_add') {
    if (known.passkeyCount > 0) return 'passkey'
    const closed = findEnrolmentRefusal(await findEnrolment(deps.db, principal.operatorId), principal, known.now)
    if (closed !== null) throw new ProblemError('enrolment_closed', closed)
    return 'none'
  }
  return routes[asked.purpose].policy.step_up === 'passkey' ? 'passkey' : deps.settings.stepUp
}

/** An act for each route of the operator plane that changes something, prepared so that nothing but what a test is about refuses it. */
import { randomUUID } from 'node:crypto'
import type { Role } from '@autopack/contract/roles'
import { expectStatus, propose, proposeApproved, proposeClaimed, sendFinish, toApproval, toRejection } from './ledger-story.ts'
import type { TestDeps } from './open-test-deps.ts'
import { askChallenge, enrol, makeAuthenticator } from './passkey-story.ts'
import { askApproval, askGovernance, pathOf, startOwnRun } from './request-story.ts'

const reason = 'A test asks.'
const unique = () => `m-${randomUUID().slice(0, 8)}`

export type OperatorAct = { target: string; body: object; who?: Role | string }
/** `asking`: what a step-up is for, wherever the rule of the route asks for one. `free`: what it is never asked for. */
export type OperatorActs = { asking?: () => Promise<OperatorAct>; free?: () => Promise<OperatorAct> }

/** By the id of the route. */
export function buildOperatorActs(deps: TestDeps): Readonly<Record<string, OperatorActs>> {
  const control = (what: string, body: object): OperatorAct => ({ target: `/operator/control/${what}`, body: { ...body, reason } })
  const setTo = async (what: string, body: object) => {
    const { target, body: asked } = control(what, body)
    await expectStatus(await deps.asOperator('admin').post(target, asked), 200)
  }
  const decision = (action: { action_id: string }, body: object): OperatorAct => ({
    who: 'approver',
    target: `/operator/external-actions/${action.action_id}/decision`,
    body,
  })
  const about = async (person: Parameters<TestDeps['addOperator']>[0], act: string, body: object = {}): Promise<OperatorAct> => ({
    target: `/operator/operators/${await deps.addOperator(person)}/${act}`,
    body: { reason, ...body },
  })
  const withPasskeys = async (count: number) => {
    const who = await deps.addOperator({ name: unique(), role: 'viewer' })
    const first = count > 0 ? await enrol(deps, who) : undefined
    if (count > 1) await enrol(deps, who, { with: first! })
    return { who, credential_id: first?.credentialId }
  }
  const newPasskey = async (count: number): Promise<OperatorAct> => {
    const { who } = await withPasskeys(count)
    const { nonce } = await askChallenge(deps, who, { purpose: 'passkey_add' })
    return { who, target: '/operator/passkeys', body: { nonce, name: 'Another', attestation: makeAuthenticator(deps).create(nonce) } }
  }
  const ofKey = async (act: string, body: object): Promise<OperatorAct> => {
    const { keyId } = await deps.addExecutor({ name: unique() })
    return { target: `/operator/executor-keys/${keyId}/${act}`, body }
  }
  const ofExecutor = async (act: string, body: object): Promise<OperatorAct> => {
    const { executorId } = await deps.addExecutor({ name: unique() })
    return { target: `/operator/executors/${executorId}/${act}`, body }
  }

  return {
    inviteOperator: { asking: async () => ({ target: '/operator/operators', body: { name: unique(), role: 'viewer' } }) },
    reissueInvite: {
      asking: async () => {
        const answer = await expectStatus(await deps.asOperator('admin').post('/operator/operators', { name: unique(), role: 'viewer' }), 201)
        const { operator } = answer as { operator: { operator_id: string } }
        return { target: `/operator/operators/${operator.operator_id}/invite`, body: { reason } }
      },
    },
    // Also a lesser one: who may do what is settled by an admin who shows who they are.
    setOperatorRole: { asking: () => about({ name: unique(), role: 'approver' }, 'role', { role: 'viewer' }) },
    enableOperator: { asking: () => about({ name: unique(), role: 'viewer', enabled: false }, 'enable') },
    disableOperator: { free: () => about({ name: unique(), role: 'viewer' }, 'disable') },
    decideApprovalRequest: { free: async () => toRequestDecision(await askApproval(deps)) },
    decideGovernanceRequest: {
      free: async () => toRequestDecision(await askGovernance(deps, { run_id: await startOwnRun(deps), paths: ['src/autopack/a.py'] })),
    },
    decideExternalAction: {
      asking: async () => {
        const action = await propose(deps)
        return decision(action, toApproval(action))
      },
      free: async () => {
        const action = await propose(deps)
        return decision(action, toRejection(action))
      },
    },
    revokeExternalAction: {
      free: async () => {
        const { action_id, revision, payload_hash } = await proposeApproved(deps)
        const body = { kind: 'revoke', revision, payload_hash, reason }
        return { who: 'viewer', target: `/operator/external-actions/${action_id}/revoke`, body }
      },
    },
    resolveExternalAction: {
      free: async () => {
        const claim = await proposeClaimed(deps)
        await expectStatus(await sendFinish(deps, claim, { outcome: 'unknown', sent: 'unknown' }), 200)
        const body = { execution_id: claim.execution_id, outcome: 'failed', looked_at: 'The page of the shop.', reason }
        return { who: 'approver', target: `/operator/external-actions/${claim.action_id}/resolve`, body }
      },
    },
    createChallenge: { free: async () => ({ target: '/operator/challenges', body: { purpose: 'switch', name: 'DRY_RUN', on: true } }) },
    addPasskey: { asking: () => newPasskey(1), free: () => newPasskey(0) },
    renamePasskey: {
      free: async () => {
        const { who, credential_id } = await withPasskeys(1)
        return { who, target: '/operator/passkeys/rename', body: { credential_id, name: 'Desk' } }
      },
    },
    saveAuditQuery: { free: async () => ({ target: '/operator/audit/queries', body: { name: unique(), query: 'did:decision' } }) },
    removeAuditQuery: { free: async () => ({ target: '/operator/audit/queries/remove', body: { name: unique() } }) },
    removePasskey: {
      asking: async () => {
        const { who, credential_id } = await withPasskeys(2)
        return { who, target: '/operator/passkeys/remove', body: { credential_id } }
      },
    },
    resetPasskeys: { asking: () => about({ name: unique(), role: 'viewer' }, 'passkeys/reset') },
    engageBrake: { free: async () => ({ ...control('brake', { scope: { kind: 'all', id: '' } }), who: 'approver' }) },
    releaseBrake: {
      asking: async () => {
        const { target, body } = control('brake', { scope: { kind: 'all', id: '' } })
        const { brake } = (await expectStatus(await deps.asOperator('admin').post(target, body), 200)) as { brake: { brake_id: string } }
        return control('brake/release', { brake_id: brake.brake_id })
      },
    },
    setCap: {
      asking: async () => {
        await setTo('caps', { currency: 'USD', cap: 500 })
        return control('caps', { currency: 'USD', cap: 501 })
      },
      free: async () => {
        await setTo('caps', { currency: 'USD', cap: 500 })
        return control('caps', { currency: 'USD', cap: 499 })
      },
    },
    setSwitch: {
      asking: async () => {
        await setTo('switches', { name: 'DEMO_SHOP_PUBLISH', on: false })
        return control('switches', { name: 'DEMO_SHOP_PUBLISH', on: true })
      },
      free: async () => {
        await setTo('switches', { name: 'DEMO_SHOP_PUBLISH', on: true })
        return control('switches', { name: 'DEMO_SHOP_PUBLISH', on: false })
      },
    },
    transferExecutor: { asking: () => ofExecutor('owner', { owner_operator_id: deps.operatorIds.approver, reason }) },
    shareExecutor: { free: () => ofExecutor('sharing', { shared_with_everyone: false, shared_with: [deps.operatorIds.viewer] }) },
    createExecutorKey: { asking: async () => ({ target: '/operator/executor-keys', body: { executor_name: unique() } }) },
    rotateExecutorKey: { asking: () => ofKey('rotate', { old_key_hours: 0 }) },
    revokeExecutorKey: { free: () => ofKey('revoke', { reason }) },
  }
}

function toRequestDecision(asked: Parameters<typeof pathOf>[0] & { body_sha256: string }): OperatorAct {
  return { who: 'approver', target: `${pathOf(asked)}/decision`, body: { kind: 'approve', body_sha256: asked.body_sha256, reason } }
}

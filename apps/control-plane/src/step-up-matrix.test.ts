/**
 * Every act of the operator plane × what the deployment asks, by a session of long ago and without a signature: what the policy of its
 * route says is what is asked, in both directions. Nothing here is refused for another reason, so whatever is not asked is done.
 */
import { randomUUID } from 'node:crypto'
import type { Role } from '@autopack/contract/roles'
import { consoleOnlyRoutes, operatorRoutes } from '@autopack/contract/routes'
import type { StepUpRule } from '@autopack/contract/route'
import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, it, test } from 'vitest'
import {
  everythingOn,
  expectStatus,
  propose,
  proposeApproved,
  proposeClaimed,
  sendFinish,
  setBrake,
  toApproval,
  toRejection,
} from './test/ledger-story.ts'
import type { Settings } from './environment.ts'
import { openTestDeps } from './test/open-test-deps.ts'
import type { TestDeps } from './test/open-test-deps.ts'
import { askChallenge, enrol, makeAuthenticator } from './test/passkey-story.ts'
import { askApproval, askGovernance, pathOf, startOwnRun } from './test/request-story.ts'

let deps: TestDeps
beforeAll(async () => {
  deps = await openTestDeps({ ceiling: everythingOn })
})
afterEach(async () => {
  Object.assign(deps.settings, { stepUp: 'preferred' })
  await setBrake(deps, false)
})
afterAll(() => deps.close())

const longAgo = { authAgeSeconds: 40_000 }
const reason = 'A test asks.'
const unique = () => `m-${randomUUID().slice(0, 8)}`

type Act = { target: string; body: object; who?: Role | string }
/** `asking`: what a step-up is for, wherever the rule of the route asks for one. `free`: what it is never asked for. */
type Acts = { asking?: () => Promise<Act>; free?: () => Promise<Act> }

const control = (what: string, body: object): Act => ({ target: `/operator/control/${what}`, body: { ...body, reason } })
const setTo = async (what: string, body: object) => {
  const { target, body: asked } = control(what, body)
  await expectStatus(await deps.asOperator('admin').post(target, asked), 200)
}
const decision = (action: { action_id: string }, body: object): Act => ({
  who: 'approver',
  target: `/operator/external-actions/${action.action_id}/decision`,
  body,
})
const about = async (person: Parameters<TestDeps['addOperator']>[0], act: string, body: object = {}): Promise<Act> => ({
  target: `/operator/operators/${await deps.addOperator(person)}/${act}`,
  body: { reason, ...body },
})
const withPasskeys = async (count: number) => {
  const who = await deps.addOperator({ name: unique(), role: 'viewer' })
  const first = count > 0 ? await enrol(deps, who) : undefined
  if (count > 1) await enrol(deps, who, { with: first! })
  return { who, credential_id: first?.credentialId }
}
const newPasskey = async (count: number): Promise<Act> => {
  const { who } = await withPasskeys(count)
  const { nonce } = await askChallenge(deps, who, { purpose: 'passkey_add' })
  return { who, target: '/operator/passkeys', body: { nonce, name: 'Another', attestation: makeAuthenticator(deps).create(nonce) } }
}
const ofKey = async (act: string, body: object): Promise<Act> => {
  const { keyId } = await deps.addExecutor({ name: unique() })
  return { target: `/operator/executor-keys/${keyId}/${act}`, body }
}
const ofExecutor = async (act: string, body: object): Promise<Act> => {
  const { executorId } = await deps.addExecutor({ name: unique() })
  return { target: `/operator/executors/${executorId}/${act}`, body }
}

const acts: Readonly<Record<string, Acts>> = {
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

function toRequestDecision(asked: Parameters<typeof pathOf>[0] & { body_sha256: string }): Act {
  return { who: 'approver', target: `${pathOf(asked)}/decision`, body: { kind: 'approve', body_sha256: asked.body_sha256, reason } }
}

type Needed = 'passkey' | 'password' | 'nothing'
const ofDeployment: Record<Settings['stepUp'], Needed> = { passkey: 'passkey', preferred: 'password' }
/** What an act of each rule is asked for that is not free. */
const expected: Record<StepUpRule, (deployment: Settings['stepUp']) => Needed> = {
  none: () => 'nothing',
  control: (deployment) => ofDeployment[deployment],
  control_for_more: (deployment) => ofDeployment[deployment],
  // The descriptor of the demo shop says so, whatever the deployment says.
  action_to_approve: () => 'password',
  passkey: () => 'passkey',
  passkey_if_any: () => 'passkey',
}
/** The acts there are of each rule. */
const kinds: Record<StepUpRule, readonly (keyof Acts)[]> = {
  none: ['free'],
  control: ['asking'],
  control_for_more: ['asking', 'free'],
  action_to_approve: ['asking', 'free'],
  passkey: ['asking'],
  passkey_if_any: ['asking', 'free'],
}

async function whatIsAsked({ target, body, who = 'admin' }: Act): Promise<Needed> {
  const answer = await deps.asOperator(who, longAgo).post(target, body)
  const said = (await answer.json()) as { code?: string; needs?: Needed }
  if (answer.ok) return 'nothing'
  if (said.code !== 'step_up_required' || said.needs === undefined) throw new Error(`${answer.status}: ${JSON.stringify(said)}`)
  return said.needs
}

const changing = operatorRoutes.filter(({ method }) => method !== 'GET')

describe.each(changing.map((route) => [route.id, route] as const))('%s', (id, { policy }) => {
  it.each(['passkey', 'preferred'] as const)('asks what its policy says where the deployment says %s', async (deployment) => {
    expect(Object.keys(acts[id] ?? {})).toEqual(kinds[policy.step_up])
    for (const [kind, prepare] of Object.entries(acts[id]!)) {
      const act = await prepare()
      Object.assign(deps.settings, { stepUp: deployment })
      const asked = await whatIsAsked(act)
      Object.assign(deps.settings, { stepUp: 'preferred' })
      expect([kind, asked]).toEqual([kind, kind === 'asking' ? expected[policy.step_up](deployment) : 'nothing'])
    }
  })
})

test('a refusal for want of a step-up is in the audit log, and nothing of the act is done', async () => {
  const executor_name = unique()
  Object.assign(deps.settings, { stepUp: 'passkey' })
  expect(await whatIsAsked({ target: '/operator/executor-keys', body: { executor_name } })).toBe('passkey')
  const found = await deps.db.execute(sql`SELECT event FROM control_plane.audit_event ORDER BY seq DESC LIMIT 1`)
  expect(JSON.parse((found.rows[0] as { event: string }).event)).toMatchObject({ error_code: 'step_up_required', result_status: 'refused' })
  const made = await deps.db.execute(sql`SELECT count(*)::int AS count FROM control_plane.executor WHERE name = ${executor_name}`)
  expect(made.rows).toEqual([{ count: 0 }])
})

test('the matrix has an act for every route that changes something, and every rule appears in it', () => {
  expect(Object.keys(acts).toSorted()).toEqual(changing.map(({ id }) => id).toSorted())
  expect(new Set(changing.map(({ policy }) => policy.step_up))).toEqual(new Set(Object.keys(expected)))
  const silent = [...operatorRoutes.filter(({ method }) => method === 'GET'), ...consoleOnlyRoutes]
  expect(silent.filter(({ policy }) => policy.step_up !== 'none')).toEqual([])
})

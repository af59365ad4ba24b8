/**
 * What has to exist before anybody can ask for it: executors with a key, a run, a file and actions in three states, made through
 * the API. The hostile requests name them by stand-ins of the same form and length, which are replaced when a request is sent:
 * each executor is asked by its own key for its own things.
 */
import { createHash } from 'node:crypto'
import { findDescriptor } from '@autopack/action-catalog/catalog'
import { descriptorSha256 } from '@autopack/action-catalog/descriptor-sha256'
import { readPayload, toPayloadText } from '@autopack/approval-proof/payload'
import { renderAction } from '@autopack/approval-proof/render-action'
import type { Route } from '@autopack/contract/route'
import type { Things } from './valid-values.ts'

export type ActionState = 'pending' | 'approved' | 'executing'
type Governance = { request_id: string; body_sha256: string }
export type Executor = {
  key: string
  executorId: string
  runId: string
  spareKeyId: string
  brakeId: string
  actions: Record<ActionState, string>
  governance: Governance
}

const payload = toPayloadText({
  v: 1,
  provider: 'demo_shop',
  operation: 'create_listing',
  target: { shop: 'demo-shop' },
  mode: 'live',
  cost: { amount_minor: 1, currency: 'USD' },
  request: {
    method: 'POST',
    path: '/api/listings',
    body: {
      title: 'Report',
      description: 'What was found.',
      price: { amount_minor: 1900, currency: 'EUR' },
      quantity: 1,
      report_sha256: 'a'.repeat(64),
      tags: [],
    },
  },
  files: [],
})

/** None is part of another. */
const standIns = {
  runId: 'hostile-run-000',
  newRunId: 'hostile-new-000000',
  actionId: 'act_aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa',
  keyId: 'key_aaaaaaaaaaaa',
  sessionId: 'aaaaaaaaaaaaaaaa',
  subjectId: 'op_aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa',
  ownerId: 'op_dddddddd-dddd-4ddd-8ddd-dddddddddddd',
  executorId: 'exr_eeeeeeee-eeee-4eee-8eee-eeeeeeeeeeee',
  person: 'person-00',
  newcomer: 'newcomer-000000',
  brakeId: 'brk_aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa',
  governanceId: 'bbbbbbbb',
  governanceSha256: 'c'.repeat(64),
} as const

/** The first executor asks it first, so its number is 1. */
const question = { run_id: 'hostile', phase_id: 'F1', context: 'hostile', decision_info: { risk_level: 'low' } }

export function thingsFor(route: Route): Things {
  const read = readPayload(payload)
  if (!read.ok) throw new Error(read.detail)
  const descriptor = findDescriptor(read.payload.provider, read.payload.operation)!
  return {
    run_id: route.problems.includes('run_exists') ? standIns.newRunId : standIns.runId,
    phase_id: 'F1',
    tier_id: 'T1',
    phase_index: 0,
    tier_index: 0,
    state: 'EXECUTING',
    path: 'notes/a.txt',
    action_id: standIns.actionId,
    revision: 1,
    fence: 1,
    sent: 'no',
    outcome: 'failed',
    payload,
    payload_hash: read.hash,
    claimed_tier: 'C',
    descriptor: { id: descriptor.id, version: descriptor.version, sha256: descriptorSha256(descriptor) },
    display_sha256: renderAction(read.payload, descriptor).display_sha256,
    seq: '1',
    key_id: standIns.keyId,
    executor_name: 'hostile-extra',
    session_id: standIns.sessionId,
    // Somebody who never asks for anything: they are disabled and given other roles for real.
    operator_id: standIns.subjectId,
    executor_id: standIns.executorId,
    owner_operator_id: standIns.ownerId,
    // Otherwise whoever asks next would not see what this executor did.
    shared_with_everyone: true,
    shared_with: [standIns.ownerId],
    scopes: 'actions:propose',
    name: nameFor(route),
    password: `the password of ${standIns.person}`,
    current_password: `the password of ${standIns.person}`,
    new_password: `another password of ${standIns.person}`,
    at: '2026-11-22T12:00:00.000Z',
    // Engaged for real and never released, but of a provider that nobody has: the rest of the table goes on being claimed and decided.
    scope: { kind: 'provider', id: 'hostile_provider' },
    // Released for real: each executor's turn has its own, of another provider that nobody has.
    brake_id: standIns.brakeId,
    // At most the ceilings of two-servers.ts, and far above what the table spends.
    currency: 'USD',
    cap: 100_000,
    approval_id: 'apr_1',
    approval_number: '1',
    request_id: `gov_${standIns.governanceId}`,
    governance_id: standIns.governanceId,
    body_sha256:
      route.id === 'decideGovernanceRequest' ? standIns.governanceSha256 : createHash('sha256').update(JSON.stringify(question)).digest('hex'),
    requested_paths: ['docs/a.md'],
  }
}

function nameFor(route: Route): string {
  if (route.id === 'setSwitch') return 'YOUTUBE_PUBLISH'
  return route.id === 'inviteOperator' ? standIns.newcomer : standIns.person
}

/** Which of an executor's actions a route is about: the problems that the contract lists say what it needs. */
export function stateNeededBy(route: Route): ActionState {
  if (route.problems.includes('not_executing')) return 'executing'
  return route.problems.includes('not_approved') ? 'approved' : 'pending'
}

export type StandFor = {
  executor: Executor
  action: ActionState
  person: { operator_id: string; name: string; spareSessionId: string }
  subjectId: string
  turn: number
}

/** The text with the stand-ins replaced; Latin-1 in, Latin-1 out, of the same length. */
export function replaceStandIns(text: string, { executor, action, person, subjectId, turn }: StandFor): string {
  return text
    .replaceAll(standIns.runId, executor.runId)
    .replaceAll(standIns.newRunId, `hostile-new-${String(turn).padStart(6, '0')}`)
    .replaceAll(standIns.actionId, executor.actions[action])
    .replaceAll(standIns.keyId, executor.spareKeyId)
    .replaceAll(standIns.brakeId, executor.brakeId)
    .replaceAll(standIns.governanceId, executor.governance.request_id)
    .replaceAll(standIns.governanceSha256, executor.governance.body_sha256)
    .replaceAll(standIns.sessionId, person.spareSessionId)
    .replaceAll(standIns.subjectId, subjectId)
    .replaceAll(standIns.ownerId, person.operator_id)
    .replaceAll(standIns.executorId, executor.executorId)
    .replaceAll(standIns.newcomer, `newcomer-${String(turn).padStart(6, '0')}`)
    .replaceAll(standIns.person, person.name)
}

export type Ask = (
  method: string,
  target: string,
  body?: object | string,
  headers?: Record<string, string>,
) => Promise<{ status: number; text: string }>

/** `asAdmin` and `asApprover` ask the operator plane, `asExecutor` makes one that asks with a key. */
export async function makeExecutor(index: number, asAdmin: Ask, asApprover: Ask, asExecutor: (key: string) => Ask): Promise<Executor> {
  const executor_name = `hostile-${index}`
  const created = await expectOk(asAdmin('POST', '/operator/executor-keys', { executor_name, shared_with_everyone: true }))
  const spare = await expectOk(asAdmin('POST', '/operator/executor-keys', { executor_name }))
  const key = created['secret'] as string
  const executorId = (created['key'] as { executor: { executor_id: string } }).executor.executor_id
  const ask = asExecutor(key)
  const runId = `hostile-run-${String(index).padStart(3, '0')}`
  await expectOk(
    ask('POST', '/runs/start', {
      run: { run_id: runId },
      tiers: [{ tier_id: 'T1', tier_index: 0, name: 'Work' }],
      phases: [
        { phase_id: 'F1', phase_index: 0, tier_id: 'T1', name: 'First' },
        { phase_id: 'F2', phase_index: 1, tier_id: 'T1', name: 'Second' },
      ],
    }),
  )
  await expectOk(ask('PUT', `/runs/${runId}/artifacts/file?path=notes/a.txt`, 'some text\n'))
  const things = thingsFor({ problems: [] as const } as unknown as Route)
  const { descriptor, display_sha256, payload_hash } = things
  const actions = {} as Record<ActionState, string>
  for (const state of ['pending', 'approved', 'executing'] as const) {
    const proposed = await expectOk(ask('POST', '/external-actions', { payload, run_id: runId }, { 'idempotency-key': `make-${state}` }))
    const id = (actions[state] = proposed['action_id'] as string)
    if (proposed['tier'] !== things['claimed_tier'])
      throw new Error(`the policy says tier ${String(proposed['tier'])}: mend claimed_tier in e2e/hostile/existing-things.ts`)
    if (state === 'pending') continue
    const approval = { kind: 'approve', revision: 1, payload_hash, descriptor, display_sha256, reason: 'It is what I asked for.' }
    await expectOk(asApprover('POST', `/operator/external-actions/${id}/decision`, approval))
    if (state === 'approved') continue
    const claim = await expectOk(ask('POST', `/external-actions/${id}/claim`, { revision: 1, payload_hash }, { 'idempotency-key': 'make-claim' }))
    if (claim['fence'] !== things['fence']) throw new Error(`the fence is ${String(claim['fence'])}: mend fence in e2e/hostile/existing-things.ts`)
  }
  const engaged = await expectOk(
    asApprover('POST', '/operator/control/brake', { scope: { kind: 'provider', id: `hostile_provider_${index}` }, reason: 'to be released' }),
  )
  await expectOk(ask('POST', '/approval/request', question))
  const files = { run_id: runId, phase_id: 'F1', requested_paths: ['docs/a.md'], justification: 'The page is wrong.' }
  const governance = (await expectOk(ask('POST', '/governance/request', files, { 'idempotency-key': 'make-governance' }))) as Governance
  const brakeId = (engaged['brake'] as { brake_id: string }).brake_id
  return { key, executorId, runId, brakeId, spareKeyId: (spare['key'] as { key_id: string }).key_id, actions, governance }
}

async function expectOk(asked: ReturnType<Ask>): Promise<Record<string, unknown>> {
  const { status, text } = await asked
  if (status >= 300) throw new Error(`what the hostile requests need could not be made: ${status} ${text.slice(0, 500)}`)
  return JSON.parse(text) as Record<string, unknown>
}

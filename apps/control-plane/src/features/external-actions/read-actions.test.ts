import { randomUUID } from 'node:crypto'
import type { listApprovals } from '@autopack/contract/approvals'
import type { ExecutorAction } from '@autopack/contract/executor-actions'
import type { listExternalActions } from '@autopack/contract/operator-actions'
import type { AnswerOf } from '@autopack/contract/route'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  askChange,
  decide,
  everythingOn,
  expectStatus,
  outcomeOf,
  propose,
  proposeApproved,
  proposeClaimed,
  revoke,
  sendClaim,
  sendFinish,
  sendObservation,
  sendResolution,
  setBrake,
  toApproval,
  toListing,
  toRejection,
} from '../../test/ledger-story.ts'
import { openTestDeps } from '../../test/open-test-deps.ts'
import type { Caller, TestDeps, TestExecutor } from '../../test/open-test-deps.ts'

type Page = AnswerOf<typeof listExternalActions>
type Queue = AnswerOf<typeof listApprovals>

let deps: TestDeps
let agent: TestExecutor
let owner: string
beforeAll(async () => {
  deps = await openTestDeps({ ceiling: everythingOn })
  owner = await deps.addOperator({ name: 'owner', role: 'approver' })
  agent = await deps.addExecutor({ name: 'private-agent', ownerOperatorId: owner })
})
afterAll(() => deps.close())

const list = async (caller: Caller, query = '') => (await expectStatus(await caller.get(`/operator/external-actions${query}`), 200)) as Page
const queue = async (caller: Caller, query = '') => (await expectStatus(await caller.get(`/operator/approvals${query}`), 200)) as Queue

describe('the ledger as a list', () => {
  it('pages newest first without losing or repeating one, and counts only what the person may see', async () => {
    const made: string[] = []
    for (let place = 0; place < 7; place += 1) made.push((await propose(deps, { executorKey: agent.key })).action_id)
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page: Page = await list(deps.asOperator(owner), `?limit=3${cursor === null ? '' : `&cursor=${cursor}`}`)
      expect(page.total).toEqual({ count: 7, exact: true })
      seen.push(...page.items.map((item) => item.action_id))
      cursor = page.next_cursor
    } while (cursor !== null)
    expect(new Set(seen)).toEqual(new Set(made))
    expect(seen).toHaveLength(7)
    const stranger = await list(deps.asOperator('approver'))
    expect([stranger.items, stranger.total]).toEqual([[], { count: 0, exact: true }])
    expect((await list(deps.asOperator('admin'))).total.count).toBe(7)
  })

  it('finds by state, run and words, wildcards taken as they are', async () => {
    const title = `100%_sure ${randomUUID()}`
    const action = await propose(deps, { executorKey: agent.key, payload: toListing({}, title) })
    await expectStatus(await decide(deps, owner, action, toRejection(action)), 200)
    const caller = deps.asOperator(owner)
    const ids = async (query: string) => (await list(caller, query)).items.map((item) => item.action_id)
    expect(await ids('?state=REJECTED')).toEqual([action.action_id])
    expect(await ids(`?q=${encodeURIComponent('100%_SURE')}`)).toEqual([action.action_id])
    expect(await ids(`?q=${encodeURIComponent('100__sure')}`)).toEqual([])
    expect(await ids('?run_id=nobody-has-this')).toEqual([])
    expect(await ids('?q=%00')).not.toEqual(null)
    expect(await outcomeOf(await caller.get('/operator/external-actions?state=LOST'))).toEqual({ status: 400, code: 'invalid_request' })
    expect(await outcomeOf(await caller.get('/operator/external-actions?cursor=e30'))).toEqual({ status: 400, code: 'invalid_request' })
  })

  it('answers not_found for an action that is not there', async () => {
    const missing = `act_${randomUUID()}`
    expect(await outcomeOf(await deps.asOperator('admin').get(`/operator/external-actions/${missing}`))).toEqual({ status: 404, code: 'not_found' })
    expect(await outcomeOf(await deps.asExecutor().get(`/external-actions/${missing}`))).toEqual({ status: 404, code: 'not_found' })
    expect(await outcomeOf(await deps.asExecutor(agent.key).get(`/external-actions/${missing}/payload`))).toEqual({ status: 404, code: 'not_found' })
  })
})

describe('the queue', () => {
  it('shows what this person can decide, the nearest deadline first, and what they did', async () => {
    const runId = `run-${randomUUID()}`
    await deps.asExecutor().post('/runs/start', { run: { run_id: runId, started_by: ' APPROVER\u200b' } })
    const mine = await propose(deps, { more: { run_id: runId } })
    const first = await propose(deps)
    const second = await propose(deps)
    const caller = deps.asOperator('approver')
    const idsOf = (answer: Queue) => answer.items.map((item) => item.approval_ref.id)
    expect(idsOf(await queue(caller, '?scope=actionable'))).toEqual([first.action_id, second.action_id])
    const open = await queue(caller, '?scope=open')
    expect(open.items.map((item) => [item.approval_ref.id, item.actionable])).toEqual([
      [mine.action_id, false],
      [first.action_id, true],
      [second.action_id, true],
    ])
    const half = await queue(caller, '?scope=open&limit=2')
    expect(idsOf(await queue(caller, `?scope=open&limit=2&cursor=${half.next_cursor}`))).toEqual([second.action_id])
    expect((await queue(deps.asOperator('viewer'), '?scope=actionable')).total.count).toBe(0)
    await expectStatus(await decide(deps, 'approver', second, toApproval(second)), 200)
    await expectStatus(await decide(deps, 'approver', first, toRejection(first)), 200)
    const decided = await queue(caller, '?scope=decided')
    const actions = decided.items.flatMap((item) => (item.kind === 'external_action' ? [item.action] : []))
    const told = actions.map(({ action_id, state, decided_by, decided_as, signed }) => [action_id, state, decided_by?.name, decided_as, signed])
    expect(told.slice(0, 2)).toEqual([
      [first.action_id, 'REJECTED', 'approver', 'reject', null],
      [second.action_id, 'APPROVED', 'approver', 'approve', false],
    ])
    expect(idsOf(await queue(caller, '?scope=actionable'))).toEqual([])
  })
})

describe('waiting for a decision', () => {
  const wait = (actionId: string, version: number, seconds = 25, signal?: AbortSignal) =>
    deps.app.request(`http://control-plane.test/external-actions/${actionId}?wait_seconds=${seconds}&after_version=${version}`, {
      headers: { 'x-api-key': deps.executor.key },
      ...(signal ? { signal } : {}),
    })

  it('answers as soon as somebody decides', async () => {
    const action = await propose(deps)
    const waiting = wait(action.action_id, action.version)
    await expectStatus(await decide(deps, 'approver', action, toApproval(action)), 200)
    expect(await expectStatus(await waiting, 200)).toMatchObject({ state: 'APPROVED', version: 2 })
  })

  it('answers as soon as somebody asks for a change', async () => {
    const action = await propose(deps)
    const waiting = wait(action.action_id, action.version)
    await expectStatus(await askChange(deps, 'approver', action), 200)
    expect(await expectStatus(await waiting, 200)).toMatchObject({ state: 'PENDING', change_request: { reason: 'Say it better.' } })
  })

  it('answers as soon as somebody revokes', async () => {
    const action = await proposeApproved(deps)
    const waiting = wait(action.action_id, 2)
    await expectStatus(await revoke(deps, 'viewer', action), 200)
    expect(await expectStatus(await waiting, 200)).toMatchObject({ state: 'REVOKED', version: 3 })
  })

  it('answers as soon as somebody says what came of it, and as soon as it is read back', async () => {
    const claim = await proposeClaimed(deps)
    const ended = (await expectStatus(await sendFinish(deps, claim, { sent: 'unknown', outcome: 'unknown' }), 200)) as ExecutorAction
    const looking = wait(claim.action_id, ended.version)
    await expectStatus(await sendResolution(deps, 'approver', claim, { outcome: 'completed' }), 200)
    const looked = (await expectStatus(await looking, 200)) as ExecutorAction
    expect(looked).toMatchObject({ state: 'COMPLETED', execution: { resolution: { resolved_by: { name: 'approver' } } } })
    const reading = wait(claim.action_id, looked.version)
    await expectStatus(await sendObservation(deps, claim, null), 200)
    expect(await expectStatus(await reading, 200)).toMatchObject({
      version: looked.version + 1,
      execution: { observed: { result: 'cannot_verify' } },
    })
  })

  it('is not woken by the brake: nothing about the action has changed', async () => {
    const action = await proposeApproved(deps)
    const waiting = wait(action.action_id, 2, 1)
    await setBrake(deps, true)
    const same = (await expectStatus(await waiting, 200)) as ExecutorAction
    await setBrake(deps, false)
    expect(same).toMatchObject({ state: 'APPROVED', version: 2 })
  })

  it('answers at once what is news already, and after the time that was asked for what is not', async () => {
    const action = await proposeApproved(deps)
    expect(await expectStatus(await wait(action.action_id, 1), 200)).toMatchObject({ version: 2 })
    const started = performance.now()
    const same = (await expectStatus(await wait(action.action_id, 2, 1), 200)) as ExecutorAction
    expect(same.version).toBe(2)
    expect(performance.now() - started).toBeGreaterThanOrEqual(990)
  })

  it('stops when the client goes away', async () => {
    const action = await propose(deps)
    const leaving = new AbortController()
    const waiting = Promise.resolve(wait(action.action_id, action.version, 25, leaving.signal))
    const started = performance.now()
    leaving.abort()
    await waiting.catch(() => undefined)
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})

describe('the scopes of a key', () => {
  it('lets a key that may only propose claim nothing, and the other way round', async () => {
    const proposer = await deps.addExecutor({ name: 'proposer', sharedWithEveryone: true, scopes: ['actions:propose'] })
    const executor = await deps.addExecutor({ name: 'executor', sharedWithEveryone: true, scopes: ['actions:execute'] })
    const action = await proposeApproved(deps, { executorKey: proposer.key })
    expect(await outcomeOf(await sendClaim(deps, action, { key: proposer.key }))).toEqual({ status: 403, code: 'scope_missing' })
    const body = { payload: toListing() }
    expect(await outcomeOf(await deps.asExecutor(executor.key).post('/external-actions', body, { 'idempotency-key': 'k' }))).toEqual({
      status: 403,
      code: 'scope_missing',
    })
  })
})

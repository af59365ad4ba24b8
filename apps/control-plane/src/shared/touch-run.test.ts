import type { RunDetail } from '@autopack/contract/operator-runs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { askChange, expectStatus, propose, revise, toListing } from '../test/ledger-story.ts'
import { openTestDeps } from '../test/open-test-deps.ts'
import type { TestDeps } from '../test/open-test-deps.ts'
import { buildStartBody } from '../test/start-body.ts'
import { touchRunForAction } from './touch-run.ts'

let deps: TestDeps
beforeAll(async () => {
  deps = await openTestDeps()
  await deps.asExecutor().post('/runs/start', buildStartBody('busy-run'))
})
afterAll(() => deps.close())

const run = async () => (await (await deps.asOperator('viewer').get('/operator/runs/busy-run')).json()) as RunDetail
const cancel = (actionId: string) => deps.asExecutor().post(`/external-actions/${actionId}/cancel`, { reason: 'not needed' })

test('actions proposed and withdrawn at the same time, between heartbeats, are all counted and none waits for ever', async () => {
  const heartbeats = Array.from({ length: 5 }, (_, done) => deps.asExecutor().post('/runs/busy-run/heartbeat', { note: `step ${done}` }))
  const [actions, beats] = await Promise.all([
    Promise.all(Array.from({ length: 8 }, () => propose(deps, { more: { run_id: 'busy-run' } }))),
    Promise.all(heartbeats),
  ])
  expect(beats.map((beat) => beat.status)).toEqual([200, 200, 200, 200, 200])
  expect(await run()).toMatchObject({ state: 'waiting', actions_waiting: 8 })
  const inbox = async (needsHuman: boolean) =>
    (await (await deps.asOperator('viewer').get(`/operator/runs?needs_human=${needsHuman}`)).json()) as object
  expect(await inbox(true)).toMatchObject({ total: { count: 1, exact: true }, by_state: { waiting: { count: 1, exact: true } } })
  expect(await inbox(false)).toMatchObject({ total: { count: 0, exact: true } })

  const cancelled = await Promise.all(actions.map((action) => cancel(action.action_id)))
  expect(cancelled.every((answer) => answer.status === 200)).toBe(true)
  expect(await run()).toMatchObject({ state: 'queued', actions_waiting: 0 })
})

test('an action that somebody wants changed waits for its executor, and for a person again when it is revised', async () => {
  const action = await propose(deps, { more: { run_id: 'busy-run' } })
  expect(await run()).toMatchObject({ state: 'waiting', actions_waiting: 1 })
  await expectStatus(await askChange(deps, 'approver', action), 200)
  expect(await run()).toMatchObject({ state: 'queued', actions_waiting: 0 })
  const other = await propose(deps, { more: { run_id: 'busy-run' } })
  expect(await run()).toMatchObject({ state: 'waiting', actions_waiting: 1 })
  expect((await cancel(other.action_id)).status).toBe(200)
  await expectStatus(await revise(deps, action, toListing()), 201)
  expect(await run()).toMatchObject({ state: 'waiting', actions_waiting: 1 })
  expect((await cancel(action.action_id)).status).toBe(200)
  expect(await run()).toMatchObject({ state: 'queued', actions_waiting: 0 })
})

test('every touch is a new version, and a run that is not there is nothing to touch', async () => {
  const before = (await run()).version
  const touched = await deps.db.transaction((tx) => touchRunForAction(tx, 'busy-run'))
  expect(touched).toMatchObject({ version: before + 1, executorId: deps.executor.executorId, ownerOperatorId: deps.operatorIds.admin })
  expect(await deps.db.transaction((tx) => touchRunForAction(tx, 'no-such-run'))).toBeNull()
})

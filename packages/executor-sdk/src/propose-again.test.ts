import { afterEach, beforeEach, expect, test } from 'vitest'
import { createExecutor } from './create-executor.ts'
import type { Executor, Within } from './create-executor.ts'
import { buildAction, key, listen, payload } from './test/listening-peer.ts'
import type { Peer } from './test/listening-peer.ts'

let plane: Peer
let executor: Executor
const revised = buildAction({ state: 'PENDING', revision: 2, payload_hash: 'f'.repeat(64) })
beforeEach(async () => {
  plane = await listen(() => ({ status: 201, json: buildAction({ state: 'PENDING' }) }))
  executor = createExecutor({ url: plane.origin, key })
})
afterEach(() => plane.close())

async function proposeAs(within?: Within) {
  await executor.propose(payload, within)
  const { headers, body } = plane.seen.at(-1)!
  return { key: headers['idempotency-key'], body: body.toString() }
}

test('another attempt makes the same payload another proposal, and the same attempt the same one', async () => {
  const [first, second, third, again] = [
    await proposeAs(),
    await proposeAs({ attempt: '2' }),
    await proposeAs({ attempt: 'escalated' }),
    await proposeAs({ attempt: '2' }),
  ]
  const escalated = await proposeAs({ escalate: true })
  expect(new Set([first.key, second.key, third.key, escalated.key]).size).toBe(4)
  expect(again).toEqual(second)
  // The contract takes no member that it does not know.
  expect(second.body).toBe(first.body)
})

test.each<[string, Within, Within]>([
  ['escalate: false', { escalate: false }, {}],
  ['another order of the members', { phase_id: 'p1', run_id: 'run-1' }, { run_id: 'run-1', phase_id: 'p1' }],
])('%s is the same proposal, byte for byte', async (_, one, other) => {
  expect(await proposeAs(one)).toEqual(await proposeAs(other))
})

test('a proposal that was revised meanwhile is told as such, with the action as it is', async () => {
  plane.answer = () => ({ status: 201, json: revised })
  await expect(executor.propose(payload)).rejects.toMatchObject({ name: 'RevisedMeanwhile', action: { revision: 2, payload_hash: 'f'.repeat(64) } })
  plane.answer = () => ({ status: 200, json: revised })
  await expect(executor.waitForDecision(buildAction())).rejects.toMatchObject({ name: 'RevisedMeanwhile' })
})

test('an edit that was replaced by a later one is told as such', async () => {
  plane.answer = () => ({ status: 201, json: { ...revised, revision: 3 } })
  await expect(executor.revise(buildAction(), payload)).rejects.toMatchObject({ name: 'RevisedMeanwhile', action: { revision: 3 } })
})

test('other bytes under the revision that was proposed or read are not taken for a revision', async () => {
  plane.answer = () => ({ status: 201, json: { ...revised, revision: 1 } })
  await expect(executor.propose(payload)).rejects.toMatchObject({ name: 'TamperedPayload' })
  plane.answer = () => ({ status: 200, json: revised })
  await expect(executor.getAction(buildAction({ revision: 2 }))).rejects.toMatchObject({ name: 'TamperedPayload' })
})

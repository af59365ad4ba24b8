import { decideExternalAction } from '@autopack/contract/operator-actions'
import { consolePath } from '@autopack/contract/route'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { outboxTable } from '../db/bff-tables.ts'
import { startTestBff } from '../test/start-test-bff.ts'
import type { Person, TestBff } from '../test/start-test-bff.ts'
import { answerJson, problem } from '../test/start-test-upstream.ts'
import type { SignInEvent } from './outbox-rows.ts'

let bff: TestBff
let ada: Person
let cookie: string
beforeAll(async () => {
  bff = await startTestBff()
  ada = await bff.addPerson('Ada', 'approver')
  cookie = await bff.signIn(ada)
})
afterAll(() => bff.close())
beforeEach(async () => {
  await bff.deps.db.delete(outboxTable)
})

const decision = consolePath(decideExternalAction.path.replace('{action_id}', 'act_00000000-0000-0000-0000-000000000000'))

async function listEvents(): Promise<SignInEvent[]> {
  return (await bff.deps.db.select().from(outboxTable)).map((row) => row.event as SignInEvent)
}

function send(path: string, body: string, headers: Record<string, string> = {}) {
  const own = { origin: bff.origin, 'x-csrf': '1', 'content-type': 'application/json', cookie }
  return bff.send({ method: 'POST', path, body, headers: { ...own, ...headers } })
}

test.each([
  ['a body that is not JSON', decision, '{', {}, 'malformed_json'],
  ['a body of wrong types', decision, '[]', {}, 'invalid_request'],
  ['a body that is too large', '/api/auth/password', ' '.repeat(5_000), {}, 'body_too_large'],
  ['an id that cannot be', '/api/auth/sessions/zz/revoke', '{}', {}, 'invalid_request'],
  [
    'a wrong current password',
    '/api/auth/password',
    '{"current_password":"a guess","new_password":"velvet tractor under nine"}',
    {},
    'wrong_credentials',
  ],
  ['another origin', decision, '{}', { origin: 'http://localhost:1' }, 'forged_request'],
] as const)('a change of a signed-in person that is refused for %s goes into the outbox under their name', async (_, path, body, headers, code) => {
  const answer = await send(path, body, headers)
  expect(answer.text).toContain(`"code":"${code}"`)
  const events = await listEvents()
  expect(events).toMatchObject([{ kind: 'request_refused', operator_id: ada.operator_id, name: 'Ada', code }])
  expect(events[0]?.detail).toContain(`POST ${path}: `)
  expect(JSON.stringify(events)).not.toContain('a guess')
})

test('nothing is recorded of a refused read, of somebody who is not signed in, or of what the control plane refused itself', async () => {
  await bff.get('/api/runs?unknown=1', cookie)
  await send(decision, '{', { cookie: '' })
  await send(decision, '{', { cookie: 'session=x' })
  bff.upstream.answers.set('/operator/executor-keys', answerJson(409, problem('too_many_keys', 409)))
  expect((await send('/api/executor-keys', '{"executor_name":"robot"}')).status).toBe(409)
  expect(await listEvents()).toEqual([])
})

test('a flood of one person becomes thirty events and a count, and hides nothing of another', async () => {
  bff.advance(120_000)
  for (let count = 0; count < 40; count += 1) await send('/api/auth/sessions/zz/revoke', '{}')
  const other = await bff.signIn(await bff.addPerson('Bob', 'viewer'))
  await send('/api/auth/sessions/zz/revoke', '{}', { cookie: other })
  await bff.deps.refusals.flush()
  const refused = (await listEvents()).filter((event) => event.kind === 'request_refused')
  expect(refused.filter((event) => event.name === 'Ada').length).toBe(31)
  expect(refused.filter((event) => event.name === 'Bob').length).toBe(1)
  expect(refused.find((event) => event.detail.includes('counted'))?.detail).toBe('10 further refused requests, counted instead of listed')
})

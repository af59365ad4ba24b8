import { afterAll, beforeAll, expect, test } from 'vitest'
import { requestsPerMinute } from '../../shared/rate-limits.ts'
import { codeOf } from '../../test/send-request.ts'
import { startTestBff } from '../../test/start-test-bff.ts'
import type { TestBff } from '../../test/start-test-bff.ts'
import { answerJson, problem } from '../../test/start-test-upstream.ts'

let bff: TestBff
const path = '/external-actions/act_00000000-0000-4000-8000-000000000000/decision'
const binding = { revision: 1, payload_hash: 'a'.repeat(64), reason: 'because' }
const approve = { kind: 'approve', ...binding, descriptor: null, display_sha256: 'b'.repeat(64) }
const askChange = { kind: 'ask_change', ...binding, field: null }
const reject = { kind: 'reject', ...binding, reject_kind: 'never' }

beforeAll(async () => {
  bff = await startTestBff()
  bff.upstream.answers.set(`/operator${path}`, answerJson(404, problem('not_found', 404)))
})
afterAll(() => bff.close())

test('approving has a limit of its own, each person has theirs, and rejecting, asking for a change and the brake are never limited', async () => {
  const cookie = await bff.signIn(await bff.addPerson('Ada', 'approver'))
  const decide = async (body: unknown, by = cookie) => codeOf(await bff.post(`/api${path}`, body, by))
  for (let count = 0; count < requestsPerMinute.decision; count += 1) expect(await decide(approve)).toBe('not_found')
  const refused = await bff.post(`/api${path}`, approve, cookie)
  expect(codeOf(refused)).toBe('rate_limited')
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
  for (let count = 0; count < 40; count += 1) for (const body of [reject, askChange]) expect(await decide(body)).toBe('not_found')
  bff.upstream.answers.set('/operator/control/brake', answerJson(404, problem('not_found', 404)))
  const brake = { scope: { kind: 'all', id: '' }, reason: 'Stop.' }
  for (let count = 0; count < 40; count += 1) expect(codeOf(await bff.post('/api/control/brake', brake, cookie))).toBe('not_found')
  expect(await decide(approve, await bff.signIn(await bff.addPerson('Bob', 'approver')))).toBe('not_found')
})

test.each(['/approvals/apr_1/decision', '/governance/gov_00000000/decision'])('%s: approving is limited, saying no is not', async (path) => {
  bff.upstream.answers.set(`/operator${path}`, answerJson(404, problem('not_found', 404)))
  const cookie = await bff.signIn(await bff.addPerson(`Decides ${path.slice(1, 5)}`, 'approver'))
  const bound = { body_sha256: 'a'.repeat(64), reason: 'because' }
  const decide = async (kind: object) => codeOf(await bff.post(`/api${path}`, { ...bound, ...kind }, cookie))
  for (let count = 0; count < requestsPerMinute.decision; count += 1) expect(await decide({ kind: 'approve' })).toBe('not_found')
  expect(await decide({ kind: 'approve' })).toBe('rate_limited')
  for (const no of [
    { kind: 'reject', reject_kind: 'never' },
    { kind: 'ask_change', field: null },
  ])
    expect(await decide(no)).toBe('not_found')
})

test('reads are limited per person, and signing out never is', async () => {
  const cookie = await bff.signIn(await bff.addPerson('Eve', 'viewer'))
  const codes = new Set<number>()
  for (let count = 0; count <= requestsPerMinute.artifact; count += 1) codes.add((await bff.get('/api/runs/r1/artifacts/file?path=a', cookie)).status)
  expect(codes).toEqual(new Set([404, 429]))
  expect((await bff.post('/api/auth/logout', {}, cookie)).status).toBe(204)
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import { codeOf } from '../test/send-request.ts'
import { startTestBff } from '../test/start-test-bff.ts'
import type { TestBff } from '../test/start-test-bff.ts'
import { answerJson, problem } from '../test/start-test-upstream.ts'

let bff: TestBff
let cookie: string
beforeAll(async () => {
  bff = await startTestBff({ timing: { headersMs: 6_000, totalMs: 8_000 } })
  cookie = await bff.signIn(await bff.addPerson('Ada', 'approver'))
  bff.upstream.answers.set('/operator/control/brake', answerJson(404, problem('not_found', 404)))
})
afterAll(() => bff.close())

const countReads = () => bff.upstream.received.filter(({ target }) => target === '/operator/control').length

test('the brake gets through while every connection for pages waits for an answer', async () => {
  // Never answers.
  bff.upstream.answers.set('/operator/control', () => undefined)
  const reads = Array.from({ length: 80 }, () => bff.get('/api/control', cookie))
  for (let attempt = 0; attempt < 2_000 && countReads() < 64; attempt += 1) await bff.get('/livez')
  expect(countReads()).toBe(64)
  const brake = await bff.post('/api/control/brake', { scope: { kind: 'all', id: '' }, reason: 'Stop.' }, cookie)
  expect(codeOf(brake)).toBe('not_found')
  expect(countReads()).toBe(64)
  expect(new Set((await Promise.all(reads)).map(codeOf))).toEqual(new Set(['control_plane_unreachable']))
}, 30_000)

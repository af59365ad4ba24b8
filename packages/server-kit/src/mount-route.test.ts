import { defineRoute } from '@autopack/contract/route'
import { describe, expect, test } from 'vitest'
import * as z from 'zod/mini'
import { createApp, refuseOtherMethods } from './create-app.ts'
import { createLog } from './log.ts'
import { mountRoute } from './mount-route.ts'
import { ProblemError } from './problem-error.ts'

const policy = { plane: 'operator', role: 'viewer', step_up: 'none', rate_class: 'read', body_limit_bytes: 64, timeout_ms: 1_000 } as const
const echo = defineRoute({
  id: 'echo',
  method: 'POST',
  path: '/things/{thing_id}',
  summary: '',
  params: z.object({ thing_id: z.string().check(z.regex(/^[a-z]+$/)) }),
  query: z.object({ q: z.optional(z.string()) }),
  body: z.strictObject({ text: z.string() }),
  answer: { status: 200, kind: 'json', schema: z.strictObject({ text: z.string() }) },
  problems: [],
  retry: 'same_idempotency_key',
  policy,
})
const read = defineRoute({
  id: 'read',
  method: 'GET',
  path: '/things',
  summary: '',
  answer: { status: 200, kind: 'json', schema: z.strictObject({ n: z.int(), now: z.string() }) },
  problems: [],
  retry: 'safe',
  etag: true,
  policy,
})

const lines: string[] = []
const log = createLog({ name: 'test', level: 'info', secrets: ['hunter2-hunter2'], destination: { write: (line) => void lines.push(line) } })
function buildApp() {
  const app = createApp({ log })
  const authenticate = async () => 'somebody'
  mountRoute(app, echo, { authenticate }, async ({ body }) => {
    if (body.text === 'boom') throw new Error('password hunter2-hunter2 at 10.0.0.1')
    if (body.text === 'no') throw new ProblemError('expired', 'Too late.')
    return { text: body.text, hidden: 'column' } as never
  })
  let ticks = 0
  mountRoute(app, read, { authenticate }, async () => ({ n: 1, now: String((ticks += 1)) }))
  refuseOtherMethods(app, [echo, read])
  return app
}
const app = buildApp()
const post = (path: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  app.request(path, { method: 'POST', body, headers: { 'content-type': 'application/json', 'idempotency-key': 'k', ...headers } })
const code = async (response: Response) => ((await response.json()) as { code: string }).code

describe('400', () => {
  test.each([
    ['malformed JSON', '{', 'malformed_json'],
    ['bytes that are not UTF-8', new Uint8Array([0x22, 0xff, 0x22]), 'malformed_json'],
    ['a wrong type', '{"text":1}', 'invalid_request'],
    ['an unknown member', '{"text":"a","more":1}', 'invalid_request'],
    ['null', 'null', 'invalid_request'],
  ])('%s is refused with a code and words', async (_, body, expected) => {
    const response = await post('/things/a', body)
    expect(response.status).toBe(400)
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
    expect(await code(response)).toBe(expected)
  })

  test('the words say what was wrong, where, and what would do', async () => {
    const response = await post('/things/a', '{"text":1}')
    expect(await response.json()).toMatchObject({ detail: 'body text: Invalid input: expected string, received number' })
    expect(((await (await post('/things/A', '{"text":"a"}')).json()) as { detail: string }).detail).toContain('must match pattern')
  })

  test('an unknown or repeated filter is refused rather than ignored', async () => {
    expect(await code(await app.request('/things?statee=x'))).toBe('invalid_request')
    expect(await code(await post('/things/a?q=1&q=2', '{"text":"a"}'))).toBe('invalid_request')
  })

  test('a parameter by the name of a prototype is one like any other', async () => {
    for (const name of ['__proto__', 'constructor', 'toString']) {
      const problem = (await (await app.request(`/things?${name}=1`)).json()) as { code: string; detail: string }
      expect([problem.code, problem.detail]).toEqual(['invalid_request', `query ${name}: is not known here`])
    }
  })

  test('what is repeated of a request can be stored and shown: no NUL, no half of a character, nothing that turns text around', async () => {
    const body = '{"text":"a","\\u0000\\ud800\\u202e\\u001b[31m":1}'
    const answer = await app.request('/things/abc', { method: 'POST', headers: { 'content-type': 'application/json', 'idempotency-key': 'k' }, body })
    const problem = (await answer.json()) as { detail: string; issues: { message: string }[] }
    expect(problem.detail).toContain('Unrecognized key')
    for (const words of [problem.detail, problem.issues[0]!.message]) expect(words).not.toMatch(/[\u0000-\u001f\u202e]|\p{Surrogate}/u)
    const broken = await app.request('/things/abc', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'k' },
      body: '\u202e\u007f{',
    })
    expect(((await broken.json()) as { detail: string }).detail).not.toMatch(/[\u007f\u202e]/)
  })

  test('a missing Idempotency-Key is refused where the contract wants one', async () => {
    const response = await app.request('/things/a', { method: 'POST', body: '{"text":"a"}', headers: { 'content-type': 'application/json' } })
    expect(await code(response)).toBe('idempotency_key_required')
  })

  test.each(['/things/..%2fa', '/things/%2e%2e', '/things//a', '/things/a;b', '/things/a\\b', '/%74hings', '/.things'])(
    'the path %s is refused before any router sees it',
    async (path) => {
      const response = await app.request(new Request(`http://localhost${path}`))
      expect([400, 404]).toContain(response.status)
    },
  )
})

test('415: another content type is refused as a problem', async () => {
  const response = await post('/things/a', 'text=a', { 'content-type': 'text/plain' })
  expect([response.status, await code(response)]).toEqual([415, 'unsupported_media_type'])
})

test('413: a body over the limit is refused, announced or not', async () => {
  const long = JSON.stringify({ text: 'x'.repeat(100) })
  expect((await post('/things/a', long)).status).toBe(413)
  const stream = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(long))
      controller.close()
    },
  })
  const request = new Request('http://localhost/things/a', {
    method: 'POST',
    body: stream,
    duplex: 'half',
    headers: { 'content-type': 'application/json', 'idempotency-key': 'k' },
  } as RequestInit)
  expect((await app.request(request)).status).toBe(413)
})

test('405: another method on a known path names the ones there are', async () => {
  const response = await app.request('/things', { method: 'DELETE' })
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
})

test('403: no byte of a body is read before the credential is checked', async () => {
  const guarded = createApp({ log })
  const refuse = async () => {
    throw new ProblemError('key_refused', 'No.')
  }
  mountRoute(guarded, echo, { beforeBody: refuse, authenticate: async () => 'somebody' }, async ({ body }) => body)
  let pulled = 0
  const body = new ReadableStream(
    {
      pull: (controller) => {
        pulled += 1
        controller.enqueue(new Uint8Array(1_000))
      },
    },
    { highWaterMark: 0 },
  )
  const answer = await guarded.request(new Request('http://localhost/things/a', { method: 'POST', body, duplex: 'half' } as RequestInit))
  expect([answer.status, await code(answer), pulled]).toEqual([403, 'key_refused', 0])
})

test('404: an unknown path is a problem, not text', async () => {
  expect(await code(await app.request('/nothing'))).toBe('not_found')
})

test('a column that the contract does not know never leaves the server: the answer is refused, not shown', async () => {
  const response = await post('/things/a', '{"text":"fine"}')
  const text = await response.text()
  expect(response.status).toBe(500)
  expect(text).not.toContain('column')
})

test('an unexpected error answers fixed words and a request id, and its secrets stay out of answer and log', async () => {
  const response = await post('/things/a', '{"text":"boom"}', { 'x-request-id': 'request-0001' })
  const text = await response.text()
  expect(response.status).toBe(500)
  expect(text).toContain('request-0001')
  expect(text).not.toMatch(/hunter2|10\.0\.0\.1|mount-route/)
  expect(lines.join('')).toContain('request-0001')
  expect(lines.join('')).not.toContain('hunter2-hunter2')
})

test('a refusal keeps its code and its words', async () => {
  const response = await post('/things/a', '{"text":"no"}')
  expect(await response.json()).toMatchObject({ code: 'expired', status: 409, detail: 'Too late.' })
})

test('an answer that differs only in `now` has the same ETag and is answered 304', async () => {
  const first = await app.request('/things')
  const etag = first.headers.get('etag')!
  const second = await app.request('/things', { headers: { 'if-none-match': etag } })
  expect([second.status, await second.text()]).toEqual([304, ''])
})

test('every answer carries the headers that keep it inert', async () => {
  for (const response of [await app.request('/things'), await app.request('/nothing'), await app.request('/things//a')]) {
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  }
})

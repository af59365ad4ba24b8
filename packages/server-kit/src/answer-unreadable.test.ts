import { connect } from 'node:net'
import { problemSchema } from '@autopack/contract/problems'
import type { Problem } from '@autopack/contract/problems'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import * as z from 'zod/mini'
import { createApp } from './create-app.ts'
import { createLog } from './log.ts'
import { readBody, jsonBodyTiming } from './read-body.ts'
import { serve } from './serve.ts'
import type { Serving } from './serve.ts'

const headers = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'x-own': 'of this server' }
let serving: Serving
let logged = ''
let handled: string[] = []
/** Lets the answers to `/slow` go. */
let release: (() => void) | null = null

beforeAll(async () => {
  const log = createLog({ name: 'test', level: 'debug', secrets: [], destination: { write: (line) => (logged += line) } })
  const app = createApp({ log, headers })
  app.get('/slow', async (c) => {
    await new Promise<void>((resolve) => (release = resolve))
    return c.text('the slow answer')
  })
  app.all('*', async (c) => {
    handled.push(`${c.req.method} ${c.req.path}`)
    const body = c.req.method === 'POST' ? await readBody(c.req.raw, 100, jsonBodyTiming) : new Uint8Array()
    return c.text(`the answer to ${c.req.path} with ${body.length} bytes`)
  })
  serving = await serve({ fetch: app.fetch, host: '127.0.0.1', port: 0, headers, log, headersTimeoutMs: 500 })
})
afterAll(() => serving.stop())
beforeEach(() => {
  logged = ''
  handled = []
})
afterEach(async () => {
  // Whatever came before, the server is alive and a good request works.
  expect(await exchange('GET /alive HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 [\s\S]*the answer to \/alive/)
  expect(logged).not.toMatch(/"level":(40|50|60)/)
})

/** Everything that comes back on one connection until the server closes it. */
async function exchange(text: string | Buffer, ...rest: string[]): Promise<string> {
  const socket = connect(serving.port, '127.0.0.1')
  socket.write(text)
  for (const part of rest) socket.write(part)
  let answer = ''
  socket.setTimeout(10_000, () => socket.destroy(new Error(`the connection stays open after: ${answer}`)))
  try {
    for await (const part of socket) answer += String(part)
  } finally {
    socket.destroy()
  }
  return answer
}

function problemIn(answer: string): Problem & { head: string } {
  const [head = '', body = ''] = answer.split('\r\n\r\n')
  const problem = z.parse(problemSchema, JSON.parse(body))
  expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${problem.status} [A-Z]`))
  expect(head.toLowerCase()).toContain('content-type: application/problem+json; charset=utf-8')
  expect(head.toLowerCase()).toContain(`content-length: ${Buffer.byteLength(body)}`)
  expect(head.toLowerCase()).toContain('connection: close')
  expect(head).toContain(`x-request-id: ${problem.request_id}`)
  for (const [name, value] of Object.entries(headers)) expect(head).toContain(`${name}: ${value}`)
  expect(problem.detail.length).toBeGreaterThan(20)
  return Object.assign(problem, { head })
}

const canary = 'c4n4ry'
const get = (more: string) => `GET /${canary} HTTP/1.1\r\nHost: x\r\n${more}\r\n`
const post = (more: string) => `POST /${canary} HTTP/1.1\r\nHost: x\r\n${more}`

describe('answers a problem and closes', () => {
  test.each([
    ['a request line that is none', `${canary}\r\n\r\n`, 'invalid_request'],
    ['TLS on a plain port', Buffer.from('16030100a5010000a10303', 'hex'), 'invalid_request'],
    ['an unknown version', `GET /${canary} HTTP/9.9\r\nHost: x\r\n\r\n`, 'invalid_request'],
    ['a space in the target', `GET /a ${canary} HTTP/1.1\r\nHost: x\r\n\r\n`, 'invalid_request'],
    ['a header without a colon', get(`${canary}\r\n`), 'invalid_request'],
    ['a space before the colon', get(`X-A : ${canary}\r\n`), 'invalid_request'],
    ['NUL in a header', get(`X-A: ${canary}\0\r\n`), 'invalid_request'],
    ['a bare CR in a header', get(`X-A: ${canary}\rX-B: 1\r\n`), 'invalid_request'],
    ['a folded header', get(`X-A: 1\r\n ${canary}\r\n`), 'invalid_request'],
    ['headers over 8 KiB', get(`X-A: ${canary.repeat(2_000)}\r\n`), 'headers_too_large'],
    ['a target over 8 KiB', `GET /${canary.repeat(2_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 'headers_too_large'],
    ['a length that is no number', post(`Content-Length: ${canary}\r\n\r\n{}`), 'invalid_request'],
    ['a negative length', post('Content-Length: -1\r\n\r\n{}'), 'invalid_request'],
    ['two lengths', post('Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}'), 'invalid_request'],
    ['a length and chunks', post('Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'), 'invalid_request'],
    ['chunks that are not the last encoding', post('Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n'), 'invalid_request'],
    ['a chunk size that is none', post(`Transfer-Encoding: chunked\r\n\r\n${canary}zz\r\n{}\r\n0\r\n\r\n`), 'invalid_request'],
    ['a chunk longer than it says', post(`Transfer-Encoding: chunked\r\n\r\n1\r\n${canary}\r\n0\r\n\r\n`), 'invalid_request'],
    ['endless chunk extensions', post(`Transfer-Encoding: chunked\r\n\r\n1;a=${canary.repeat(4_000)}\r\n{\r\n0\r\n\r\n`), 'body_too_large'],
    ['an expectation that nobody knows', post(`Expect: ${canary}\r\nContent-Length: 2\r\n\r\n{}`), 'expectation_failed'],
    ['CONNECT', `CONNECT ${canary}:443 HTTP/1.1\r\nHost: x\r\n\r\n`, 'method_not_allowed'],
    ['no Host', `GET /${canary} HTTP/1.1\r\n\r\n`, 'invalid_request'],
    ['two Hosts', `GET /${canary} HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n`, 'invalid_request'],
    ['headers that never end', `GET /${canary} HTTP/1.1\r\nHost: x\r\n`, 'request_timeout'],
  ])('to %s, without repeating anything of it', async (_, text, code) => {
    const answer = await exchange(text)
    expect(problemIn(answer).code, answer).toBe(code)
    expect(answer).not.toContain(canary)
    expect(logged).not.toContain(canary)
    expect(answer.match(/^HTTP\/1\.1 /gm)).toHaveLength(1)
  })
})

test('what hides behind two lengths is not run', async () => {
  const answer = await exchange(post('Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nPOST /smuggled HTTP/1.1\r\nHost: x\r\n\r\n'))
  expect(problemIn(answer).code).toBe('invalid_request')
  expect(handled).not.toContain('POST /smuggled')
})

test('what follows a request with two Hosts on its connection is not run', async () => {
  await exchange(`GET /a HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\nPOST /behind HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n`)
  expect(handled).toEqual([])
})

test('the answer to an earlier request on the same connection comes whole and first', async () => {
  const answering = exchange('GET /slow HTTP/1.1\r\nHost: x\r\n\r\nrubbish\r\n\r\n')
  await expect.poll(() => release).not.toBeNull()
  release!()
  const answer = await answering
  expect(answer.indexOf('the slow answer')).toBeGreaterThan(0)
  expect(answer.indexOf('"invalid_request"')).toBeGreaterThan(answer.indexOf('the slow answer'))
})

test('requests sent one behind the other are answered in order', async () => {
  const answer = await exchange(
    'GET /1 HTTP/1.1\r\nHost: x\r\n\r\nPOST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}GET /3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  )
  expect([...answer.matchAll(/the answer to (\S+) with (\d) bytes/g)].map(([, path, bytes]) => `${path} ${bytes}`)).toEqual(['/1 0', '/2 2', '/3 0'])
})

test('HTTP/1.0 without a Host, an upgrade and a TRACE are answered by the app', async () => {
  expect(await exchange('GET /old HTTP/1.0\r\n\r\n')).toContain('the answer to /old')
  const upgrade = 'Connection: Upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n'
  expect(await exchange(`GET /upgrade HTTP/1.1\r\nHost: x\r\n${upgrade}\r\n`)).toMatch(/^HTTP\/1\.1 200 /)
  expect(await exchange('TRACE /trace HTTP/1.1\r\nHost: x\r\nX-A: b\r\nConnection: close\r\n\r\n')).not.toContain('X-A')
})

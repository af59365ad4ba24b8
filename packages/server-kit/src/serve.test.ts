import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApp, wireTarget } from './create-app.ts'
import { createLog } from './log.ts'
import { serve } from './serve.ts'
import type { Serving } from './serve.ts'

let serving: Serving
beforeAll(async () => {
  const log = createLog({ name: 'test', level: 'silent', secrets: [] })
  const app = createApp({ log, covers: () => false })
  app.get('*', (c) => c.text(wireTarget(c)))
  app.post('*', () => {
    // What is no Error passes the app's own error handling.
    throw 'hunter2'
  })
  serving = await serve({ fetch: app.fetch, host: '127.0.0.1', port: 0, log })
})
afterAll(() => serving.stop())

/** The whole answer to a request that no client library would send as it is. */
async function sendRaw(line: string, headers: string): Promise<string> {
  const socket = connect(serving.port, '127.0.0.1')
  socket.end(`${line} HTTP/1.1\r\n${headers}\r\nConnection: close\r\n\r\n`)
  let text = ''
  for await (const part of socket) text += String(part)
  return text
}

test.each([
  ['a backslash in the path', 'GET /a\\..\\b', 'Host: x'],
  ['a host that is none', 'GET /a', 'Host: a b'],
  ['a target that is no path', 'OPTIONS *', 'Host: x'],
])('%s is a problem with a code and the headers of every answer', async (_, line, headers) => {
  const answer = await sendRaw(line, headers)
  expect(answer).toMatch(/^HTTP\/1\.1 400 /)
  expect(answer).toContain('"code":"invalid_path"')
  expect(answer.toLowerCase()).toContain('x-content-type-options: nosniff')
  expect(answer.toLowerCase()).toContain('content-type: application/problem+json')
})

test('what fails outside the app answers fixed words', async () => {
  const answer = await sendRaw('POST /a', 'Host: x\r\nContent-Length: 0')
  expect(answer).toMatch(/^HTTP\/1\.1 500 /)
  expect(answer).toContain('"code":"internal_error"')
  expect(answer).not.toContain('hunter2')
})

test('the target is what came over the wire, nothing in it resolved or decoded', async () => {
  for (const target of ['/a/../b?x=%2e&y=a+b', '/a//b', '/%61?q=%C3%A9']) expect(await sendRaw(`GET ${target}`, 'Host: x')).toContain(`\r\n${target}`)
  expect(await sendRaw('GET http://elsewhere/a/b?c=1', 'Host: x')).toContain('\r\n/a/b?c=1')
})

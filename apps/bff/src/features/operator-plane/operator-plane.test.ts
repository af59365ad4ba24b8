import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { consolePath } from '@autopack/contract/route'
import { consoleRoutes, operatorRoutes } from '@autopack/contract/routes'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { codeOf, openRequest } from '../../test/send-request.ts'
import { startTestBff, testApiKey } from '../../test/start-test-bff.ts'
import type { Person, TestBff } from '../../test/start-test-bff.ts'
import { answerJson, problem } from '../../test/start-test-upstream.ts'

let bff: TestBff
let ada: Person
let approver: string
let viewer: string
const actionId = `act_${randomUUID()}`
const control = {
  external_actions_enabled: false,
  dry_run: true,
  brake_engaged: false,
  brakes: [],
  switches: [],
  kill_switches: { ETSY_PUBLISH: false, SHOPIFY_PUBLISH: false, YOUTUBE_PUBLISH: false, TRADING_ORDERS: false, DEMO_SHOP_PUBLISH: false },
  caps: [],
  version: 1,
  now: '2026-11-22T12:00:00.000Z',
}

beforeAll(async () => {
  bff = await startTestBff({ timing: { headersMs: 400, totalMs: 600, idleMs: 500 } })
  ada = await bff.addPerson('Ada', 'approver')
  approver = await bff.signIn(ada)
  viewer = await bff.signIn(await bff.addPerson('Vic', 'viewer'))
})
afterAll(() => bff.close())
beforeEach(() => {
  bff.upstream.answers.clear()
  bff.upstream.received.length = 0
})

const settled = async (condition: () => boolean) => expect.poll(condition, { timeout: 5_000 }).toBe(true)

describe('what travels up', () => {
  test('is built from the route: the key, an assertion for exactly this request, and no header of the browser', async () => {
    bff.upstream.answers.set('/operator/runs', answerJson(404, problem('not_found', 404)))
    await bff.get('/api/runs?q=a+b%26c&limit=5', approver, {
      'x-forwarded-for': '6.6.6.6',
      authorization: 'Bearer mine',
      'x-api-key': 'mine',
      'x-evil': '1',
    })
    const [sent] = bff.upstream.received
    expect(sent?.target).toBe('/operator/runs?q=a+b%26c&limit=5')
    expect(sent?.claims).toMatchObject({ sub: ada.operator_id, htm: 'GET', htp: sent?.target, amr: ['pwd'] })
    expect(Object.keys(sent!.headers).toSorted()).toEqual(['accept', 'connection', 'host', 'x-api-key', 'x-operator-assertion', 'x-request-id'])
    expect(sent?.headers['x-api-key']).toBe(testApiKey)
  })

  test('is the parsed body, with the hash of those bytes in the assertion', async () => {
    bff.upstream.answers.set(`/operator/external-actions/${actionId}/decision`, answerJson(409, problem('already_decided', 409)))
    const body = { kind: 'reject', revision: 1, payload_hash: 'a'.repeat(64), reason: '  no thanks  ', reject_kind: 'not_now' }
    const answer = await bff.post(`/api/external-actions/${actionId}/decision`, body, approver)
    expect(bff.upstream.received[0]?.claims, answer.text).not.toBeNull()
    expect(JSON.parse(bff.upstream.received[0]!.body)).toMatchObject({ reason: 'no thanks' })
    expect(codeOf(answer)).toBe('already_decided')
  })

  test('never leaves without a session, and never for a path outside the table', async () => {
    expect((await bff.get('/api/control')).status).toBe(401)
    for (const path of ['/api/sign-in-events', '/api/runs/x/unknown', '/api/operator/runs', '/api', '/api/']) {
      expect((await bff.get(path, approver)).status, path).toBeGreaterThanOrEqual(400)
    }
    const ofExecutors = ['/api/runs/start', '/api/external-actions', `/api/external-actions/${actionId}/claim`, '/api/sign-in-events']
    for (const path of ofExecutors) expect([404, 405], path).toContain((await bff.post(path, {}, approver)).status)
    expect(bff.upstream.received).toEqual([])
  })

  test('never escapes its path through a parameter', async () => {
    const paths = [
      '/api/runs/..',
      '/api/runs/%2e%2e',
      '/api/runs/..%2fcontrol',
      '/api/runs/.%2e/control',
      '/api//control',
      '/api/runs/x;y',
      '/api/runs/a%2fb',
      '/api\\control',
      '/API/control',
      '/%61pi/control',
      '/api/./control',
      '/x/../api/control',
    ]
    for (const path of paths) {
      const answer = await bff.send({ path, headers: { cookie: approver } })
      expect([400, 404], `${path} ${answer.text.slice(0, 100)}`).toContain(answer.status)
    }
    expect(bff.upstream.received).toEqual([])
  })
})

describe('what comes back', () => {
  test('a redirect is not followed, and the key goes nowhere else', async () => {
    const seen: string[] = []
    const thief = createServer((request, response) => {
      seen.push(JSON.stringify(request.headers))
      response.end('{}')
    })
    await new Promise<void>((resolve) => {
      thief.listen(0, '127.0.0.1', resolve)
    })
    const location = `http://127.0.0.1:${(thief.address() as AddressInfo).port}/take`
    for (const status of [301, 302, 303, 307, 308]) {
      for (const path of ['control', 'audit/export', 'events']) {
        bff.upstream.answers.set(`/operator/${path}`, (_, response) => response.writeHead(status, { location }).end())
      }
      expect(codeOf(await bff.get('/api/control', approver))).toBe('upstream_invalid')
      expect(codeOf(await bff.get('/api/events', approver))).toBe('upstream_invalid')
    }
    thief.close()
    expect(seen).toEqual([])
  })

  test('an answer outside the contract is a 502 that shows nothing of it', async () => {
    const odd = [
      answerJson(200, { secret: 'do not show' }),
      answerJson(200, { ...control, extra_column: 'do not show' }),
      answerJson(500, { stack: 'do not show' }, { 'content-type': 'application/json' }),
      ((_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('do not show')) as ReturnType<typeof answerJson>,
    ]
    for (const each of odd) {
      bff.upstream.answers.set('/operator/control', each)
      const answer = await bff.get('/api/control', approver)
      expect(codeOf(answer)).toBe('upstream_invalid')
      expect(answer.text).not.toContain('do not show')
    }
  })

  test('an answer larger than 8 MiB is cut off, and however often it comes, nobody else is', async () => {
    bff.upstream.answers.set('/operator/control', (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const part = Buffer.alloc(1024 * 1024, 0x20)
      const write = () => {
        while (!response.destroyed) if (!response.write(part)) return void response.once('drain', write)
      }
      write()
    })
    for (let count = 0; count < 6; count += 1) expect(codeOf(await bff.get('/api/control', approver))).toBe('upstream_invalid')
  })

  test('a problem passes on as it is, one about our own key is our fault and keeps the person signed in', async () => {
    bff.upstream.answers.set('/operator/control', answerJson(403, { ...problem('role_missing', 403), internal: 'do not show' }))
    const passed = await bff.get('/api/control', approver)
    expect(JSON.parse(passed.text)).toMatchObject({ code: 'role_missing', detail: 'the words of role_missing' })
    expect(passed.text).not.toContain('do not show')
    for (const code of ['key_refused', 'assertion_refused']) {
      bff.upstream.answers.set('/operator/control', answerJson(403, problem(code, 403)))
      const answer = await bff.get('/api/control', approver)
      expect([answer.status, codeOf(answer)]).toEqual([502, 'control_plane_refused_console'])
    }
    expect((await bff.get('/api/auth/me', approver)).status).toBe(200)
  })

  test('an operator that is disabled loses the session', async () => {
    const gone = await bff.addPerson('Gone', 'viewer')
    const cookie = await bff.signIn(gone)
    bff.upstream.operators.get(gone.operator_id)!.enabled = false
    expect((await bff.get('/api/control', cookie)).status).toBe(401)
    bff.upstream.operators.get(gone.operator_id)!.enabled = true
    expect((await bff.get('/api/auth/me', cookie)).status).toBe(401)
  })

  test('the ETag passes both ways, and 304 has no body', async () => {
    bff.upstream.answers.set('/operator/control', (request, response) => {
      if (request.headers['if-none-match'] === 'W/"v1"') return void response.writeHead(304, { etag: 'W/"v1"' }).end()
      response
        .writeHead(200, { 'content-type': 'application/json', etag: 'W/"v1"', 'x-internal': 'do not show', 'set-cookie': 'a=b' })
        .end(JSON.stringify(control))
    })
    const first = await bff.get('/api/control', approver)
    expect([first.status, first.headers.etag, first.headers['x-internal'], first.headers['set-cookie']]).toEqual([
      200,
      'W/"v1"',
      undefined,
      undefined,
    ])
    const second = await bff.get('/api/control', approver, { 'if-none-match': 'W/"v1"' })
    expect([second.status, second.text]).toEqual([304, ''])
  })
})

describe('roles', () => {
  test('a read without the role ends here, and no connection is opened', async () => {
    expect(codeOf(await bff.get('/api/executor-keys', viewer))).toBe('role_missing')
    expect(codeOf(await bff.get('/api/audit/export', approver))).toBe('role_missing')
    expect(bff.upstream.received).toEqual([])
  })

  test('a change without the role is passed on, so that the control plane refuses it and its audit log says so', async () => {
    bff.upstream.answers.set('/operator/executor-keys', answerJson(403, problem('role_missing', 403)))
    expect(codeOf(await bff.post('/api/executor-keys', { executor_name: 'robot' }, viewer))).toBe('role_missing')
    expect(bff.upstream.received.length).toBe(1)
  })
})

describe('an upstream that fails', () => {
  test('one that does not answer is a 502 in time, and after five failures nothing is tried for a while', async () => {
    bff.upstream.answers.set('/operator/control', () => undefined)
    for (let count = 0; count < 5; count += 1) expect(codeOf(await bff.get('/api/control', approver))).toBe('control_plane_unreachable')
    const tried = bff.upstream.received.length
    expect(tried).toBe(5)
    const refused = await bff.get('/api/control', approver)
    expect(codeOf(refused)).toBe('control_plane_unreachable')
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    expect(bff.upstream.received.length).toBe(tried)
    bff.advance(6_000)
    bff.upstream.answers.set('/operator/control', answerJson(200, control))
    expect((await bff.get('/api/control', approver)).status).toBe(200)
  })

  test('a change is never sent twice', async () => {
    bff.upstream.answers.set('/operator/executor-keys', (request) => request.socket.destroy())
    const admin = await bff.signIn(await bff.addPerson('Root', 'admin'))
    bff.upstream.received.length = 0
    expect(codeOf(await bff.post('/api/executor-keys', { executor_name: 'robot' }, admin))).toBe('control_plane_unreachable')
    expect(bff.upstream.received.length).toBe(1)
  })
})

describe('files', () => {
  const path = '/operator/runs/r1/artifacts/raw'

  test('stream through with an allow-list of headers, under a policy that runs nothing', async () => {
    bff.upstream.answers.set(path, (request, response) => {
      expect(request.headers.range).toBe('bytes=0-4')
      response.writeHead(206, {
        'content-type': 'text/plain; charset=utf-8',
        'content-range': 'bytes 0-4/10',
        'accept-ranges': 'bytes',
        'x-artifact-redacted': 'true',
        'set-cookie': 'a=b',
        'access-control-allow-origin': '*',
        'content-security-policy': "default-src *; script-src 'unsafe-inline'",
      })
      response.end('hello')
    })
    const answer = await bff.get('/api/runs/r1/artifacts/raw?path=a/b.txt', approver, { range: 'bytes=0-4' })
    expect([answer.status, answer.text]).toEqual([206, 'hello'])
    expect(answer.headers).toMatchObject({ 'content-range': 'bytes 0-4/10', 'x-artifact-redacted': 'true', 'cache-control': 'no-store' })
    expect(answer.headers['set-cookie']).toBeUndefined()
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
    expect(answer.headers['content-security-policy']).toMatch(/^default-src 'none'; frame-ancestors 'none'; sandbox, /)
    expect(bff.upstream.received[0]?.target).toBe(`${path}?path=a%2Fb.txt`)
  })

  test('that a browser would run are downloads, whatever the control plane says', async () => {
    for (const type of ['text/html', 'image/svg+xml', 'application/xhtml+xml', 'text/javascript', 'text/plainx', '']) {
      bff.upstream.answers.set(path, (_, response) => response.writeHead(200, type === '' ? {} : { 'content-type': type }).end('<script>1</script>'))
      const answer = await bff.get('/api/runs/r1/artifacts/raw?path=a', approver)
      expect(answer.headers['content-type'], type).toBe('application/octet-stream')
      expect(answer.headers['content-disposition'], type).toBe('attachment')
    }
  })

  test('end upstream when the browser goes away', async () => {
    let closed = false
    bff.upstream.answers.set(path, (_, response) => {
      response.on('close', () => (closed = true))
      response.writeHead(200, { 'content-type': 'text/plain' })
      response.write('a beginning')
    })
    const headers = { host: new URL(bff.origin).host, cookie: approver }
    const answer = await openRequest(bff.port, { path: '/api/runs/r1/artifacts/raw?path=a', headers })
    answer.on('error', () => undefined)
    answer.destroy()
    await settled(() => closed)
  })

  test('that stall are cut off, not shown as complete', async () => {
    bff.upstream.answers.set(path, (_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain', 'content-length': '100' })
      response.write('a beginning')
    })
    await expect(bff.get('/api/runs/r1/artifacts/raw?path=a', approver)).rejects.toThrow()
  })
})

test('no answer and no line of the log holds the key or a token', async () => {
  const answers = await Promise.all(
    [...operatorRoutes, ...consoleRoutes]
      .filter((route) => route.method === 'GET' && route.answer.kind === 'json')
      .map((route) => bff.get(consolePath(route.path).replace(/\{[a-z_]+\}/g, 'r1'), approver)),
  )
  const everything = answers.map((answer) => JSON.stringify(answer.headers) + answer.text).join('') + bff.logged()
  expect(everything).not.toContain(testApiKey)
  expect(everything).not.toMatch(/eyJ[A-Za-z0-9_-]+\.eyJ/)
  expect(everything).not.toContain('PRIVATE KEY')
})

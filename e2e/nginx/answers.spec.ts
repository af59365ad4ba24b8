/** What nginx answers: the pages by its own hand, the rest from the BFF, and every answer with the whole set of headers, once. */
import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:net'
import type { Server } from 'node:net'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { problemSchema } from '@autopack/contract/problems'
import { expect } from '@playwright/test'
import * as z from 'zod/mini'
import { startNginx } from '../../scripts/test/start-nginx.ts'
import { root } from '../running-console.ts'
import { ask } from './ask.ts'
import type { Answer, Question } from './ask.ts'
import { bff, forms, ownHost, redirecting, sparePorts, test, webDirectory } from './nginx-test.ts'
import type { Form } from './nginx-test.ts'
import { sendBytes } from './send-bytes.ts'

const always = [
  'content-security-policy',
  'cross-origin-embedder-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'permissions-policy',
  'referrer-policy',
  'x-content-type-options',
  'x-frame-options',
  'x-request-id',
  'cache-control',
]

/** The BFF's answers name every header too: what nginx says must be what the BFF says. */
const compared = always.filter((name) => name !== 'x-request-id')

function expectHeaders(answer: Pick<Answer, 'all'>, isTls: boolean, what: string): void {
  for (const name of always) {
    const found = answer.all(name)
    expect(found, `${what}: ${name}`).toHaveLength(1)
    expect(found[0], `${what}: ${name}`).not.toBe('')
  }
  expect(answer.all('strict-transport-security'), `${what}: HSTS`).toEqual(isTls ? ['max-age=63072000; includeSubDomains'] : [])
  expect(answer.all('server'), what).toEqual(['nginx'])
  for (const name of ['x-powered-by', 'access-control-allow-origin', 'x-accel-buffering']) expect(answer.all(name), `${what}: ${name}`).toEqual([])
}

// The smallest ones have no compressed twin.
const assetNames = readdirSync(join(webDirectory, 'assets'))
const asset = `/assets/${assetNames.find((name) => name.endsWith('.js') && assetNames.includes(`${name}.gz`))!}`
const wantsPage = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

test('every answer carries the whole set of headers exactly once, in every form, and HSTS only where people see https', async ({ behind }) => {
  const cookie = await behind.cookie('viewer')
  const signedIn = { ...ownHost, cookie }
  const { items } = JSON.parse((await ask(forms.tls, '/api/runs', { headers: signedIn })).text) as { items: { run_id: string }[] }
  const run = items[0]!.run_id
  await expect
    .poll(async () => (await ask(forms.tls, `/api/runs/${run}/artifacts/index`, { headers: signedIn })).text, { timeout: 45_000 })
    .toContain('"path":')
  const index = JSON.parse((await ask(forms.tls, `/api/runs/${run}/artifacts/index`, { headers: signedIn })).text) as { items: { path: string }[] }
  const raw = `/api/runs/${run}/artifacts/raw?path=${encodeURIComponent(index.items[0]!.path)}`
  const etagOf = async (form: Form, target: string) => (await ask(forms[form], target, { headers: signedIn })).header('etag')!

  for (const form of Object.keys(forms) as Form[]) {
    const rows: [string, number, string, Question][] = [
      ['the page', 200, '/', {}],
      ['the page for a path of the application', 200, '/runs/some-run', { headers: wantsPage }],
      ['the page, asked for its headers', 200, '/approvals', { method: 'HEAD' }],
      ['an asset', 200, asset, {}],
      ['an asset, compressed', 200, asset, { headers: { 'accept-encoding': 'gzip' } }],
      ['an asset that has not changed', 304, asset, { headers: { 'if-none-match': await etagOf(form, asset) } }],
      ['a part of an asset, sent whole', 200, asset, { headers: { range: 'bytes=0-9' } }],
      ['the verifier, to be saved', 200, '/verify-evidence.html', {}],
      ['the command of the verifier, to be saved', 200, '/verify-evidence.mjs', {}],
      ['an asset that is not there', 404, '/assets/none-abc123.js', {}],
      ['a file that is not there', 404, '/none.js', { headers: { accept: '*/*' } }],
      ['a change where there are only pages', 405, '/runs', { method: 'POST', body: 'x' }],
      ['a method that nobody takes', 405, '/api/control', { method: 'TRACE' }],
      ['nginx is up', 200, '/nginx-health', {}],
      ['the console is ready', 200, '/health', {}],
      ['the API without a session', 401, '/api/control', { headers: ownHost }],
      ['the API', 200, '/api/control', { headers: signedIn }],
      ['the API, asked for its headers', 200, '/api/control', { method: 'HEAD', headers: signedIn }],
      // What waits under the caps moves while the demo works; that nothing was ever stopped does not.
      ['the API, unchanged', 304, '/api/control/brakes', { headers: { ...signedIn, 'if-none-match': await etagOf(form, '/api/control/brakes') } }],
      ['a route that is not there', 404, '/api/nothing', { headers: signedIn }],
      ['under another name', 403, '/api/control', { headers: { ...signedIn, host: 'evil.example' } }],
      ['sign-in, refused', 403, '/api/auth/login', { method: 'POST', headers: ownHost, body: '{}' }],
      ['the brake without scripts', 200, '/brake/plain', { headers: signedIn }],
      ['the brake without scripts, for nobody', 401, '/brake/plain', { headers: ownHost }],
      [
        'a form for it from elsewhere',
        403,
        '/brake/plain',
        { method: 'POST', headers: { ...signedIn, origin: 'https://elsewhere.example' }, body: 'a=b' },
      ],
      ['its style', 200, '/brake/plain.css', { headers: ownHost }],
      ['the bytes of an artifact', 200, raw, { headers: signedIn }],
      ['the live stream', 200, '/api/events', { headers: signedIn }],
      ['a path that climbs out', 400, '/../etc/passwd', {}],
      ['a body that no route takes', 413, '/api/auth/login', { method: 'POST', body: 'x'.repeat(33 * 1024) }],
      ['an address that is too long', 414, `/api/${'x'.repeat(9_000)}`, {}],
      ['headers that are too large', 431, '/api/control', { headers: { ...ownHost, 'x-long': 'x'.repeat(9_000) } }],
    ]
    for (const [what, status, target, question] of rows) {
      const answer = await ask(forms[form], target, question)
      expect([form, what, answer.status]).toEqual([form, what, status])
      expectHeaders(answer, form !== 'plain', `${form}: ${what}`)
      if (target.startsWith('/verify-evidence.')) expect(answer.header('content-disposition')).toBe('attachment')
    }
    expect(behind.nginx[form].errorLog()).not.toMatch(/\[(warn|alert|crit|emerg)\]/)
  }
})

test('plain http beside TLS leads to https with the whole set and no HSTS, but for the check of the container', async ({ behind }) => {
  void behind
  const moved = await ask(redirecting, '/runs/a%2Fb?tab=log', { headers: wantsPage })
  expect([moved.status, moved.header('location')]).toEqual([308, 'https://localhost/runs/a%2Fb?tab=log'])
  expectHeaders(moved, false, 'redirect')
  expect((await ask(redirecting, '/api/control')).status).toBe(308)
  expect((await ask(redirecting, '/nginx-health')).status).toBe(200)
})

test('what is not HTTP is refused with the whole set too', async ({ behind }) => {
  void behind
  const { port } = new URL(forms.plain)
  for (const [text, status] of [
    ['NONSENSE\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\n\r\n', 400],
    ['GET /api/control HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n', 400],
    ['POST /api/auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n', 400],
    ['GET / HTTP/9.9\r\nHost: a\r\n\r\n', 505],
  ] as const) {
    const answer = await sendBytes(Number(port), text)
    expect([text, answer.status]).toEqual([text, status])
    expectHeaders(answer, false, text)
  }
})

test('parts and refused ranges pass with the whole set once, whether the BFF set all of it, some or nothing', async () => {
  const own = { 'content-security-policy': "default-src 'none'; sandbox, img-src 'self'", 'cache-control': 'private', 'x-frame-options': 'DENY' }
  const peer = createHttpServer((request, response) => {
    const status = request.headers.range === 'bytes=0-4' ? 206 : request.headers.range === undefined ? 307 : 416
    const range = status === 206 ? 'bytes 0-4/10' : 'bytes */10'
    response.writeHead(status, { ...(request.url!.includes('bare') ? {} : own), 'content-range': range, 'accept-ranges': 'bytes', location: '/x' })
    response.end(status === 206 ? '01234' : '')
  })
  await listen(peer, sparePorts.upstream)
  const nginx = await startNginx(root, { port: sparePorts.nginx, upstreamPort: sparePorts.upstream, webDirectory: null })
  try {
    for (const target of ['/api/runs/r1/artifacts/raw?path=a', '/api/runs/r1/artifacts/raw?path=bare', '/api/control', '/api/bare']) {
      for (const [range, status] of [
        ['bytes=0-4', 206],
        ['bytes=99-', 416],
        [undefined, 307],
      ] as const) {
        const answer = await ask(`http://localhost:${sparePorts.nginx}`, target, { headers: range === undefined ? {} : { range } })
        expect([target, answer.status, answer.text]).toEqual([target, status, status === 206 ? '01234' : ''])
        expectHeaders(answer, false, `${target} ${status}`)
        expect(answer.all('content-range')).toHaveLength(1)
        expect(answer.header('location')).toBe('/x')
        const isBare = target.includes('bare')
        expect(answer.header('cache-control')).toBe(isBare ? 'no-store' : 'private')
        expect(answer.header('content-security-policy')).toBe(
          isBare ? "default-src 'none'; frame-ancestors 'none'; sandbox" : own['content-security-policy'],
        )
      }
    }
  } finally {
    await nginx.stop()
    peer.close()
  }
})

test('the headers say what the BFF says, and so do the pages', async ({ behind }) => {
  const cookie = await behind.cookie('viewer')
  for (const [target, headers] of [
    ['/', {}],
    ['/theme.js', {}],
    [asset, {}],
    ['/runs/release-1.2', wantsPage],
    ['/api/control', { cookie }],
    ['/api/nothing', { cookie }],
    ['/health', {}],
  ] as [string, Record<string, string>][]) {
    const [through, direct] = [
      await ask(forms.tls, target, { headers: { ...ownHost, ...headers } }),
      await ask(bff, target, { headers: { ...ownHost, ...headers } }),
    ]
    expect([target, through.status]).toEqual([target, direct.status])
    for (const name of [...compared, 'strict-transport-security', 'content-type'])
      expect([target, name, through.all(name)]).toEqual([target, name, direct.all(name)])
    if (!target.startsWith('/api/')) expect(through.text).toBe(direct.text)
  }
})

test('assets come precompressed and are kept for a year, pages are asked for again each time', async ({ behind }) => {
  void behind
  const [plain, gzip] = [await ask(forms.plain, asset), await ask(forms.plain, asset, { headers: { 'accept-encoding': 'br, gzip' } })]
  expect(gzip.header('content-encoding')).toBe('gzip')
  expect(Number(gzip.header('content-length'))).toBeLessThan(Number(plain.header('content-length')) / 2)
  for (const answer of [plain, gzip]) {
    expect(answer.header('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(answer.all('vary').join(',').toLowerCase()).toBe('accept-encoding')
  }
  expect((await ask(forms.plain, '/assets/none.js')).header('cache-control')).toBe('no-store')
  const page = await ask(forms.plain, '/')
  expect([page.header('cache-control'), page.header('etag')]).toEqual(['no-cache', undefined])
  const since = { 'if-modified-since': new Date().toUTCString() }
  expect((await ask(forms.plain, '/', { headers: since })).status).toBe(200)
})

test('the page is for navigations; files that are not there, hidden ones and twins are 404, and so is every other spelling of the server’s paths', async ({
  behind,
}) => {
  void behind
  for (const target of ['/', '/approvals', '/runs/demo:1', '/runs/demo%3A1?tab=log', '/nothing/here']) {
    const answer = await ask(forms.plain, target)
    expect([target, answer.status]).toEqual([target, 200])
    expect(answer.text).toContain('<div id="root">')
  }
  expect((await ask(forms.plain, '/runs/release-1.2', { headers: wantsPage })).status).toBe(200)
  const gone = ['/missing.js', '/assets/none', '/assets/', '/.build-stamp', '/.vite/manifest.json', '/index.html.gz', `${asset}.gz`, `${asset}.br`]
  for (const target of [
    ...gone,
    '/livez',
    '//api/control',
    '/API/control',
    '/api;x',
    '/api%5Ccontrol',
    '/health/',
    '/brake/plain/',
    '/BRAKE/plain',
  ]) {
    const answer = await ask(forms.plain, target, { headers: { accept: '*/*' } })
    expect([target, answer.status]).toEqual([target, 404])
    expect(answer.text).not.toContain('<div id="root">')
  }
  expect((await ask(forms.plain, '/assets/..%2f..%2fetc/passwd')).status).toBe(400)
})

test('what nginx refuses itself is a problem of the contract to programs and a page to people, never with a version', async ({ behind }) => {
  void behind
  for (const [target, status, code, question] of [
    ['/api/auth/login', 413, 'body_too_large', { method: 'POST', body: 'x'.repeat(33 * 1024) }],
    [`/api/${'x'.repeat(9_000)}`, 414, 'target_too_long', {}],
    ['/api/control', 431, 'headers_too_large', { headers: { 'x-long': 'x'.repeat(9_000) } }],
    ['/api/control', 405, 'method_not_allowed', { method: 'TRACE' }],
    ['/livez', 404, 'not_found', {}],
  ] as [string, number, string, Question][]) {
    const answer = await ask(forms.plain, target, question)
    expect(answer.header('content-type')).toBe('application/problem+json; charset=utf-8')
    const problem = z.parse(problemSchema, JSON.parse(answer.text))
    expect(problem).toMatchObject({ status, code })
    expect(problem.request_id).toBe(answer.header('x-request-id'))
    if (status === 405) expect(answer.all('allow')).toHaveLength(1)
  }
  const page = await ask(forms.plain, '/missing.js')
  expect(page.header('content-type')).toBe('text/html; charset=utf-8')
  expect(page.text).toContain(page.header('x-request-id')!)
  expect(page.text).not.toMatch(/nginx/i)
  const wrongMethod = await ask(forms.plain, '/runs', { method: 'PUT', body: 'x' })
  expect([wrongMethod.status, wrongMethod.all('allow')]).toEqual([405, ['GET, HEAD']])
})

test.describe('a console that does not answer', () => {
  test('at all is a 502 with words, when to come back and the whole set, while pages and nginx-health are there', async () => {
    const nginx = await startNginx(root, { port: sparePorts.nginx, upstreamPort: sparePorts.upstream, webDirectory })
    try {
      const origin = `http://localhost:${sparePorts.nginx}`
      for (const target of ['/api/control', '/api/auth/me', '/api/events', '/health']) {
        const answer = await ask(origin, target)
        expect([target, answer.status, answer.header('retry-after')]).toEqual([target, 502, '2'])
        expect(z.parse(problemSchema, JSON.parse(answer.text)).code).toBe('console_unreachable')
        expectHeaders(answer, false, target)
      }
      for (const target of ['/', '/nginx-health']) expect((await ask(origin, target)).status).toBe(200)
    } finally {
      await nginx.stop()
    }
  })

  test('in time is a 504, and a change that may have been made is never sent twice', async () => {
    let changes = 0
    const peer = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.on('data', (part) => {
        const asked = part.toString()
        if (asked.startsWith('GET /api/status')) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}')
        if (!asked.startsWith('POST')) return
        changes += 1
        socket.destroy()
      })
    })
    await listen(peer, sparePorts.upstream)
    const nginx = await startNginx(root, { port: sparePorts.nginx, upstreamPort: sparePorts.upstream, webDirectory })
    try {
      // On one connection, so that the change goes over the connection that nginx kept open: there it would try again if it may.
      const both = await sendBytes(
        sparePorts.nginx,
        'GET /api/status HTTP/1.1\r\nHost: a\r\n\r\nPOST /api/auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}',
      )
      expect([both.status, both.text.includes('HTTP/1.1 502'), changes]).toEqual([200, true, 1])
      const late = await ask(`http://localhost:${sparePorts.nginx}`, '/api/control')
      expect([late.status, late.header('retry-after')]).toEqual([504, '2'])
      expect(z.parse(problemSchema, JSON.parse(late.text)).code).toBe('console_timeout')
      expectHeaders(late, false, '504')
    } finally {
      await nginx.stop()
      peer.close()
    }
  })
})

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
}

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { codeOf } from '../../test/send-request.ts'
import { startTestBff } from '../../test/start-test-bff.ts'
import type { TestBff } from '../../test/start-test-bff.ts'

let bff: TestBff
const folder = mkdtempSync(join(tmpdir(), 'pages-'))
const outside = join(folder, 'outside.txt')
const dist = join(folder, 'dist')

beforeAll(async () => {
  mkdirSync(join(dist, 'assets'), { recursive: true })
  mkdirSync(join(dist, '.vite'))
  writeFileSync(outside, 'kept from everybody')
  writeFileSync(join(dist, 'index.html'), '<!doctype html><title>Console</title>')
  writeFileSync(join(dist, 'assets/main-abc123.js'), 'export {}')
  writeFileSync(join(dist, 'assets/main-abc123.js.br'), 'brotli')
  writeFileSync(join(dist, 'assets/main-abc123.js.gz'), 'gzip')
  writeFileSync(join(dist, 'verify-evidence.html'), '<!doctype html><title>Check evidence</title>')
  writeFileSync(join(dist, 'verify-evidence.mjs'), 'export {}')
  writeFileSync(join(dist, '.vite/manifest.json'), 'kept from everybody')
  writeFileSync(join(dist, '.build-stamp'), 'kept from everybody')
  symlinkSync(outside, join(dist, 'link.txt'))
  bff = await startTestBff({ environment: { WEB_DIST_DIR: dist } })
})
afterAll(async () => {
  await bff.close()
  rmSync(folder, { recursive: true })
})

describe('the page', () => {
  test('is served for every path of the application, revalidated each time, under the enforced policy', async () => {
    for (const path of ['/', '/runs', '/runs/demo:1', '/runs/demo%3A1', '/approvals/act_1?tab=fields']) {
      const answer = await bff.send({ path })
      expect([answer.status, answer.headers['content-type']], path).toEqual([200, 'text/html; charset=utf-8'])
      expect(answer.headers['cache-control']).toBe('no-cache')
      expect(answer.headers['content-security-policy']).toContain("script-src 'self'; style-src 'self'; img-src 'self' blob:;")
      expect(answer.headers['content-security-policy']).not.toContain('unsafe')
    }
    const { headers } = await bff.send({ path: '/' })
    expect((await bff.send({ path: '/', headers: { 'if-none-match': headers.etag! } })).status).toBe(304)
  })

  test('is served for a run id with a dot when a browser navigates, and an unknown file is a 404', async () => {
    expect((await bff.send({ path: '/runs/release-1.2', headers: { accept: 'text/html,*/*' } })).status).toBe(200)
    expect((await bff.send({ path: '/missing.js', headers: { accept: '*/*' } })).status).toBe(404)
    expect((await bff.send({ path: '/assets/missing', headers: { accept: 'text/html' } })).status).toBe(404)
  })

  test('opens from a link in a mail, which is a cross-site navigation', async () => {
    expect((await bff.send({ path: '/approvals', headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' } })).status).toBe(200)
  })

  test('never takes a change', async () => {
    expect((await bff.send({ method: 'POST', path: '/runs', headers: { origin: bff.origin } })).status).toBe(404)
  })
})

describe('assets', () => {
  test('with a hash in their name are kept for a year, in the best coding the browser takes', async () => {
    const path = '/assets/main-abc123.js'
    const codings: [string, string | undefined, string][] = [
      ['gzip, deflate, br', 'br', 'brotli'],
      ['gzip', 'gzip', 'gzip'],
      ['br;q=0, gzip;q=0.5', 'gzip', 'gzip'],
      ['', undefined, 'export {}'],
    ]
    for (const [accepted, coding, text] of codings) {
      const answer = await bff.send({ path, headers: { 'accept-encoding': accepted } })
      expect([answer.headers['content-encoding'], answer.text]).toEqual([coding, text])
      expect(answer.headers).toMatchObject({
        'cache-control': 'public, max-age=31536000, immutable',
        vary: 'accept-encoding',
        'content-type': 'text/javascript; charset=utf-8',
      })
    }
  })

  test('the verifier is saved and not opened: it runs from disk, apart from the console', async () => {
    for (const [name, type] of [
      ['html', 'text/html'],
      ['mjs', 'text/javascript'],
    ] as const) {
      const { status, headers } = await bff.send({ path: `/verify-evidence.${name}`, headers: { accept: 'text/html' } })
      expect([status, headers['content-type'], headers['content-disposition']]).toEqual([200, `${type}; charset=utf-8`, 'attachment'])
    }
    expect((await bff.send({ path: '/' })).headers['content-disposition']).toBeUndefined()
  })

  test('no path leads out of the folder or to its hidden files', async () => {
    const paths = [
      '/../outside.txt',
      '/..%2foutside.txt',
      '/%2e%2e/outside.txt',
      '/assets/../../outside.txt',
      '/link.txt',
      '/.build-stamp',
      '/.vite/manifest.json',
      '/..\\outside.txt',
      '//etc/passwd',
      '/%00',
      '/%ff',
    ]
    for (const path of paths) {
      const answer = await bff.send({ path, headers: { accept: '*/*' } })
      expect(answer.text, path).not.toContain('kept from everybody')
      expect(answer.status, path).toBeLessThan(500)
    }
  })
})

describe('another address', () => {
  test('127.0.0.1 is sent to localhost, where the cookies are', async () => {
    for (const host of [`127.0.0.1:${bff.port}`, `[::1]:${bff.port}`]) {
      const answer = await bff.send({ path: '/runs/r1?tab=log', headers: { host } })
      expect([answer.status, answer.headers.location]).toEqual([307, `${bff.origin}/runs/r1?tab=log`])
    }
  })

  test('a redirect never leads to another host, whatever the path says', async () => {
    const answer = await bff.send({ path: '//evil.example/x', headers: { host: `127.0.0.1:${bff.port}` } })
    expect(new URL(answer.headers.location!).origin).toBe(bff.origin)
  })

  test('any other host gets a page that says why, without anything of the console', async () => {
    for (const host of ['console.local', `localhost:1`, 'evil.example']) {
      const answer = await bff.send({ path: '/', headers: { host } })
      expect(answer.status).toBe(400)
      expect(answer.text).toContain('https')
      expect(answer.text).not.toContain(host)
    }
  })

  test('the API answers under the configured host only', async () => {
    for (const host of [`127.0.0.1:${bff.port}`, 'evil.example'])
      expect((await bff.send({ path: '/api/auth/me', headers: { host } })).status).toBe(403)
  })
})

test('a path of the server with a control character behind it is refused, not a page', async () => {
  for (const path of ['/health%00', '/livez%0d%0a', '/runs%7f']) expect(codeOf(await bff.send({ path })), path).toBe('invalid_path')
})

test('every answer carries the whole set of headers, errors too', async () => {
  for (const path of [
    '/',
    '/assets/main-abc123.js',
    '/assets/none',
    '/api/auth/me',
    '/api/nothing',
    '/api/%2e',
    '/health',
    '/livez',
    '/API/x',
    '/api/..\\x',
  ]) {
    const { headers } = await bff.send({ path })
    expect(headers['content-security-policy'], path).toMatch(/^default-src 'none'/)
    expect(headers['content-security-policy'], path).toContain("frame-ancestors 'none'")
    expect(headers, path).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
    })
    expect(headers['permissions-policy'], path).toContain('publickey-credentials-get=(self)')
    expect(headers['access-control-allow-origin'], path).toBeUndefined()
    expect(headers['x-powered-by'], path).toBeUndefined()
  }
})

test('health says not ready when the control plane is away, and ready when it is back', async () => {
  expect((await bff.send({ path: '/health' })).status).toBe(200)
  bff.upstream.answers.set('/health', (_, response) => response.writeHead(503).end())
  await expect.poll(async () => (await bff.send({ path: '/health' })).status, { timeout: 5_000 }).toBe(503)
  bff.upstream.answers.delete('/health')
  await expect.poll(async () => (await bff.send({ path: '/health' })).status, { timeout: 5_000 }).toBe(200)
  const asked = bff.upstream.received.filter((each) => each.target === '/health')
  expect(asked.every((each) => each.headers['x-api-key'] === undefined)).toBe(true)
})

/** Who is asking is nginx's word alone: nothing that a client writes about itself moves a limit, a record or a door. */
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { expect } from '@playwright/test'
import { startNginx } from '../../scripts/test/start-nginx.ts'
import { root } from '../running-console.ts'
import { ask } from './ask.ts'
import { forms, ownHost, signIn, sparePorts, test } from './nginx-test.ts'

const liar = '6.6.6.6'
const lies = {
  'x-forwarded-for': liar,
  'x-forwarded-host': 'evil.example',
  'x-forwarded-port': '1',
  'x-forwarded-prefix': '/evil',
  'x-forwarded-proto': 'https',
  'x-forwarded-server': 'evil.example',
  forwarded: `for=${liar};host=evil.example;proto=https`,
  'x-real-ip': liar,
  'x-client-ip': liar,
  'true-client-ip': liar,
  via: '1.1 evil.example',
  proxy: 'http://evil.example',
  'x-api-key': 'apk_000000000000_spoofed',
  'x-operator-assertion': 'a.b.c',
  authorization: 'Bearer spoofed',
  'x-request-id': 'chosen-by-the-client',
  'x-original-url': '/api/auth/login',
  'x-rewrite-url': '/api/auth/login',
  x_forwarded_for: liar,
} as const

type Arrived = { target: string; headers: IncomingMessage['headers'] }

test('what arrives behind nginx is the path byte for byte, one address, and none of the client’s words about itself', async () => {
  const arrived: Arrived[] = []
  const listener = createServer((request, response) => {
    arrived.push({ target: request.url!, headers: request.headers })
    response.end('{}')
  })
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject)
    listener.listen(sparePorts.upstream, '127.0.0.1', resolve)
  })
  const nginx = await startNginx(root, { port: sparePorts.nginx, upstreamPort: sparePorts.upstream, webDirectory: null })
  try {
    const origin = `http://localhost:${sparePorts.nginx}`
    const own = { cookie: 'session=1', origin, 'x-csrf': '1', 'sec-fetch-site': 'same-origin', 'idempotency-key': 'k', 'if-none-match': '"e"' }
    await ask(origin, '/api/control', { headers: { ...lies, ...own, 'x-http-method-override': 'DELETE' } })
    const { headers } = arrived[0]!
    expect(headers).toEqual({
      ...own,
      host: `localhost:${sparePorts.nginx}`,
      'x-forwarded-for': '127.0.0.1',
      'x-request-id': expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
      // Passed on so that the BFF can refuse it.
      'x-http-method-override': 'DELETE',
    })

    arrived.length = 0
    const targets = [
      '/api/runs/a%2Fb?x=%2e&y=a+b',
      '/api//control',
      '/api/auth/',
      '/api/auth//x',
      '/api/./control',
      '/x/../api/control',
      '/api/runs/%2e%2e',
      '/%61pi/control',
      '/api/runs/a;b',
      '/api/runs/x%01y',
      '/api/events?x=1',
      '/api/runs/r1/artifacts/raw?path=a%20b',
      '/api',
      '/health?deep=1',
    ]
    for (const target of targets) await ask(origin, target)
    expect(arrived.map((each) => each.target)).toEqual(targets)
  } finally {
    await nginx.stop()
    listener.close()
  }
})

test('keys, assertions and identities that a client sends open nothing', async ({ behind }) => {
  const doors = ['/api/control', '/api/runs', '/api/executor-keys', '/api/events', '/api/auth/me', '/api/audit', '/api/sign-in-events']
  for (const headers of [{}, lies, { 'x-api-key': behind.executorKey }, { authorization: `Bearer ${behind.executorKey}` }] as Record<
    string,
    string
  >[]) {
    for (const target of doors) {
      const answer = await ask(forms.tls, target, { headers: { ...headers, ...ownHost } })
      expect([target, [401, 404].includes(answer.status)]).toEqual([target, true])
    }
  }
  const viewer = { ...ownHost, cookie: await behind.cookie('viewer'), origin: forms.tls, 'x-csrf': '1', 'content-type': 'application/json' }
  const body = JSON.stringify({ executor_name: 'spoofed' })
  expect(
    (await ask(forms.tls, '/api/executor-keys', { method: 'POST', headers: { ...viewer, ...lies, 'x-api-key': behind.executorKey }, body })).status,
  ).toBe(403)
  const overridden = await ask(forms.tls, '/api/control', { headers: { ...viewer, 'x-http-method-override': 'POST' } })
  expect([overridden.status, overridden.text]).toEqual([403, expect.stringContaining('forged_request')])
})

test('the address of a session is the one that connected, whatever the request says; behind a load balancer the one that it says', async ({
  behind,
}) => {
  const addressesOf = async (setCookie: string[]) => {
    const cookie = setCookie.map((line) => line.split(';')[0]!).join('; ')
    const { items } = JSON.parse((await ask(forms.tls, '/api/auth/sessions', { headers: { ...ownHost, cookie } })).text) as {
      items: { address: string; current: boolean }[]
    }
    return items.filter((item) => item.current).map((item) => item.address)
  }
  const password = behind.password('approver')
  const direct = await signIn('approver', password, { headers: lies, from: '127.0.0.2' })
  expect([direct.status, await addressesOf(direct.all('set-cookie'))]).toEqual([200, ['127.0.0.2']])
  const chain = { 'x-forwarded-for': `${liar}, 203.0.113.9` }
  const balanced = await signIn('approver', password, { headers: chain }, forms.loadBalancer)
  expect([balanced.status, await addressesOf(balanced.all('set-cookie'))]).toEqual([200, ['203.0.113.9']])
  // Somebody who reaches nginx past the load balancer is not believed.
  const past = await signIn('approver', password, { headers: chain, from: '127.0.0.2' }, forms.loadBalancer)
  expect([past.status, await addressesOf(past.all('set-cookie'))]).toEqual([200, ['127.0.0.2']])
})

test('a guesser cannot leave the bucket of its network by writing other addresses, and the audit log names the real one', async ({ behind }) => {
  let failures = 0
  let code = ''
  while (failures < 60) {
    const headers = {
      ...lies,
      'x-forwarded-for': `198.51.100.${failures}`,
      forwarded: `for=198.51.100.${failures}`,
      'x-real-ip': `198.51.100.${failures}`,
    }
    const answer = await signIn(`guess-${failures}`, 'not the password of anybody', { headers, from: '127.0.0.3' })
    code = (JSON.parse(answer.text) as { code: string }).code
    if (code !== 'wrong_credentials') break
    failures += 1
  }
  expect([failures, code]).toEqual([50, 'too_many_attempts'])
  const elsewhere = await signIn('guess-again', 'not the password of anybody', { from: '127.0.0.4' })
  expect((JSON.parse(elsewhere.text) as { code: string }).code).toBe('wrong_credentials')
  const cookie = await behind.cookie('admin')
  const audit = async () => (await ask(forms.tls, '/api/audit?limit=100', { headers: { ...ownHost, cookie } })).text
  await expect.poll(audit, { timeout: 20_000 }).toContain('127.0.0.3')
  expect(await audit()).not.toMatch(/198\.51\.100\.|6\.6\.6\.6/)
})

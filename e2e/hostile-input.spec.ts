/** Every route of the contract, asked wrongly in every way: a problem with a stable code, never a 5xx, nothing changed. */
import { readFileSync } from 'node:fs'
import { problemSchema } from '@autopack/contract/problems'
import { consolePath } from '@autopack/contract/route'
import type { Route } from '@autopack/contract/route'
import { hasRole, roles } from '@autopack/contract/roles'
import { consoleOnlyRoutes, consoleRoutes, executorRoutes, operatorRoutes } from '@autopack/contract/routes'
import { expect, test } from '@playwright/test'
import * as z from 'zod/mini'
import { console_, readDemoFile, signedInAs } from './running-console.ts'
import type { RoleName } from './running-console.ts'
import { sendRaw } from './send-raw.ts'
import type { RawAnswer } from './send-raw.ts'

const json = { 'content-type': 'application/json' }
const uuid = '00000000-0000-4000-8000-000000000000'
const unknownIds: Record<string, string> = {
  run_id: 'nobody-has-this-run',
  phase_id: 'F1',
  action_id: `act_${uuid}`,
  operator_id: `op_${uuid}`,
  executor_id: `exr_${uuid}`,
  seq: '999999999999',
  key_id: 'key_000000000000',
  session_id: '0000000000000000',
  approval_id: 'apr_999999999999999',
  request_id: 'gov_00000000',
  approval_number: '999999999999999',
  governance_id: '00000000',
}
const path = (route: Route, ids: Record<string, string> = unknownIds) => route.path.replace(/\{([a-z_]+)\}/g, (_, name: string) => ids[name]!)
const withNeededQuery = (route: Route, target: string) => (route.query && 'path' in route.query.shape ? `${target}?path=a.txt` : target)

function expectProblem(answer: RawAnswer, codes: readonly string[], what: string): void {
  expect(answer.status, `${what}: ${answer.text.slice(0, 300)}`).toBeLessThan(500)
  expect(String(answer.headers['content-type']), what).toContain('application/problem+json')
  const problem = z.parse(problemSchema, JSON.parse(answer.text))
  expect(codes, `${what}: ${answer.text.slice(0, 300)}`).toContain(problem.code)
  expect(problem.status, what).toBe(answer.status)
  expect(problem.request_id, what).not.toBe('')
  expect(problem.detail.length, what).toBeGreaterThan(8)
  expect(problem.detail, what).not.toMatch(/Invalid input$/)
  expect(answer.text, what).not.toMatch(/ at .*\.(ts|js):\d+|node_modules|SELECT |INSERT |apk_[0-9a-z]{12}_/)
}

function cookieOf(name: RoleName): string {
  const state = JSON.parse(readFileSync(signedInAs(name), 'utf8')) as { cookies: { name: string; value: string }[] }
  return state.cookies.map((cookie) => `${cookie.name}=${cookie.value}`).join('; ')
}

type Side = {
  name: string
  origin: string
  target: (route: Route) => string
  /** `n` counts the routes: each credential may do only so much in a minute. */
  good: (n?: number, route?: Route) => Record<string, string>
  none: string
  routes: readonly Route[]
}

/**
 * Keys of their own, so that the demo agent's is not used up; several, because mutations are limited to 60 a minute each. Of executors with
 * new names each time: after a test that failed this file starts over, and an executor has two live keys at most.
 */
const keys: string[] = []
test.beforeAll(async () => {
  const headers = { ...consoleHeaders(), ...json }
  const names = crypto.randomUUID().slice(0, 8)
  for (const n of [1, 2, 3, 4]) {
    const body = JSON.stringify({ executor_name: `hostile-${names}-${n}` })
    const created = await sendRaw(console_.origin, 'POST', '/api/executor-keys', headers, body)
    expect(created.status, created.text).toBe(201)
    keys.push((JSON.parse(created.text) as { secret: string }).secret)
  }
})

const consoleHeaders = (role: RoleName = 'admin') => ({
  cookie: cookieOf(role),
  origin: console_.origin,
  'x-csrf': '1',
  'sec-fetch-site': 'same-origin',
})

const askedBy = new Map<string, number>()

/** Of those who may ask for this: whoever was taken for the fewest routes of its class until now. */
function whoHasAskedLeast({ policy }: Route): RoleName {
  const countOf = (role: RoleName) => askedBy.get(`${role} ${policy.rate_class}`) ?? 0
  const [least] = roles.filter((role) => hasRole(role, policy.role ?? 'admin')).toSorted((one, other) => countOf(one) - countOf(other))
  askedBy.set(`${least!} ${policy.rate_class}`, countOf(least!) + 1)
  return least!
}

const sides = (): Side[] => [
  {
    name: 'executor plane',
    origin: console_.controlPlaneUrl,
    target: (route) => withNeededQuery(route, path(route)),
    good: (n = 0) => ({ 'x-api-key': keys[n % keys.length]!, 'idempotency-key': 'hostile' }),
    none: 'key_refused',
    routes: executorRoutes,
  },
  {
    name: 'console',
    origin: console_.origin,
    target: (route) => consolePath(withNeededQuery(route, path(route))),
    good: (_, route) => consoleHeaders(route && whoHasAskedLeast(route)),
    none: 'not_signed_in',
    // Signing in and out has tests of its own: here it would end the session that the others need.
    routes: [...operatorRoutes, ...consoleRoutes.filter(({ policy }) => policy.role !== 'anyone' && policy.rate_class !== 'sign_in')],
  },
]

const typeOf = (route: Route) => (route.body === 'bytes' ? { 'content-type': 'application/octet-stream' } : json)
const without = (headers: Record<string, string>, ...names: string[]) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)))

for (const [index, label] of ['executor plane', 'console'].entries()) {
  test.describe(label, () => {
    const side = () => sides()[index]!

    test('without a credential, or with a wrong one, every route refuses and says so', async () => {
      const { origin, target, good, none, routes } = side()
      const wrong: Record<string, string>[] = [
        {},
        { 'x-api-key': 'wrong', cookie: 'session=wrong; __Host-session=wrong' },
        { 'x-api-key': `apk_000000000000_${'0'.repeat(64)}_00000000`, authorization: 'Bearer wrong' },
      ]
      // Without a credential nothing is ended, so that whatever asks for the password again is refused here, too.
      const asking = consoleRoutes.filter(({ policy }) => policy.role !== 'anyone' && policy.rate_class === 'sign_in')
      for (const route of label === 'console' ? [...routes, ...asking] : routes) {
        for (const credential of wrong) {
          const headers = { ...without(good(), 'x-api-key', 'cookie'), ...credential, ...(route.body ? typeOf(route) : {}) }
          expectProblem(
            await sendRaw(origin, route.method, target(route), headers, route.body ? '{}' : undefined),
            [none],
            `${route.id} with ${JSON.stringify(credential)}`,
          )
        }
      }
    })

    test('malformed JSON, wrong types, unknown members and oversized bodies are told apart', async () => {
      const { origin, target, good, routes } = side()
      for (const [n, route] of routes.entries()) {
        if (!route.body || route.body === 'bytes') continue
        const headers = good(n, route)
        const send = (body: string, type: Record<string, string> = json) =>
          sendRaw(origin, route.method, target(route), { ...headers, ...type }, body)
        expectProblem(await send('{"a":'), ['malformed_json'], `${route.id}: half a document`)
        for (const body of ['null', '[]', '"text"', '{"\\u0000":1,"__proto__":{"a":1}}']) {
          // Existing executors send more than we read, so an empty object may pass the shape where everything is optional.
          expectProblem(await send(body), ['invalid_request', 'not_found'], `${route.id}: ${body}`)
        }
        expectProblem(
          await send('a=1', { 'content-type': 'text/plain' }),
          ['unsupported_media_type', 'forged_request'],
          `${route.id}: another content type`,
        )
        expectProblem(await send(`{"a":"${'x'.repeat(route.policy.body_limit_bytes)}"}`), ['body_too_large'], `${route.id}: too large`)
      }
    })

    test('ids that nobody has are not found, and a query that the contract does not know is refused', async () => {
      const { origin, target, good, routes } = side()
      for (const route of routes) {
        if (!route.params || route.body || route.answer.kind === 'events') continue
        expectProblem(await sendRaw(origin, route.method, target(route), good()), ['not_found'], route.id)
      }
      for (const route of routes) {
        if (route.method !== 'GET' || route.policy.plane === 'executor' || route.answer.kind === 'events') continue
        const asked = target(route)
        expectProblem(
          await sendRaw(origin, 'GET', `${asked}${asked.includes('?') ? '&' : '?'}surprise=1`, good()),
          ['invalid_request'],
          `${route.id} with ?surprise=1`,
        )
      }
    })

    test('another method is refused with the ones there are', async () => {
      const { origin, target, good, routes } = side()
      for (const asked of new Set(routes.map(target))) {
        for (const method of ['DELETE', 'PATCH']) {
          const answer = await sendRaw(origin, method, asked, { ...good(), ...json }, '{}')
          expectProblem(answer, ['method_not_allowed'], `${method} ${asked}`)
          expect(answer.headers['allow']).toBeTruthy()
        }
      }
    })

    test('no spelling of a path climbs out of its segment', async () => {
      const { origin, good, routes } = side()
      const prefixes = new Set(routes.map((route) => (label === 'console' ? consolePath(route.path) : route.path).split('/{')[0]!))
      const climbs = [
        '/..',
        '/../',
        '/%2e%2e',
        '/%2E%2E%2F',
        '/..%2f..%2fetc%2fpasswd',
        '/..%5c',
        '/\\..',
        '//',
        '/.%00',
        '/a;b',
        '/a%00b',
        '/%ff',
        '/.',
      ]
      for (const prefix of prefixes) {
        for (const climb of climbs) {
          const answer = await sendRaw(origin, 'GET', `${prefix}${climb}`, good())
          expect(answer.status, `${prefix}${climb}`).toBeLessThan(500)
          expect([400, 404, 405], `${prefix}${climb}: ${answer.status} ${answer.text.slice(0, 200)}`).toContain(answer.status)
        }
      }
    })
  })
}

test('artifact names that climb are refused, harmless dots are not', async () => {
  const good = { cookie: cookieOf('viewer') }
  const { items } = JSON.parse((await sendRaw(console_.origin, 'GET', '/api/runs', good)).text) as { items: { run_id: string }[] }
  const run = items[0]!.run_id
  for (const name of ['../secret', '/etc/passwd', 'a/../../b', '..', 'C:\\x', 'a\\b', 'a%00b', '%2e%2e/x']) {
    const asked = `/api/runs/${run}/artifacts/file?path=${name.includes('%') ? name : encodeURIComponent(name)}`
    expectProblem(await sendRaw(console_.origin, 'GET', asked, good), ['invalid_request', 'invalid_path'], asked)
  }
  for (const name of ['my..file.txt', '100%.txt']) {
    expectProblem(
      await sendRaw(console_.origin, 'GET', `/api/runs/${run}/artifacts/file?path=${encodeURIComponent(name)}`, good),
      ['not_found'],
      name,
    )
  }
})

test('a request from another site, without the console’s own header, or with a method override changes nothing', async () => {
  const good = consoleHeaders()
  const send = (headers: Record<string, string>) => sendRaw(console_.origin, 'POST', '/api/auth/activity', { ...json, ...headers }, '{}')
  for (const forged of [
    without(good, 'origin'),
    { ...good, origin: `http://127.0.0.1:${console_.port}` },
    { ...good, origin: 'null' },
    { ...good, origin: `https://localhost:${console_.port}` },
    without(good, 'x-csrf'),
    { ...good, 'sec-fetch-site': 'cross-site' },
    { ...good, 'sec-fetch-site': 'same-site' },
    { ...good, 'x-http-method-override': 'DELETE' },
    { ...good, 'content-type': 'text/plain' },
    { ...good, 'content-type': 'application/json; charset=utf-8, text/plain' },
    { ...good, host: 'evil.example' },
  ]) {
    expectProblem(await send(forged), ['forged_request', 'unsupported_media_type'], JSON.stringify(without(forged, 'cookie')))
  }
  expect((await send(good)).status).toBe(200)
})

test('what only the console may call is not reachable from a browser', async () => {
  for (const route of consoleOnlyRoutes) {
    const answer = await sendRaw(console_.origin, route.method, consolePath(route.path), { ...consoleHeaders(), ...json }, '{}')
    expectProblem(answer, ['not_found'], route.id)
  }
})

test('the console’s key is not an executor’s, an executor’s key opens nothing of the operators, and neither decides', async () => {
  const { key } = readDemoFile().executors[0]!
  for (const route of [...operatorRoutes, ...consoleOnlyRoutes]) {
    const answer = await sendRaw(
      console_.controlPlaneUrl,
      route.method,
      withNeededQuery(route, path(route)),
      { 'x-api-key': key, ...(route.body ? json : {}) },
      route.body ? '{}' : undefined,
    )
    expectProblem(answer, ['key_refused'], route.id)
  }
})

test('refusals of people who were signed in are in the audit log, and nothing was created', async () => {
  const approver = { ...consoleHeaders(), cookie: cookieOf('approver'), ...json }
  const refused = await sendRaw(console_.origin, 'POST', '/api/executor-keys', approver, JSON.stringify({ executor_name: 'not-allowed' }))
  expectProblem(refused, ['role_missing'], 'an approver creates a key')
  const admin = { cookie: cookieOf('admin') }
  const { items } = JSON.parse((await sendRaw(console_.origin, 'GET', '/api/audit?q=result:refused&limit=100', admin)).text) as {
    items: { event: { auth_principal_name: string | null; error_code: string | null } }[]
  }
  expect(items.map(({ event }) => [event.auth_principal_name, event.error_code])).toContainEqual(['approver', 'role_missing'])
  const existing = JSON.parse((await sendRaw(console_.origin, 'GET', '/api/executor-keys', admin)).text) as {
    items: { executor: { name: string } }[]
  }
  expect(existing.items.map((item) => item.executor.name)).not.toContain('not-allowed')
})

/** Every route of the contract is there and shut: generated from the contract, so that a new route cannot be forgotten. */
import { problemSchema } from '@autopack/contract/problems'
import { checkpointRoutes, executorRoutes, consoleOnlyRoutes, consoleRoutes, operatorRoutes, publicRoutes } from '@autopack/contract/routes'
import { roles } from '@autopack/contract/roles'
import type { Route } from '@autopack/contract/route'
import * as z from 'zod/mini'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testCheckpointApiKey } from './test/checkpoint-story.ts'
import { openTestDeps, testInstanceKey } from './test/open-test-deps.ts'
import type { TestDeps } from './test/open-test-deps.ts'

let deps: TestDeps
beforeAll(async () => {
  deps = await openTestDeps({ settings: { checkpoints: { keys: [], apiKey: testCheckpointApiKey, directory: '/nowhere', independent: false } } })
})
afterAll(() => deps.close())

const sampleParams: Record<string, string> = {
  run_id: 'no-such-run',
  phase_id: 'phase',
  action_id: 'act_00000000-0000-4000-8000-000000000000',
  key_id: 'key_000000000000',
  operator_id: 'op_00000000-0000-4000-8000-000000000000',
  executor_id: 'exr_00000000-0000-4000-8000-000000000000',
  seq: '999999',
  approval_id: 'apr_999999',
  request_id: 'gov_00000000',
  approval_number: '999999',
  governance_id: '00000000',
}

function toTarget(route: Route): string {
  return route.path.replace(/\{([a-z_]+)\}/g, (_, name: string) => sampleParams[name] ?? `no-sample-for-${name}`)
}

const closedRoutes = [...executorRoutes, ...operatorRoutes, ...consoleOnlyRoutes, ...checkpointRoutes]
const named = (routes: readonly Route[]) => routes.map((route) => [`${route.method} ${route.path}`, route] as const)
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

async function sendBare(method: string, target: string, headers: Record<string, string> = {}): Promise<Response> {
  return deps.app.request(`http://control-plane.test${target}`, { method, headers })
}

async function expectProblem(answer: Response, status: number, code: string): Promise<void> {
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  expect(answer.headers.get('cache-control')).toBe('no-store')
  const problem = z.parse(problemSchema, await answer.json())
  expect([answer.status, problem.code]).toEqual([status, code])
  expect(problem.request_id).toBe(answer.headers.get('x-request-id'))
}

describe('without a credential', () => {
  test.each(named(closedRoutes))('%s answers 403', async (_name, route) =>
    expectProblem(await sendBare(route.method, toTarget(route)), 403, 'key_refused'),
  )

  test.each(named(publicRoutes))('%s is open', async (_name, route) => {
    expect((await sendBare(route.method, toTarget(route))).status).toBe(200)
  })
})

describe('with the credential of the other plane', () => {
  test.each(named(executorRoutes))('%s refuses the console', async (_name, route) =>
    expectProblem(await sendBare(route.method, toTarget(route), { 'x-api-key': testInstanceKey }), 403, 'key_refused'),
  )

  test.each(named([...operatorRoutes, ...consoleOnlyRoutes]))('%s refuses an executor', async (_name, route) =>
    expectProblem(await sendBare(route.method, toTarget(route), { 'x-api-key': deps.executor.key }), 403, 'key_refused'),
  )

  test.each(named([...operatorRoutes, ...consoleOnlyRoutes]))('%s refuses the instance key alone', async (_name, route) =>
    expectProblem(await sendBare(route.method, toTarget(route), { 'x-api-key': testInstanceKey }), 403, 'assertion_refused'),
  )
})

describe('by role', () => {
  const cases = operatorRoutes.flatMap((route) =>
    roles.filter((role) => roles.indexOf(role) < roles.indexOf(route.policy.role as never)).map((role) => [role, route] as const),
  )
  test.each(cases.map(([role, route]) => [`${route.method} ${route.path}`, role, route] as const))('%s refuses a %s', async (_name, role, route) => {
    const caller = deps.asOperator(role)
    const answer = route.method === 'GET' ? await caller.get(toTarget(route)) : await caller.post(toTarget(route), {})
    await expectProblem(answer, 403, 'role_missing')
  })
})

describe('by scope', () => {
  test.each(named(executorRoutes))('%s refuses a key without its scope', async (name, route) => {
    expect(route.policy.scope, 'every executor route names a scope').toBeDefined()
    const other = route.policy.scope === 'runs:read' ? 'runs:write' : 'runs:read'
    const poor = await deps.addExecutor({ name: `poor-${name.toLowerCase().replace(/[^a-z]+/g, '-')}`.slice(0, 60), scopes: [other] })
    const answer = await deps.app.request(`http://control-plane.test${toTarget(route)}`, { method: route.method, headers: { 'x-api-key': poor.key } })
    await expectProblem(answer, 403, 'scope_missing')
  })
})

describe('other methods', () => {
  const byPath = Map.groupBy([...closedRoutes, ...publicRoutes], toTarget)
  // A path that also fits the pattern of another route takes that route's methods too: `/runs/start` is a run id for GET.
  const overlapping = new Set(['/runs/start'])
  const cases = [...byPath]
    .filter(([target]) => !overlapping.has(target))
    .flatMap(([target, routes]) =>
      methods.filter((method) => !routes.some((route) => route.method === method)).map((method) => [method, target] as const),
    )
  test.each(cases)('%s %s answers 405', async (method, target) => expectProblem(await sendBare(method, target), 405, 'method_not_allowed'))
})

describe('elsewhere', () => {
  test.each([
    ...consoleRoutes.map((route) => toTarget(route)).filter((target) => !target.includes('.well-known')),
    '/',
    '/operator',
    '/api/runs',
    '/nothing',
  ])('%s answers 404', async (target) => expectProblem(await sendBare('GET', target), 404, 'not_found'))

  test.each(['//runs', '/runs/a%2e%2eb', '/operator/%6fperators/me', '/runs;x=1', '/runs/a%00b', '/operator//status'])(
    '%s is refused before any route is looked for',
    async (target) => expectProblem(await sendBare('GET', target), 400, 'invalid_path'),
  )
})

describe('bad input of somebody who is let in', () => {
  const withBody = closedRoutes.filter((route) => route.body && route.body !== 'bytes')
  const toCaller = ({ policy }: Route) => {
    if (policy.plane === 'executor') return deps.asExecutor()
    if (policy.plane === 'checkpoint') return deps.asExecutor(testCheckpointApiKey)
    return deps.asOperator(policy.role === 'anyone' ? 'console' : (policy.role ?? 'admin'))
  }
  const send = (route: Route, body: string, headers: Record<string, string> = {}) => {
    return toCaller(route).post(toTarget(route), body, { 'idempotency-key': 'same-key', ...headers })
  }

  test.each(named(withBody))('%s refuses malformed JSON', async (_name, route) => expectProblem(await send(route, '{"a":'), 400, 'malformed_json'))
  test.each(named(withBody))('%s refuses a list where an object belongs', async (_name, route) =>
    expectProblem(await send(route, '[1]'), 400, 'invalid_request'),
  )
  test.each(named(withBody))('%s refuses a form', async (_name, route) =>
    expectProblem(await send(route, 'a=1', { 'content-type': 'application/x-www-form-urlencoded' }), 415, 'unsupported_media_type'),
  )
  test.each(named(withBody))('%s refuses a body over its limit', async (_name, route) => {
    const answer = await send(route, JSON.stringify({ filler: 'x'.repeat(route.policy.body_limit_bytes) }))
    await expectProblem(answer, 413, 'body_too_large')
  })

  test('no route answers with a failure of ours to a body of wrong types', async () => {
    const odd = JSON.stringify({ run: 1, tiers: {}, payload: { a: 1 }, revision: 'x', kind: null, events: 'x', scopes: 1, fence: 1.5, reason: [] })
    for (const route of withBody) {
      const answer = await send(route, odd)
      expect([route.id, answer.status >= 400 && answer.status < 500]).toEqual([route.id, true])
    }
  })
})

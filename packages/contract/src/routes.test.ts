import { expect, test } from 'vitest'
import * as z from 'zod/mini'
import { artifactPathSchema } from './artifacts.ts'
import { artifactPathLimitBytes } from './limits.ts'
import { problems } from './problem-titles.ts'
import type { Route } from './route.ts'
import { allRoutes, checkpointRoutes, consoleOnlyRoutes, executorRoutes, operatorRoutes } from './routes.ts'

test('every route has an id, and a method with a path, of its own', () => {
  expect(new Set(allRoutes.map((route) => route.id)).size).toBe(allRoutes.length)
  expect(new Set(allRoutes.map((route) => `${route.method} ${route.path}`)).size).toBe(allRoutes.length)
})

test('the path decides the plane: the operator, the executor and the checkpoint plane share no route', () => {
  for (const route of [...operatorRoutes, ...consoleOnlyRoutes]) {
    expect(route.path).toMatch(/^\/operator\//)
    expect(route.policy).toMatchObject({ plane: 'operator', role: expect.any(String) as string })
    expect(route.policy.scope).toBeUndefined()
  }
  for (const route of executorRoutes) {
    expect(route.path).not.toMatch(/^\/(operator|api|checkpoint)\//)
    expect(route.policy).toMatchObject({ plane: 'executor', scope: expect.any(String) as string })
    expect(route.policy.role).toBeUndefined()
  }
  for (const route of checkpointRoutes) {
    expect(route.path).toMatch(/^\/checkpoint\//)
    expect([route.policy.plane, 'role' in route.policy, 'scope' in route.policy]).toEqual(['checkpoint', false, false])
  }
})

/** What only people do: decide about an action, look an outcome up, say what may happen at all, and hold the passkeys that say so. */
function decides(route: Route): boolean {
  return route.method !== 'GET' && /\/(decision|revoke|resolve|challenges)$|\/control(\/|$)|\/passkeys(\/remove|\/reset|$)/.test(route.path)
}

test('no route that a key alone may call decides, and only deciding routes are in the decision lane', () => {
  expect(executorRoutes.filter(decides)).toEqual([])
  const letting = allRoutes.filter((route) => decides(route) && route.policy.rate_class !== 'safety').map((route) => route.id)
  expect(letting).toEqual(expect.arrayContaining(['decideExternalAction', 'releaseBrake', 'setCap', 'setSwitch']))
  expect(allRoutes.filter((route) => route.policy.rate_class === 'decision').map((route) => route.id)).toEqual(letting)
})

test('what can only stop something is in the lane that nothing exhausts; what lets something happen needs an approver, the own passkeys aside', () => {
  const stopping = allRoutes.filter((route) => route.policy.rate_class === 'safety').map((route) => route.id)
  expect(stopping).toEqual(['disableOperator', 'revokeExternalAction', 'engageBrake', 'revokeExecutorKey', 'logout', 'revokeSession'])
  const forEverybody = allRoutes.filter(({ policy }) => policy.rate_class === 'decision' && policy.role === 'viewer').map(({ id }) => id)
  // A challenge lets nothing happen: the act that it is for asks for the role.
  expect(forEverybody).toEqual(['createChallenge', 'addPasskey', 'removePasskey'])
})

test('a route says that it may refuse for want of a step-up exactly where its policy asks for one', () => {
  for (const route of allRoutes) expect([route.id, route.problems.includes('step_up_required')]).toEqual([route.id, route.policy.step_up !== 'none'])
  // A key has nothing to show again, and a sign-in is how a person does.
  expect(allRoutes.filter(({ policy }) => policy.plane !== 'operator' && policy.step_up !== 'none')).toEqual([])
})

test('a route that takes a body bounds it, and one that takes none allows none', () => {
  for (const route of allRoutes) expect([route.id, route.policy.body_limit_bytes > 0]).toEqual([route.id, route.body !== undefined])
})

test('a route that changes something is never a GET', () => {
  for (const route of allRoutes) if (route.method === 'GET') expect([route.id, route.body, route.retry]).toEqual([route.id, undefined, 'safe'])
})

test('every parameter of a path has a schema, and nothing else has', () => {
  for (const route of allRoutes) {
    const named = [...route.path.matchAll(/\{([a-z0-9_]+)\}/g)].map((found) => found[1])
    expect([route.id, Object.keys(route.params?.shape ?? {})]).toEqual([route.id, named])
  }
})

test('every problem has a status of its own class and a title', () => {
  for (const [code, problem] of Object.entries(problems)) {
    expect([code, problem.status >= 400 && problem.status < 600]).toEqual([code, true])
    expect(problem.title.length).toBeGreaterThan(5)
  }
})

test('the longest name of an artifact fits, encoded, into the headers of the request for it and of the assertion about it', () => {
  const longest = '漢'.repeat(artifactPathLimitBytes / 4) + 'a'.repeat(artifactPathLimitBytes / 4)
  expect(z.safeParse(artifactPathSchema, longest).success).toBe(true)
  expect(z.safeParse(artifactPathSchema, `${longest}a`).success).toBe(false)
  const target = `/operator/runs/${'r'.repeat(200)}/artifacts/file?path=${encodeURIComponent(longest)}`
  // A JWT carries the target in base64, beside about 900 characters of its own.
  expect(target.length + (target.length * 4) / 3 + 900).toBeLessThan(8 * 1024 - 500)
})

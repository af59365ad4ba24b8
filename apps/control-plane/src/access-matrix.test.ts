/** Routes × credentials × roles, generated from the contract: who is let in, and with which words everybody else is not. */
import { generateKeyPairSync } from 'node:crypto'
import type { ProblemCode } from '@autopack/contract/problems'
import { hasRole, roles } from '@autopack/contract/roles'
import type { Route } from '@autopack/contract/route'
import { checkpointRoutes, consoleOnlyRoutes, executorRoutes, operatorRoutes, publicRoutes } from '@autopack/contract/routes'
import { createExecutorKey } from '@autopack/server-kit/executor-key'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { executorKeyTable } from './db/people-tables.ts'
import { testCheckpointApiKey } from './test/checkpoint-story.ts'
import { openTestDeps, testInstanceKey } from './test/open-test-deps.ts'
import type { TestDeps } from './test/open-test-deps.ts'
import { signAssertion, toAssertionClaims } from './test/sign-assertion.ts'

let deps: TestDeps
const keys = { revoked: '', expired: '', readsRuns: '', writesRuns: '' }
const people = { disabled: '', nobody: 'op_00000000-0000-4000-8000-00000000dead' }

beforeAll(async () => {
  deps = await openTestDeps({ settings: { checkpoints: { keys: [], apiKey: testCheckpointApiKey, directory: '/nowhere', independent: false } } })
  const revoked = await deps.addExecutor({ name: 'revoked' })
  await deps.db
    .update(executorKeyTable)
    .set({ revoked_at: sql`clock_timestamp()` })
    .where(eq(executorKeyTable.key_id, revoked.keyId))
  const expired = await deps.addExecutor({ name: 'expired' })
  await deps.db
    .update(executorKeyTable)
    .set({ expires_at: sql`clock_timestamp() - interval '1 second'` })
    .where(eq(executorKeyTable.key_id, expired.keyId))
  Object.assign(keys, { revoked: revoked.key, expired: expired.key })
  keys.readsRuns = (await deps.addExecutor({ name: 'reads-runs', scopes: ['runs:read'] })).key
  keys.writesRuns = (await deps.addExecutor({ name: 'writes-runs', scopes: ['runs:write'] })).key
  people.disabled = await deps.addOperator({ name: 'gone', role: 'admin', enabled: false })
})
afterAll(() => deps.close())

/** Answers that say "not you", whoever asked for what. */
const refusals: ReadonlySet<string> = new Set<ProblemCode>([
  'key_refused',
  'scope_missing',
  'assertion_refused',
  'operator_disabled',
  'role_missing',
  'not_signed_in',
  // A route of the contract that nobody serves.
  'method_not_allowed',
])

const sampleParams: Record<string, string> = {
  run_id: 'no-such-run',
  phase_id: 'phase',
  action_id: 'act_00000000-0000-4000-8000-000000000000',
  key_id: 'key_000000000000',
  seq: '999999',
  operator_id: 'op_00000000-0000-4000-8000-00000000dead',
  executor_id: 'exr_00000000-0000-4000-8000-00000000dead',
  approval_id: 'apr_999999',
  request_id: 'gov_00000000',
  approval_number: '999999',
  governance_id: '00000000',
}
/** A query that is needed, so that a credential decides and not the shape. */
const sampleQuery: Readonly<Record<string, string>> = { listCheckpointEntries: '?from=1' }
const toTarget = (route: Route) => toPath(route) + (sampleQuery[route.id] ?? '')
const toPath = (route: Route) => route.path.replace(/\{([a-z_]+)\}/g, (_, name: string) => sampleParams[name] ?? `no-sample-for-${name}`)
const toBody = (route: Route) => (route.body === undefined ? undefined : route.body === 'bytes' ? 'bytes' : '{}')

type Signing = { sub: string; target?: string; issuedSecondsAgo?: number; stranger?: boolean }

/** An assertion for exactly this request, unless told otherwise. */
async function assertion(route: Route, { sub, target = toTarget(route), issuedSecondsAgo = 0, stranger = false }: Signing): Promise<string> {
  const claims = toAssertionClaims({ sub, method: route.method, target, body: new TextEncoder().encode(toBody(route) ?? '') })
  const aged = { ...claims, iat: claims.iat! - issuedSecondsAgo, exp: claims.exp! - issuedSecondsAgo }
  return signAssertion(aged, stranger ? { key: generateKeyPairSync('ed25519').privateKey } : {})
}

type Expected = (route: Route) => 'let in' | ProblemCode
type Credential = {
  name: string
  headers: (route: Route) => Promise<Record<string, string>> | Record<string, string>
  on: Record<'executor' | 'operator' | 'console-only', Expected>
  /** On the checkpoint plane; `key_refused` when nothing is said. */
  onCheckpoint?: Expected
}

const always =
  (code: ReturnType<Expected>): Expected =>
  () =>
    code
const behindTheConsole = (signing: (route: Route) => Signing) => async (route: Route) => ({
  'x-api-key': testInstanceKey,
  'x-operator-assertion': await assertion(route, signing(route)),
})
/** Only the key's own plane reads a key; to the other it is a wrong one. */
const keyOnly = (name: string, key: () => string, onExecutorPlane: Expected): Credential => ({
  name,
  headers: () => ({ 'x-api-key': key() }),
  on: { executor: onExecutorPlane, operator: always('key_refused'), 'console-only': always('key_refused') },
})
const inConsole = (name: string, signing: (route: Route) => Signing, onOperatorPlane: Expected, onConsoleOnly: Expected): Credential => ({
  name,
  headers: behindTheConsole(signing),
  on: { executor: always('key_refused'), operator: onOperatorPlane, 'console-only': onConsoleOnly },
})

const credentials: readonly Credential[] = [
  {
    name: 'nothing',
    headers: () => ({}),
    on: { executor: always('key_refused'), operator: always('key_refused'), 'console-only': always('key_refused') },
  },
  keyOnly('a text that is no key', () => 'let me in', always('key_refused')),
  keyOnly('a key nobody made', () => createExecutorKey().text, always('key_refused')),
  keyOnly('a revoked key', () => keys.revoked, always('key_refused')),
  keyOnly('an expired key', () => keys.expired, always('key_refused')),
  keyOnly('a key with every scope', () => deps.executor.key, always('let in')),
  keyOnly(
    'a key that reads runs',
    () => keys.readsRuns,
    (route) => (route.policy.scope === 'runs:read' ? 'let in' : 'scope_missing'),
  ),
  keyOnly(
    'a key that writes runs',
    () => keys.writesRuns,
    (route) => (route.policy.scope === 'runs:write' ? 'let in' : 'scope_missing'),
  ),
  {
    name: 'the key of the checkpoint writer',
    headers: () => ({ 'x-api-key': testCheckpointApiKey }),
    on: { executor: always('key_refused'), operator: always('key_refused'), 'console-only': always('key_refused') },
    onCheckpoint: always('let in'),
  },
  {
    name: 'the key of the checkpoint writer with the assertion of an admin',
    headers: async (route) => ({
      'x-api-key': testCheckpointApiKey,
      'x-operator-assertion': await assertion(route, { sub: deps.operatorIds.admin }),
    }),
    on: { executor: always('key_refused'), operator: always('key_refused'), 'console-only': always('key_refused') },
    onCheckpoint: always('let in'),
  },
  {
    name: 'the key of the checkpoint writer, but for its last character',
    headers: () => ({ 'x-api-key': testCheckpointApiKey.slice(0, -1) }),
    on: { executor: always('key_refused'), operator: always('key_refused'), 'console-only': always('key_refused') },
  },
  {
    name: 'the instance key alone',
    headers: () => ({ 'x-api-key': testInstanceKey }),
    on: { executor: always('key_refused'), operator: always('assertion_refused'), 'console-only': always('assertion_refused') },
  },
  ...roles.map((role) =>
    inConsole(
      `the console for a person who is ${role}`,
      () => ({ sub: deps.operatorIds[role] }),
      (route) => (hasRole(role, route.policy.role!) ? 'let in' : 'role_missing'),
      always('role_missing'),
    ),
  ),
  inConsole('the console for somebody disabled', () => ({ sub: people.disabled }), always('operator_disabled'), always('role_missing')),
  inConsole('the console for somebody nobody knows', () => ({ sub: people.nobody }), always('assertion_refused'), always('role_missing')),
  inConsole('the console for itself', () => ({ sub: 'console' }), always('role_missing'), always('let in')),
  inConsole(
    'an assertion for another request',
    () => ({ sub: deps.operatorIds.admin, target: '/operator/somewhere/else' }),
    always('assertion_refused'),
    always('assertion_refused'),
  ),
  inConsole(
    'an assertion of two minutes ago',
    () => ({ sub: deps.operatorIds.admin, issuedSecondsAgo: 120 }),
    always('assertion_refused'),
    always('assertion_refused'),
  ),
  inConsole(
    'an assertion that somebody else signed',
    () => ({ sub: deps.operatorIds.admin, stranger: true }),
    always('assertion_refused'),
    always('assertion_refused'),
  ),
  {
    name: 'an executor key with the assertion of an admin',
    headers: async (route) => ({
      'x-api-key': deps.executor.key,
      'x-operator-assertion': await assertion(route, { sub: deps.operatorIds.admin }),
    }),
    on: { executor: always('let in'), operator: always('key_refused'), 'console-only': always('key_refused') },
  },
]

async function ask(route: Route, headers: Record<string, string>): Promise<string> {
  const body = toBody(route)
  const answer = await deps.app.request(`http://control-plane.test${toTarget(route)}`, {
    method: route.method,
    headers: {
      ...headers,
      'idempotency-key': 'matrix',
      ...(body === undefined ? {} : { 'content-type': route.body === 'bytes' ? 'application/octet-stream' : 'application/json' }),
    },
    ...(body === undefined ? {} : { body }),
  })
  if (answer.status < 400) {
    await answer.body?.cancel()
    return 'let in'
  }
  const { code } = (await answer.json()) as { code: string }
  return refusals.has(code) ? code : 'let in'
}

const planes = { executor: executorRoutes, operator: operatorRoutes, 'console-only': consoleOnlyRoutes, checkpoint: checkpointRoutes } as const
const expectedOf = ({ on, onCheckpoint = always('key_refused') }: Credential, plane: keyof typeof planes): Expected =>
  plane === 'checkpoint' ? onCheckpoint : on[plane]

describe.each(Object.keys(planes) as (keyof typeof planes)[])('the %s plane', (plane) => {
  test.each(planes[plane].map((route) => [`${route.method} ${route.path}`, route] as const))('%s', async (_name, route) => {
    const expected: Record<string, string> = {}
    const answered: Record<string, string> = {}
    for (const credential of credentials) {
      expected[credential.name] = expectedOf(credential, plane)(route)
      answered[credential.name] = await ask(route, await credential.headers(route))
    }
    expect(answered).toEqual(expected)
  })
})

test('the matrix covers every closed route, and every kind of answer appears in it', () => {
  const cells = Object.entries(planes).flatMap(([plane, routes]) =>
    routes.flatMap((route) => credentials.map((credential) => expectedOf(credential, plane as keyof typeof planes)(route))),
  )
  expect(cells.length).toBe((executorRoutes.length + operatorRoutes.length + consoleOnlyRoutes.length + checkpointRoutes.length) * credentials.length)
  expect(new Set(cells)).toEqual(new Set(['let in', 'key_refused', 'scope_missing', 'assertion_refused', 'operator_disabled', 'role_missing']))
  expect(publicRoutes.map(({ path }) => path)).toEqual(['/health', '/livez'])
})

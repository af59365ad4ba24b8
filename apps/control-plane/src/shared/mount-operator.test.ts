/** What stands between the network and an operator's action. The audit list and key creation stand for all routes. */
import { generateKeyPairSync } from 'node:crypto'
import type { AuditEntry } from '@autopack/contract/audit'
import { eq } from 'drizzle-orm'
import type { JWTPayload } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { operatorTable, usedAssertionTable } from '../db/people-tables.ts'
import { openTestDeps, testInstanceKey } from '../test/open-test-deps.ts'
import type { TestDeps } from '../test/open-test-deps.ts'
import { signAssertion, toAssertionClaims } from '../test/sign-assertion.ts'

let deps: TestDeps
beforeAll(async () => {
  deps = await openTestDeps()
})
afterAll(() => deps.close())

const path = '/operator/executor-keys'
const newKey = (name: string) => ({ executor_name: name })
let created = 0

type Sent = { body?: string; target?: string; method?: string; apiKey?: string | null; assertion?: string | null }

/** Sends a key creation with an assertion whose claims or header were changed. */
async function send(
  changes: { claims?: (claims: JWTPayload) => JWTPayload; signed?: Parameters<typeof signAssertion>[1]; sent?: Sent } = {},
): Promise<Response> {
  created += 1
  const body = JSON.stringify(newKey(`made-${created}`))
  const claims = toAssertionClaims({ sub: deps.operatorIds.admin, method: 'POST', target: path, body: new TextEncoder().encode(body) })
  const assertion = await signAssertion(changes.claims?.(claims) ?? claims, changes.signed)
  const { sent = {} } = changes
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  if (sent.apiKey !== null) headers['x-api-key'] = sent.apiKey ?? testInstanceKey
  if (sent.assertion !== null) headers['x-operator-assertion'] = sent.assertion ?? assertion
  return deps.app.request(`http://control-plane.test${sent.target ?? path}`, { method: sent.method ?? 'POST', headers, body: sent.body ?? body })
}

async function expectRefused(answer: Response, code: string, detail?: RegExp): Promise<void> {
  const problem = (await answer.json()) as { code: string; detail: string }
  expect([answer.status, problem.code]).toEqual([403, code])
  if (detail) expect(problem.detail).toMatch(detail)
}

async function listRefusals(): Promise<AuditEntry[]> {
  const answer = await deps.asOperator('admin').get('/operator/audit?q=did:request.refused&limit=100')
  return ((await answer.json()) as { items: AuditEntry[] }).items
}

async function countKeys(): Promise<number> {
  const answer = await deps.asOperator('admin').get(path)
  return ((await answer.json()) as { items: unknown[] }).items.length
}

describe('who is let in', () => {
  test('an assertion made for exactly this request by a known admin is accepted', async () => {
    expect((await send()).status).toBe(201)
  })

  test('path and query count as they were sent', async () => {
    expect((await deps.asOperator('viewer').get('/operator/audit?limit=1&q=a%20b')).status).toBe(200)
  })
})

describe('403 key_refused', () => {
  test('an assertion without the instance key is refused', async () => expectRefused(await send({ sent: { apiKey: null } }), 'key_refused'))
  test('a wrong instance key is refused', async () => expectRefused(await send({ sent: { apiKey: `${testInstanceKey}x` } }), 'key_refused'))
  test('an executor key does not open the operator plane', async () =>
    expectRefused(await send({ sent: { apiKey: deps.executor.key } }), 'key_refused'))

  test('everyone is refused while no instance key is configured', async () => {
    const unset = await openTestDeps({ settings: { instanceKey: null } })
    try {
      await expectRefused(await unset.asOperator('admin').get('/operator/operators/me'), 'key_refused')
    } finally {
      await unset.close()
    }
  })
})

describe('403 assertion_refused', () => {
  const later = (seconds: number) => (claims: JWTPayload) => ({ ...claims, iat: claims.iat! + seconds, exp: claims.exp! + seconds })
  const other = generateKeyPairSync('ed25519').privateKey

  test('the instance key alone decides nothing', async () => expectRefused(await send({ sent: { assertion: null } }), 'assertion_refused', /missing/))
  test('everyone is refused while no verification key is configured', async () => {
    const unset = await openTestDeps({ settings: { assertionJwks: null } })
    try {
      await expectRefused(await unset.asOperator('admin').get('/operator/operators/me'), 'assertion_refused')
    } finally {
      await unset.close()
    }
  })
  test('an expired assertion is refused', async () => expectRefused(await send({ claims: later(-120) }), 'assertion_refused', /old/))
  test('an assertion from the future is refused', async () => expectRefused(await send({ claims: later(120) }), 'assertion_refused'))
  test('an assertion made to live longer than a minute is refused', async () =>
    expectRefused(await send({ claims: (claims) => ({ ...claims, exp: claims.iat! + 61 }) }), 'assertion_refused', /too long/))
  test('an assertion signed by another key is refused', async () => expectRefused(await send({ signed: { key: other } }), 'assertion_refused'))
  test('an assertion with an unknown kid is refused', async () => expectRefused(await send({ signed: { kid: 'other' } }), 'assertion_refused'))
  test('an assertion signed with a shared secret is refused', async () =>
    expectRefused(await send({ signed: { alg: 'HS256', key: new TextEncoder().encode(testInstanceKey) } }), 'assertion_refused'))
  test('an unsigned assertion is refused', async () => {
    const claims = toAssertionClaims({ sub: deps.operatorIds.admin, method: 'GET', target: '/operator/operators/me', body: new Uint8Array() })
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const unsigned = `${part({ alg: 'none', typ: 'op-assertion+jwt', kid: 'test-key' })}.${part(claims)}.`
    const answer = await deps.app.request('http://control-plane.test/operator/operators/me', {
      headers: { 'x-api-key': testInstanceKey, 'x-operator-assertion': unsigned },
    })
    await expectRefused(answer, 'assertion_refused')
  })
  test('a session token of the same key is refused by its type', async () =>
    expectRefused(await send({ signed: { typ: 'autopack-session+jwt' } }), 'assertion_refused'))
  test.each([
    ['issuer', { iss: 'somebody' }],
    ['audience', { aud: 'autopack-console' }],
  ])('another %s is refused', async (_name, change) =>
    expectRefused(await send({ claims: (claims) => ({ ...claims, ...change }) }), 'assertion_refused'),
  )
  test.each(['sub', 'sid', 'amr', 'auth_time', 'iat', 'exp', 'jti', 'htm', 'htp', 'bh'])('an assertion without %s is refused', async (name) => {
    const without = (claims: JWTPayload) => Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name))
    await expectRefused(await send({ claims: without }), 'assertion_refused')
  })
  test('an assertion for another method is refused', async () =>
    expectRefused(await send({ claims: (claims) => ({ ...claims, htm: 'GET' }) }), 'assertion_refused', /method/))
  test('an assertion for another path is refused', async () =>
    expectRefused(await send({ claims: (claims) => ({ ...claims, htp: '/operator/operators/me' }) }), 'assertion_refused', /path/))
  test('an assertion for the same path with another query is refused', async () =>
    expectRefused(await send({ sent: { target: `${path}?x=1` } }), 'assertion_refused', /query/))
  test('an assertion for another body is refused', async () =>
    expectRefused(await send({ sent: { body: JSON.stringify(newKey('another')) } }), 'assertion_refused', /body/))
  test('an assertion for a person nobody knows is refused', async () =>
    expectRefused(await send({ claims: (claims) => ({ ...claims, sub: 'op_00000000-0000-4000-8000-000000000000' }) }), 'assertion_refused'))

  test('a mutation sent twice with one assertion happens once', async () => {
    const body = JSON.stringify(newKey('once'))
    const claims = toAssertionClaims({ sub: deps.operatorIds.admin, method: 'POST', target: path, body: new TextEncoder().encode(body) })
    const assertion = await signAssertion(claims)
    expect((await send({ sent: { assertion, body } })).status).toBe(201)
    const before = await countKeys()
    await expectRefused(await send({ sent: { assertion, body } }), 'assertion_refused', /before/)
    expect(await countKeys()).toBe(before)
    const spent = await deps.db.select().from(usedAssertionTable).where(eq(usedAssertionTable.jti, claims.jti!))
    expect(spent).toHaveLength(1)
  })
})

describe('403 by role', () => {
  test('a viewer’s assertion does not create keys, and nothing changes', async () => {
    const before = await countKeys()
    await expectRefused(await deps.asOperator('viewer').post(path, newKey('by-viewer')), 'role_missing', /admin/)
    expect(await countKeys()).toBe(before)
  })

  test('the role is the one of our table at this moment, not of any token', async () => {
    const operatorId = await deps.addOperator({ name: 'demoted', role: 'admin' })
    expect((await deps.asOperator(operatorId).post(path, newKey('while-admin'))).status).toBe(201)
    await deps.db.update(operatorTable).set({ role: 'viewer' }).where(eq(operatorTable.operator_id, operatorId))
    // Asked at the door alone; acts look once more.
    await expectRefused(await deps.asOperator(operatorId).get('/operator/audit/export'), 'role_missing')
    await expectRefused(await deps.asOperator(operatorId).post(path, newKey('after')), 'role_missing')
  })

  test('a disabled operator does nothing, and the attempt is audited under their name', async () => {
    const operatorId = await deps.addOperator({ name: 'disabled', role: 'admin', enabled: false })
    // Reading is refused at the door alone; acts look once more.
    await expectRefused(await deps.asOperator(operatorId).get('/operator/runs'), 'operator_disabled')
    await expectRefused(await deps.asOperator(operatorId).post(path, newKey('by-disabled')), 'operator_disabled')
    expect((await listRefusals())[0]?.event).toMatchObject({ auth_principal_id: operatorId, error_code: 'operator_disabled' })
  })

  test('the console speaking for itself does nothing that needs a person', async () =>
    expectRefused(await deps.asOperator('console').post(path, newKey('by-console')), 'role_missing'))

  test('a person cannot write sign-in events', async () =>
    expectRefused(await deps.asOperator('admin').post('/operator/sign-in-events', { events: [] }), 'role_missing'))
})

describe('the trace of refusals', () => {
  test('a refused mutation of a known person is audited under their name', async () => {
    await deps.asOperator('approver').post(path, newKey('by-approver'))
    const [latest] = await listRefusals()
    expect(latest?.event).toMatchObject({
      auth_principal_type: 'operator',
      auth_principal_id: deps.operatorIds.approver,
      action_type: 'createExecutorKey',
      result_status: 'refused',
      error_code: 'role_missing',
    })
  })

  test('an executor that tries what only people may is audited under its name', async () => {
    await expectRefused(await send({ sent: { apiKey: deps.executor.key } }), 'key_refused', /people/)
    const [newest] = await listRefusals()
    expect(newest!.event).toMatchObject({ auth_principal_type: 'executor', action_type: 'createExecutorKey', error_code: 'key_refused' })
  })

  test('a refused mutation with a broken assertion is audited under the console', async () => {
    await send({ sent: { assertion: 'x.y.z' } })
    const [latest] = await listRefusals()
    expect(latest?.event).toMatchObject({ auth_principal_type: 'console', error_code: 'assertion_refused', action_type: 'createExecutorKey' })
  })

  test('a mutation refused for its shape is audited too', async () => {
    const answer = await deps.asOperator('admin').post(path, '{"executor_name":')
    expect(answer.status).toBe(400)
    expect((await listRefusals())[0]?.event).toMatchObject({ error_code: 'malformed_json', auth_principal_id: deps.operatorIds.admin })
  })

  test('a refused reading leaves no audit event', async () => {
    const before = await listRefusals()
    await deps.asOperator('viewer').get(path)
    expect(await listRefusals()).toHaveLength(before.length)
  })

  test('refusals of nobody we know become one event, however many there were', async () => {
    await deps.refusals.flush()
    const before = await listRefusals()
    for (let sent = 0; sent < 5; sent += 1) await send({ sent: { apiKey: 'wrong' } })
    await deps.app.request('http://control-plane.test/runs')
    await deps.refusals.flush()
    const after = await listRefusals()
    expect(after).toHaveLength(before.length + 1)
    expect(after[0]?.event).toMatchObject({ auth_principal_type: 'anonymous', error_summary: expect.stringContaining('key_refused') })
  })
})

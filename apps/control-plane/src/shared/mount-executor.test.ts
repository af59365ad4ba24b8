/** What stands between the network and an executor's action. The route that starts a run stands for all. */
import { mountExecutorRoute } from './mount.ts'
import { getExecutorControl } from '@autopack/contract/control'
import { createExecutorKey, readExecutorKey } from '@autopack/server-kit/executor-key'
import { createApp } from '@autopack/server-kit/create-app'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { executorKeyTable } from '../db/people-tables.ts'
import { openTestDeps, shiftedClock, testInstanceKey } from '../test/open-test-deps.ts'
import type { TestDeps } from '../test/open-test-deps.ts'
import { createRateLimits, requestsPerMinute } from './rate-limits.ts'

let deps: TestDeps
let aheadSeconds = 0
beforeAll(async () => {
  deps = await openTestDeps({ now: shiftedClock(() => aheadSeconds) })
})
afterAll(() => deps.close())

async function codeOf(answer: Response): Promise<[number, string]> {
  return [answer.status, ((await answer.json()) as { code: string }).code]
}

async function readLastUse(keyId: string): Promise<Date | null> {
  const [row] = await deps.db.select().from(executorKeyTable).where(eq(executorKeyTable.key_id, keyId))
  return row!.last_used_at
}

describe('who is let in', () => {
  test('a live key with the scope reads the control', async () => {
    expect((await deps.asExecutor().get('/control')).status).toBe(200)
  })
})

describe('403 key_refused', () => {
  test.each([
    ['no key', undefined],
    ['an empty key', ''],
    ['a key that was never made', createExecutorKey().text],
    ['the instance key', testInstanceKey],
    ['something that is not a key', "apk_' OR 1=1 --"],
  ])('%s', async (_name, key) => {
    const answer = await deps.app.request('http://control-plane.test/control', { headers: key === undefined ? {} : { 'x-api-key': key } })
    expect(await codeOf(answer)).toEqual([403, 'key_refused'])
  })

  test('a key with the right id and another secret', async () => {
    const forged = createExecutorKey()
    const victim = await deps.addExecutor({ name: 'victim' })
    const [row] = await deps.db.select().from(executorKeyTable).where(eq(executorKeyTable.key_id, victim.keyId))
    await deps.db.insert(executorKeyTable).values({ ...row!, key_id: forged.keyId, sha256: readExecutorKey(createExecutorKey().text)!.sha256 })
    expect(await codeOf(await deps.asExecutor(forged.text).get('/control'))).toEqual([403, 'key_refused'])
  })

  test('a key with a broken checksum never reaches the database', async () => {
    const { key } = deps.executor
    const broken = key.slice(0, -1) + (key.endsWith('0') ? '1' : '0')
    const app = createApp({ log: deps.log })
    const unreachable = { ...deps, db: new Proxy(deps.db, { get: () => () => Promise.reject(new Error('the database was asked')) }) }
    mountExecutorRoute(app, unreachable, getExecutorControl, async () => {
      throw new Error('the action ran')
    })
    const answer = await app.request('http://control-plane.test/control', { headers: { 'x-api-key': broken } })
    expect(await codeOf(answer)).toEqual([403, 'key_refused'])
  })

  test('a key that was revoked, from the very next request on', async () => {
    const executor = await deps.addExecutor({ name: 'revoked' })
    expect((await deps.asExecutor(executor.key).get('/control')).status).toBe(200)
    expect((await deps.asOperator('admin').post(`/operator/executor-keys/${executor.keyId}/revoke`, {})).status).toBe(200)
    expect(await codeOf(await deps.asExecutor(executor.key).get('/control'))).toEqual([403, 'key_refused'])
  })

  test('a key that has expired, by the clock of the database', async () => {
    const executor = await deps.addExecutor({ name: 'expired' })
    expect((await deps.asExecutor(executor.key).get('/control')).status).toBe(200)
    try {
      aheadSeconds = 91 * 24 * 3_600
      expect(await codeOf(await deps.asExecutor(executor.key).get('/control'))).toEqual([403, 'key_refused'])
    } finally {
      aheadSeconds = 0
    }
  })
})

test('no byte of a 25 MiB upload is read before its key is known to be good', async () => {
  let pulled = 0
  const pull = (controller: ReadableStreamDefaultController) => {
    pulled += 1
    controller.enqueue(new Uint8Array(1_000))
  }
  const upload = new Request('http://control-plane.test/runs/r/artifacts/file?path=a.txt', {
    method: 'PUT',
    headers: { 'content-type': 'application/octet-stream', 'x-api-key': createExecutorKey().text },
    body: new ReadableStream({ pull }, { highWaterMark: 0 }),
    duplex: 'half',
  } as RequestInit)
  expect(await codeOf(await deps.app.request(upload))).toEqual([403, 'key_refused'])
  expect(pulled).toBe(0)
})

describe('403 scope_missing', () => {
  test('a key without the scope of the route', async () => {
    const reader = await deps.addExecutor({ name: 'reader', scopes: ['runs:read'] })
    expect(await codeOf(await deps.asExecutor(reader.key).get('/control'))).toEqual([403, 'scope_missing'])
  })

  test('a mutation refused for its scope is audited under the executor', async () => {
    const reader = await deps.addExecutor({ name: 'second-reader', scopes: ['runs:read'] })
    expect(await codeOf(await deps.asExecutor(reader.key).post('/runs/start', {}))).toEqual([403, 'scope_missing'])
    const answer = await deps.asOperator('admin').get('/operator/audit?q=did:request.refused&limit=1')
    const { items } = (await answer.json()) as { items: { event: object }[] }
    expect(items[0]?.event).toMatchObject({ auth_principal_type: 'executor', auth_principal_id: reader.executorId, error_code: 'scope_missing' })
  })
})

describe('when a key was last used', () => {
  test('is written with the first request and then at most once a minute', async () => {
    const executor = await deps.addExecutor({ name: 'busy' })
    expect(await readLastUse(executor.keyId)).toBeNull()
    await deps.asExecutor(executor.key).get('/control')
    const first = await readLastUse(executor.keyId)
    expect(first).not.toBeNull()
    await deps.asExecutor(executor.key).get('/control')
    expect(await readLastUse(executor.keyId)).toEqual(first)
    try {
      aheadSeconds = 61
      await deps.asExecutor(executor.key).get('/control')
      expect((await readLastUse(executor.keyId))!.getTime()).toBeGreaterThan(first!.getTime() + 60_000)
    } finally {
      aheadSeconds = 0
    }
  })
})

describe('429 rate_limited', () => {
  test('one request too many in a minute says when to come back, and only that executor waits', async () => {
    const limited = await openTestDeps({ rateLimits: { ...requestsPerMinute, read: 3 } })
    try {
      const other = await limited.addExecutor({ name: 'other' })
      for (let sent = 0; sent < 3; sent += 1) expect((await limited.asExecutor().get('/control')).status).toBe(200)
      const refused = await limited.asExecutor().get('/control')
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
      expect(await codeOf(refused)).toEqual([429, 'rate_limited'])
      expect((await limited.asExecutor(other.key).get('/control')).status).toBe(200)
    } finally {
      await limited.close()
    }
  })

  test('a key cannot fill the audit log with refusals: beyond the limit they are only counted', async () => {
    const limited = await openTestDeps({ rateLimits: { ...requestsPerMinute, run_start: 2 } })
    try {
      const poor = await limited.addExecutor({ name: 'poor', scopes: ['runs:read'] })
      for (let sent = 0; sent < 10; sent += 1) await limited.asExecutor(poor.key).post('/runs/start', {})
      await limited.refusals.flush()
      const answer = await limited.asOperator('admin').get(`/operator/audit?q=who:${poor.executorId}`)
      const { items } = (await answer.json()) as { items: { event: { error_code: string; error_summary: string } }[] }
      expect(items.map(({ event }) => event.error_code)).toEqual(['rate_limited', 'scope_missing', 'scope_missing'])
      expect(items[0]?.event.error_summary).toContain('8 × rate_limited')
    } finally {
      await limited.close()
    }
  })

  test('the safety lane has no limit that could be used up', async () => {
    expect(requestsPerMinute.safety).toBeUndefined()
    const limits = createRateLimits()
    for (let sent = 0; sent < 2_000; sent += 1) await limits.count('safety', 'somebody')
  })
})

describe('text the database cannot hold', () => {
  test('a NUL in a query is the client’s mistake, not a failure of the server', async () => {
    const answer = await deps.asOperator('admin').get('/operator/audit?q=%00')
    expect(await codeOf(answer)).toEqual([400, 'invalid_request'])
    expect((await deps.db.execute(sql`SELECT 1`)).rows).toHaveLength(1)
  })
})

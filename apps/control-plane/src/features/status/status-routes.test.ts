import { systemStatusSchema } from '@autopack/contract/status'
import { sql } from 'drizzle-orm'
import * as z from 'zod/mini'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDeps } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'
import { createReadiness } from './readiness.ts'

let deps: TestDeps
beforeAll(async () => {
  deps = await openTestDeps({ settings: { environmentName: 'test-bench' } })
})
afterAll(() => deps.close())

const get = (path: string) => deps.app.request(`http://control-plane.test${path}`)

describe('GET /health', () => {
  test('200 when the database answers and has every migration, and not a word more', async () => {
    const answer = await get('/health')
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'ready' }])
  })

  test('503 when the database does not answer', async () => {
    const gone = await openTestDeps()
    await gone.close()
    const answer = await gone.app.request('http://control-plane.test/health')
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([503, 'not_ready'])
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  test('503 when a migration is missing', async () => {
    const old = await openTestDeps()
    try {
      await old.ownerDb.execute(sql`DELETE FROM control_plane.migration WHERE id = (SELECT max(id) FROM control_plane.migration)`)
      expect((await old.app.request('http://control-plane.test/health')).status).toBe(503)
    } finally {
      await old.close()
    }
  })

  test('asks the database once for many who ask at the same moment', async () => {
    let asked = 0
    const counting = new Proxy(deps.db, {
      get: (target, name, receiver) => {
        if (name === 'execute') asked += 1
        return Reflect.get(target, name, receiver) as unknown
      },
    })
    const isReady = createReadiness(counting, deps.log)
    expect(await Promise.all(Array.from({ length: 50 }, isReady))).toEqual(Array.from({ length: 50 }, () => true))
    expect(asked).toBe(1)
  })
})

describe('GET /livez', () => {
  test('200 even when the database is gone', async () => {
    const gone = await openTestDeps()
    await gone.close()
    expect((await gone.app.request('http://control-plane.test/livez')).status).toBe(200)
  })
})

describe('GET /operator/status', () => {
  test('200: what this deployment is, what is switched on and where its logs stand', async () => {
    const status = z.parse(systemStatusSchema, await (await deps.asOperator('viewer').get('/operator/status')).json())
    expect(status).toMatchObject({ environment: 'test-bench', demo: false, database: deps.database.kind, control: { dry_run: true } })
    expect(status.audit).toEqual({ head_seq: 0, head_hash: '0'.repeat(64), checkpoint: null, stopped: null, late: null })
  })
})

import type { Database } from '@autopack/server-kit/open-database'
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { everythingOn } from '../test/ledger-story.ts'
import { openTestDeps } from '../test/open-test-deps.ts'
import type { TestDeps } from '../test/open-test-deps.ts'
import { lockControl } from './control-rows.ts'

let deps: TestDeps
beforeAll(async () => {
  deps = await openTestDeps({ ceiling: everythingOn })
})
afterAll(() => deps.close())

describe('the lock of control', () => {
  it.each([
    ['to_read', 'ShareLock'],
    ['to_change', 'ExclusiveLock'],
  ] as const)('%s queues for a lock that nobody is passed in', async (purpose, mode) => {
    const found = await deps.db.transaction(async (tx) => {
      await lockControl(tx, purpose)
      return tx.execute(sql`SELECT mode FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted`)
    })
    expect(found.rows).toEqual([{ mode }])
  })
})

// Overlapping readers need connections of their own: only a server has them. The suite runs on both databases.
if (process.env['TEST_DATABASE_URL']) {
  it('the brake gets its turn while nine others read control, of whom one always has it', async () => {
    const until = performance.now() + 3_000
    const pool = new pg.Pool({ connectionString: deps.databaseUrl!, max: 9 })
    // Ending the pool does not wait for the server to let go, and the database is dropped by force afterwards: that breaks nobody's work.
    pool.on('connect', (client) => client.on('error', () => undefined))
    const db = drizzle({ client: pool }) as unknown as Database
    const brake = { engaged: false }
    const read = async (place: number, started: () => void): Promise<void> => {
      while (!brake.engaged && performance.now() < until) {
        await db.transaction(async (tx) => {
          await lockControl(tx)
          started()
          // As long as a claim takes, each differently, so that they never end together.
          await tx.execute(sql`SELECT pg_sleep(${0.02 + place * 0.005}::float8)`)
        })
      }
    }
    const starts = Array.from({ length: 9 }, () => Promise.withResolvers<void>())
    const reading = starts.map(({ resolve }, place) => read(place, resolve))
    try {
      await Promise.all(starts.map(({ promise }) => promise))
      const begun = performance.now()
      const answer = await deps.asOperator('approver').post('/operator/control/brake', { scope: { kind: 'all', id: '' }, reason: 'Stop.' })
      const tookMs = performance.now() - begun
      expect(answer.status).toBe(200)
      expect(tookMs).toBeLessThan(1_500)
    } finally {
      brake.engaged = true
      await Promise.all(reading)
      await pool.end()
    }
  })
}

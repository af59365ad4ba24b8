import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDeps } from '../test/open-test-deps.ts'
import type { TestDeps } from '../test/open-test-deps.ts'
import { sweepRows } from './sweep-rows.ts'

let deps: TestDeps
beforeAll(async () => {
  deps = await openTestDeps()
})
afterAll(() => deps.close())

test('a sweep removes what has served and keeps what may still be asked for', async () => {
  await deps.db.execute(sql`INSERT INTO control_plane.used_assertion (jti, expires_at) VALUES
    ('old', clock_timestamp() - interval '2 minutes'), ('live', clock_timestamp() + interval '1 minute')`)
  await deps.db.execute(sql`INSERT INTO control_plane.idempotency (principal_id, route_id, key, body_sha256, status, answer, created_at) VALUES
    ('p', 'r', 'old', 'x', 200, '{}', clock_timestamp() - interval '8 days'), ('p', 'r', 'live', 'x', 200, '{}', clock_timestamp() - interval '6 days')`)
  await deps.db.execute(sql`INSERT INTO control_plane.event (id, type, resource_kind, resource_id, version)
    SELECT id, 'run.changed', 'run', 'r', 1 FROM generate_series(1, 10003) AS id`)
  await deps.db.execute(sql`UPDATE control_plane.event_head SET last_id = 10003`)
  await sweepRows(deps.db)
  const left = async (query: ReturnType<typeof sql>) => (await deps.db.execute(query)).rows
  expect(await left(sql`SELECT jti FROM control_plane.used_assertion`)).toEqual([{ jti: 'live' }])
  expect(await left(sql`SELECT key FROM control_plane.idempotency`)).toEqual([{ key: 'live' }])
  expect(await left(sql`SELECT min(id)::int AS first, count(*)::int AS kept FROM control_plane.event`)).toEqual([{ first: 4, kept: 10_000 }])
})

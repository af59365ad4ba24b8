import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDeps } from '../test/open-test-deps.ts'
import type { TestDeps } from '../test/open-test-deps.ts'
import { findIdempotent, recordIdempotent, toRequestSha256 } from './idempotency.ts'

let deps: TestDeps
beforeAll(async () => {
  deps = await openTestDeps()
})
afterAll(() => deps.close())

const toPlace = (key: string, bodySha256 = 'a'.repeat(64)) => ({ principalId: 'exr_1', routeId: 'someRoute', key, bodySha256 })

test('the same key many times at once does the thing once and answers all the same', async () => {
  let done = 0
  const attempt = () =>
    deps.db.transaction(async (tx) => {
      const before = await findIdempotent(tx, toPlace('racing'))
      if (before) return before.answer
      done += 1
      const answer = { done }
      await recordIdempotent(tx, toPlace('racing'), answer)
      return answer
    })
  const answers = await Promise.all(Array.from({ length: 8 }, attempt))
  expect(answers).toEqual(Array.from({ length: 8 }, () => ({ done: 1 })))
})

test('the same key for something else is refused', async () => {
  await deps.db.transaction((tx) => recordIdempotent(tx, toPlace('reused'), {}))
  await expect(deps.db.transaction((tx) => findIdempotent(tx, toPlace('reused', 'b'.repeat(64))))).rejects.toMatchObject({
    code: 'idempotency_key_reused',
  })
})

test('the same body on another path, or with another query, is something else', () => {
  const bodyBytes = new TextEncoder().encode('{}')
  const hashes = ['/a', '/b', '/a?x=1'].map((target) => toRequestSha256({ c: { req: { url: `http://x.test${target}` } }, bodyBytes }))
  expect(new Set(hashes).size).toBe(3)
})

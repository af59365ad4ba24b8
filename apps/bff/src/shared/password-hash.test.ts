import { expect, test } from 'vitest'
import { createPasswordHasher } from './password-hash.ts'

test('four are checked at once and eight wait; the thirteenth is told to come back, and later there is room again', async () => {
  const passwords = await createPasswordHasher()
  const results = await Promise.allSettled(Array.from({ length: 13 }, () => passwords.verify(null, 'a guess')))
  expect(results.slice(0, 12).every((result) => result.status === 'fulfilled' && !result.value)).toBe(true)
  expect(results[12]).toMatchObject({ status: 'rejected', reason: { code: 'login_busy', extra: { retryAfterSeconds: 3 } } })
  expect(await passwords.verify(null, 'a guess')).toBe(false)
})

test('the same characters written differently are the same password', async () => {
  const passwords = await createPasswordHasher()
  const stored = await passwords.hash('a caf\u00e9 far away')
  expect(await passwords.verify(stored, 'a cafe\u0301 far away')).toBe(true)
  expect(await passwords.verify(stored, 'a cafe far away')).toBe(false)
})

import { expect, test } from 'vitest'
import { cheapPasswordCost } from '../test/start-test-bff.ts'
import { createPasswordHasher } from './password-hash.ts'

test('a hash is argon2id with 64 MiB, three passes and one lane, and an unknown name costs the same work as a known one', async () => {
  const passwords = await createPasswordHasher()
  const known = await passwords.hash('a password of somebody')
  expect(known.split('$').slice(1, 4).join('$')).toBe('argon2id$v=19$m=65536,t=3,p=1')
  const cpuOf = async (passwordHash: string | null) => {
    const before = process.cpuUsage()
    await passwords.verify(passwordHash, 'a guess at a password')
    const used = process.cpuUsage(before)
    return used.user + used.system
  }
  await cpuOf(known)
  // Skipping the work would make the ratio a hundred or more; the bound is wide because other processes share the cores.
  const ratio = (await cpuOf(known)) / (await cpuOf(null))
  expect(ratio).toBeGreaterThan(0.1)
  expect(ratio).toBeLessThan(10)
})

test('four are checked at once and eight wait; the thirteenth is told to come back, and later there is room again', async () => {
  const passwords = await createPasswordHasher()
  const results = await Promise.allSettled(Array.from({ length: 13 }, () => passwords.verify(null, 'a guess')))
  expect(results.slice(0, 12).every((result) => result.status === 'fulfilled' && !result.value)).toBe(true)
  expect(results[12]).toMatchObject({ status: 'rejected', reason: { code: 'login_busy', extra: { retryAfterSeconds: 3 } } })
  expect(await passwords.verify(null, 'a guess')).toBe(false)
})

test('the same characters written differently are the same password', async () => {
  const passwords = await createPasswordHasher(cheapPasswordCost)
  const stored = await passwords.hash('a caf\u00e9 far away')
  expect(await passwords.verify(stored, 'a cafe\u0301 far away')).toBe(true)
  expect(await passwords.verify(stored, 'a cafe far away')).toBe(false)
})

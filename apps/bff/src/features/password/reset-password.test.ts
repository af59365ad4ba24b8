import { afterAll, beforeAll, expect, test } from 'vitest'
import { outboxTable } from '../../db/bff-tables.ts'
import { codeOf } from '../../test/send-request.ts'
import { startTestBff } from '../../test/start-test-bff.ts'
import type { TestBff } from '../../test/start-test-bff.ts'
import { refusedPassword } from '../../shared/refused-password.ts'
import { resetPassword } from './reset-password.ts'

let bff: TestBff
beforeAll(async () => {
  bff = await startTestBff()
})
afterAll(() => bff.close())
const reset = (name: string) => resetPassword(bff.deps.db, bff.deps.passwords, name, bff.deps.now())

test('beside the running server, the old password and every session end, the new one works, and it is one a person may have', async () => {
  const person = await bff.addPerson('Ada Lovelace', 'admin')
  const other = await bff.addPerson('Bob', 'viewer')
  const cookies = [await bff.signIn(person), await bff.signIn(person)]
  const bobs = await bff.signIn(other)
  const done = await reset(' ada lovelace')
  expect(done).toMatchObject({ name: 'Ada Lovelace', endedSessions: 2 })
  expect(refusedPassword(done!.password, done!.name, null)).toBeNull()
  for (const cookie of cookies) expect((await bff.get('/api/auth/me', cookie)).status).toBe(401)
  expect((await bff.get('/api/auth/me', bobs)).status).toBe(200)
  expect(codeOf(await bff.post('/api/auth/login', { name: person.name, password: person.password }))).toBe('wrong_credentials')
  await bff.signIn({ ...person, password: done!.password })
})

test('somebody who was locked out by failed attempts gets in with the new password', async () => {
  const person = await bff.addPerson('Locked', 'viewer')
  for (let count = 0; count < 11; count += 1) await bff.post('/api/auth/login', { name: 'locked', password: 'a wrong password here' })
  expect(codeOf(await bff.post('/api/auth/login', { name: 'locked', password: person.password }))).toBe('too_many_attempts')
  const { password } = (await reset('Locked'))!
  await bff.signIn({ ...person, password })
})

test('goes to the audit log without the password', async () => {
  await bff.addPerson('Noted', 'viewer')
  const { password } = (await reset('Noted'))!
  const events = (await bff.deps.db.select().from(outboxTable)).map((row) => row.event as Record<string, unknown>)
  expect(events.filter(({ kind }) => kind === 'password_reset')).toContainEqual(
    expect.objectContaining({ name: 'Noted', detail: 'by the command on the server; 0 sessions ended' }),
  )
  expect(JSON.stringify(events)).not.toContain(password)
})

test('a name that nobody has changes nothing', async () => {
  expect(await reset('nobody')).toBeNull()
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { codeOf } from '../../test/send-request.ts'
import { answerJson } from '../../test/start-test-upstream.ts'
import { startTestBff } from '../../test/start-test-bff.ts'
import type { TestBff } from '../../test/start-test-bff.ts'
import { findSession } from '../../shared/current-session.ts'
import { changePassword } from './change-password.ts'

const passkey = { credential_id: 'a-key', name: 'laptop', created_at: '2026-11-22T12:00:00.000Z', last_used_at: null, backed_up: false }

let bff: TestBff
beforeAll(async () => {
  bff = await startTestBff()
})
afterAll(() => bff.close())

describe('changing the password', () => {
  test('ends every other session, gives this one a new id, and only the new password works', async () => {
    const person = await bff.addPerson('Ada', 'approver')
    const here = await bff.signIn(person)
    const there = await bff.signIn(person)
    const changed = { ...person, password: 'velvet tractor under nine moons' }
    const answer = await bff.post('/api/auth/password', { current_password: person.password, new_password: changed.password }, here)
    expect(answer.status, answer.text).toBe(200)
    const next = answer.headers['set-cookie']![0]!.split(';')[0]!
    expect((await bff.get('/api/auth/me', next)).status).toBe(200)
    expect((await bff.get('/api/auth/me', here)).status).toBe(401)
    expect((await bff.get('/api/auth/me', there)).status).toBe(401)
    expect(codeOf(await bff.post('/api/auth/login', { name: 'Ada', password: person.password }))).toBe('wrong_credentials')
    await bff.signIn(changed)
  })

  test('does not prolong the session', async () => {
    const person = await bff.addPerson('Long', 'viewer')
    const cookie = await bff.signIn(person)
    bff.advance(20 * 60_000)
    const body = { current_password: person.password, new_password: 'velvet tractor under ten moons' }
    const answer = await bff.post('/api/auth/password', body, cookie)
    const session = JSON.parse(answer.text) as { signed_in_at: string; expires_at: string }
    expect(Date.parse(session.expires_at) - Date.parse(session.signed_in_at)).toBe(12 * 3_600_000)
    expect(answer.headers['set-cookie']![0]).toMatch(/Max-Age=4[12]\d{3};/)
  })

  test('needs the current password, and guesses at it run out without locking the sign-in', async () => {
    const person = await bff.addPerson('Guess', 'viewer')
    const cookie = await bff.signIn(person)
    const guess = (current_password: string) =>
      bff.post('/api/auth/password', { current_password, new_password: 'velvet tractor under six moons' }, cookie)
    for (let count = 0; count < 10; count += 1) expect(codeOf(await guess('not my password'))).toBe('wrong_credentials')
    expect(codeOf(await guess(person.password))).toBe('too_many_attempts')
    await bff.signIn(person)
  })

  test('refuses a weak one and keeps the old', async () => {
    const person = await bff.addPerson('Weak', 'viewer')
    const cookie = await bff.signIn(person)
    expect(codeOf(await bff.post('/api/auth/password', { current_password: person.password, new_password: 'short' }, cookie))).toBe('weak_password')
    expect((await bff.get('/api/auth/me', cookie)).status).toBe(200)
    await bff.signIn(person)
  })

  test('makes no new session for one that was ended while the passwords were hashed, and keeps the old password', async () => {
    const person = await bff.addPerson('Gone', 'viewer')
    const cookie = await bff.signIn(person)
    const session = await findSession(bff.deps, cookie)
    await bff.post('/api/auth/logout', {}, cookie)
    const change = { current_password: person.password, new_password: 'another quiet gravel road' }
    await expect(changePassword(bff.deps, session!, change)).rejects.toMatchObject({ code: 'not_signed_in' })
    await bff.signIn(person)
  })

  test('takes no short password, whoever has a passkey: the password alone still signs in', async () => {
    const person = await bff.addPerson('Key', 'approver')
    bff.upstream.answers.set(
      '/operator/passkeys',
      answerJson(200, { items: [passkey], may_enrol_until: null, last_reset: null, control_step_up: 'preferred', now: passkey.created_at }),
    )
    const change = { current_password: person.password, new_password: 'nimble seven v' }
    expect(codeOf(await bff.post('/api/auth/password', change, await bff.signIn(person)))).toBe('weak_password')
    bff.upstream.answers.clear()
    await bff.signIn(person)
  })

  test('counts as showing who one is', async () => {
    const person = await bff.addPerson('Shown', 'viewer')
    const cookie = await bff.signIn(person)
    bff.advance(5 * 60_000)
    const body = { current_password: person.password, new_password: 'velvet tractor under four moons' }
    const session = JSON.parse((await bff.post('/api/auth/password', body, cookie)).text) as { signed_in_at: string; authenticated_at: string }
    expect(Date.parse(session.authenticated_at) - Date.parse(session.signed_in_at)).toBeGreaterThanOrEqual(5 * 60_000)
  })

  test('needs a session', async () => {
    expect((await bff.post('/api/auth/password', { current_password: 'a', new_password: 'b' })).status).toBe(401)
  })
})

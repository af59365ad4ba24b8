import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { outboxTable } from '../../db/bff-tables.ts'
import { findSession } from '../../shared/current-session.ts'
import { codeOf } from '../../test/send-request.ts'
import { startTestBff } from '../../test/start-test-bff.ts'
import type { Person, TestBff } from '../../test/start-test-bff.ts'
import { stepUp } from './step-up.ts'

let bff: TestBff
beforeAll(async () => {
  bff = await startTestBff()
})
afterAll(() => bff.close())

const again = (person: Person, cookie: string, password = person.password) => bff.post('/api/auth/step-up', { password }, cookie)
const cookieOf = (sent: Awaited<ReturnType<typeof again>>) => sent.headers['set-cookie']![0]!.split(';')[0]!

describe('showing again who is signed in', () => {
  test('gives the session another id, and the old one is over', async () => {
    const person = await bff.addPerson('Ada', 'approver')
    const cookie = await bff.signIn(person)
    const answer = await again(person, cookie)
    expect(answer.status, answer.text).toBe(200)
    expect((await bff.get('/api/auth/me', cookie)).status).toBe(401)
    expect((await bff.get('/api/auth/me', cookieOf(answer))).status).toBe(200)
  })

  test('moves the moment that the control plane hears, and neither when they signed in nor when it ends', async () => {
    const person = await bff.addPerson('Ben', 'approver')
    const cookie = await bff.signIn(person)
    const before = JSON.parse((await bff.get('/api/auth/me', cookie)).text) as { signed_in_at: string; authenticated_at: string; expires_at: string }
    bff.advance(10 * 60_000)
    const answer = await again(person, cookie)
    const after = JSON.parse(answer.text) as typeof before & { methods: string[] }
    expect([after.signed_in_at, after.expires_at, after.methods]).toEqual([before.signed_in_at, before.expires_at, ['pwd']])
    expect(Date.parse(after.authenticated_at) - Date.parse(before.authenticated_at)).toBeGreaterThanOrEqual(10 * 60_000)
    await bff.get('/api/operators/me', cookieOf(answer))
    const { claims } = bff.upstream.received.at(-1)!
    expect(claims?.['auth_time']).toBe(Math.floor(Date.parse(after.authenticated_at) / 1_000))
  })

  test('takes the role that the control plane says now', async () => {
    const person = await bff.addPerson('Cyd', 'viewer')
    const cookie = await bff.signIn(person)
    bff.upstream.operators.set(person.operator_id, { name: 'Cyd', role: 'admin', enabled: true })
    const session = JSON.parse((await again(person, cookie)).text) as { operator: { role: string }; idle_expires_at: string; now: string }
    expect(session.operator.role).toBe('admin')
    expect(Date.parse(session.idle_expires_at) - Date.parse(session.now)).toBe(15 * 60_000)
  })

  test('lets live views of other tabs go on under the new id', async () => {
    const person = await bff.addPerson('Tab', 'viewer')
    const cookie = await bff.signIn(person)
    const row = await findSession(bff.deps, cookie)
    const ends: string[] = []
    const remove = bff.deps.streams.add({ sidSha256: row!.sid_sha256, operatorId: person.operator_id, end: (reason) => ends.push(reason) })
    const next = cookieOf(await again(person, cookie))
    const moved = await findSession(bff.deps, next)
    expect([ends, bff.deps.streams.sessionIds()]).toEqual([[], [moved!.sid_sha256]])
    await bff.post('/api/auth/logout', {}, next)
    expect(ends).toEqual(['signed_out'])
    remove()
  })

  test('is in the outbox', async () => {
    const person = await bff.addPerson('Out', 'viewer')
    await again(person, await bff.signIn(person))
    const events = (await bff.deps.db.select().from(outboxTable)).map((row) => row.event as { kind: string; name: string; detail: string })
    expect(events).toContainEqual(expect.objectContaining({ kind: 'stepped_up', name: 'Out', detail: 'with the password' }))
  })

  test('needs the right password; guesses run out, and the sign-in is not locked by them', async () => {
    const person = await bff.addPerson('Guess', 'viewer')
    const cookie = await bff.signIn(person)
    for (let count = 0; count < 10; count += 1) expect(codeOf(await again(person, cookie, 'not my password'))).toBe('wrong_credentials')
    expect(codeOf(await again(person, cookie))).toBe('too_many_attempts')
    expect((await bff.get('/api/auth/me', cookie)).status).toBe(200)
    await bff.signIn(person)
  })

  test('of somebody who was disabled meanwhile ends the session', async () => {
    const person = await bff.addPerson('Off', 'viewer')
    const cookie = await bff.signIn(person)
    bff.upstream.operators.set(person.operator_id, { name: 'Off', role: 'viewer', enabled: false })
    expect(codeOf(await again(person, cookie))).toBe('not_signed_in')
    expect((await bff.get('/api/auth/me', cookie)).status).toBe(401)
  })

  test('makes no new session for one that was ended meanwhile', async () => {
    const person = await bff.addPerson('Gone', 'viewer')
    const cookie = await bff.signIn(person)
    const session = (await findSession(bff.deps, cookie))!
    await bff.post('/api/auth/logout', {}, cookie)
    const subject = { operatorId: session.operator_id, sidSha256: session.sid_sha256, amr: session.amr, authTime: session.auth_time }
    const passage = { subject, requestId: 'test', headers: {}, signal: AbortSignal.timeout(5_000) }
    await expect(stepUp(bff.deps, session, person.password, passage)).rejects.toMatchObject({ code: 'not_signed_in' })
  })

  test('needs a session', async () => {
    expect((await bff.post('/api/auth/step-up', { password: 'a' })).status).toBe(401)
  })
})

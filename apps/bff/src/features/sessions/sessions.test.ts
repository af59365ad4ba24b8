import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { outboxTable } from '../../db/bff-tables.ts'
import { codeOf } from '../../test/send-request.ts'
import { startTestBff } from '../../test/start-test-bff.ts'
import type { TestBff } from '../../test/start-test-bff.ts'

let bff: TestBff
beforeAll(async () => {
  bff = await startTestBff()
})
afterAll(() => bff.close())

const minutes = (count: number) => count * 60_000

describe('a session', () => {
  test('of a viewer goes idle after thirty minutes without input, of an approver after fifteen', async () => {
    const viewer = await bff.signIn(await bff.addPerson('Vic', 'viewer'))
    const approver = await bff.signIn(await bff.addPerson('Ada', 'approver'))
    bff.advance(minutes(14))
    expect((await bff.get('/api/auth/me', approver)).status).toBe(200)
    bff.advance(minutes(2))
    expect(codeOf(await bff.get('/api/auth/me', approver))).toBe('not_signed_in')
    expect((await bff.get('/api/auth/me', viewer)).status).toBe(200)
    bff.advance(minutes(15))
    expect(codeOf(await bff.get('/api/auth/me', viewer))).toBe('not_signed_in')
  })

  test('is kept by real input and not by polling', async () => {
    const cookie = await bff.signIn(await bff.addPerson('Eve', 'admin'))
    for (let count = 0; count < 3; count += 1) {
      bff.advance(minutes(10))
      expect((await bff.post('/api/auth/activity', {}, cookie)).status).toBe(200)
    }
    bff.advance(minutes(14))
    expect((await bff.get('/api/auth/me', cookie)).status).toBe(200)
    bff.advance(minutes(2))
    expect((await bff.get('/api/auth/me', cookie)).status).toBe(401)
  })

  test('records activity at most once a minute', async () => {
    const cookie = await bff.signIn(await bff.addPerson('Max', 'viewer'))
    const idleAt = async () => (JSON.parse((await bff.post('/api/auth/activity', {}, cookie)).text) as { idle_expires_at: string }).idle_expires_at
    const first = await idleAt()
    bff.advance(50_000)
    expect(await idleAt()).toBe(first)
    bff.advance(20_000)
    expect(Date.parse(await idleAt())).toBeGreaterThan(Date.parse(first))
  })

  test('ends after twelve hours whatever happens', async () => {
    const cookie = await bff.signIn(await bff.addPerson('Busy', 'viewer'))
    for (let count = 0; count < 35; count += 1) {
      bff.advance(minutes(20))
      expect((await bff.post('/api/auth/activity', {}, cookie)).status).toBe(200)
    }
    bff.advance(minutes(21))
    expect((await bff.post('/api/auth/activity', {}, cookie)).status).toBe(401)
  })

  test('is over after signing out, for a copy of its cookie too, and the cookie is taken away', async () => {
    const cookie = await bff.signIn(await bff.addPerson('Out', 'viewer'))
    const answer = await bff.post('/api/auth/logout', {}, cookie)
    expect(answer.status).toBe(204)
    expect(answer.headers['set-cookie']?.[0]).toMatch(/^session=; Path=\/; Max-Age=0;/)
    expect((await bff.get('/api/auth/me', cookie)).status).toBe(401)
    expect((await bff.post('/api/auth/logout', {}, cookie)).status).toBe(204)
    const kinds = (await bff.deps.db.select().from(outboxTable)).map((row) => row.event as { kind: string; name: string })
    expect(kinds.filter((event) => event.kind === 'signed_out' && event.name === 'Out').length).toBe(1)
  })

  test('is not found by two cookies at once, so one planted beside it wins nothing', async () => {
    const cookie = await bff.signIn(await bff.addPerson('Two', 'viewer'))
    const session = /session=[^;]+/.exec(cookie)![0]
    expect((await bff.get('/api/auth/me', session)).status).toBe(200)
    expect((await bff.get('/api/auth/me', `session=planted; ${session}`)).status).toBe(401)
  })
})

describe('the list of sessions', () => {
  test('shows the own ones only, and one of them can be ended', async () => {
    const person = await bff.addPerson('Liz', 'viewer')
    const here = await bff.signIn(person)
    const there = await bff.signIn(person)
    const other = await bff.signIn(await bff.addPerson('Other', 'admin'))
    const { items } = JSON.parse((await bff.get('/api/auth/sessions', here)).text) as {
      items: { session_id: string; current: boolean; address: string }[]
    }
    expect(items.map((item) => item.current).toSorted()).toEqual([false, true])
    expect(items[0]?.address).toBe('127.0.0.1')
    const { session_id } = items.find((item) => !item.current)!
    expect((await bff.post(`/api/auth/sessions/${session_id}/revoke`, {}, other)).status).toBe(404)
    expect((await bff.post(`/api/auth/sessions/${session_id}/revoke`, {}, here)).status).toBe(204)
    expect((await bff.get('/api/auth/me', there)).status).toBe(401)
    expect((await bff.get('/api/auth/me', here)).status).toBe(200)
  })
})

describe('over https', () => {
  test('the cookie has the __Host- prefix and Secure, and HSTS is set', async () => {
    const secure = await startTestBff({ origin: 'https://console.example.org' })
    try {
      const person = await secure.addPerson('Ada', 'viewer')
      const answer = await secure.post('/api/auth/login', { name: 'Ada', password: person.password })
      for (const cookie of answer.headers['set-cookie'] ?? [])
        expect(cookie).toMatch(/^__Host-(session|device)=.*; Path=\/; .*HttpOnly; SameSite=Strict; Secure$/)
      expect(answer.headers['strict-transport-security']).toBe('max-age=63072000; includeSubDomains')
      const plain = (answer.headers['set-cookie'] ?? [])[0]!.replace('__Host-', '').split(';')[0]
      expect((await secure.get('/api/auth/me', plain)).status).toBe(401)
    } finally {
      await secure.close()
    }
  })
})

describe('bad input to the own routes', () => {
  test('is a problem with a code, never a 5xx', async () => {
    const cookie = await bff.signIn(await bff.addPerson('Bad', 'viewer'))
    const raw = (path: string, body: string, headers: Record<string, string> = {}) =>
      bff.send({ method: 'POST', path, body, headers: { origin: bff.origin, 'x-csrf': '1', 'content-type': 'application/json', cookie, ...headers } })
    expect(codeOf(await raw('/api/auth/login', '{'))).toBe('malformed_json')
    expect(codeOf(await raw('/api/auth/login', '[]'))).toBe('invalid_request')
    expect(codeOf(await raw('/api/auth/login', '{"name":1,"password":null}'))).toBe('invalid_request')
    expect(codeOf(await raw('/api/auth/login', JSON.stringify({ name: 'a', password: 'b', extra: 1 })))).toBe('invalid_request')
    expect(codeOf(await raw('/api/auth/login', JSON.stringify({ name: 'a', password: 'b'.repeat(5_000) })))).toBe('body_too_large')
    expect(codeOf(await raw('/api/auth/login?x=1', JSON.stringify({ name: 'a', password: 'b' })))).toBe('invalid_request')
    expect(codeOf(await raw('/api/auth/me', '{}'))).toBe('method_not_allowed')
    expect(codeOf(await raw('/api/auth/sessions/zz/revoke', '{}'))).toBe('invalid_request')
    expect(codeOf(await raw('/api/auth/login', '{}', { 'content-type': 'text/plain' }))).toBe('unsupported_media_type')
    expect(codeOf(await raw('/api/auth/login', '{}', { origin: 'https://evil.example' }))).toBe('forged_request')
    for (const token of ['x', 'a.b.c', `${'e'.repeat(3_000)}`, 'eyJhbGciOiJub25lIn0.e30.']) {
      expect((await bff.get('/api/auth/me', `session=${token}`)).status).toBe(401)
    }
  })
})

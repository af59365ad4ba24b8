import { like } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { outboxTable, throttleTable } from '../../db/bff-tables.ts'
import { codeOf } from '../../test/send-request.ts'
import { startTestBff } from '../../test/start-test-bff.ts'
import type { Person, TestBff } from '../../test/start-test-bff.ts'
import { answerJson, problem } from '../../test/start-test-upstream.ts'

let bff: TestBff
let ada: Person

beforeAll(async () => {
  bff = await startTestBff()
  ada = await bff.addPerson('Ada', 'approver')
})
afterAll(() => bff.close())

describe('signing in', () => {
  test('answers who it is and sets a session cookie that scripts and other sites cannot use', async () => {
    const answer = await bff.post('/api/auth/login', { name: 'ada', password: ada.password })
    expect(answer.status).toBe(200)
    const session = JSON.parse(answer.text)
    expect(session.operator).toEqual({ operator_id: ada.operator_id, name: 'Ada', role: 'approver' })
    expect(Date.parse(session.idle_expires_at) - Date.parse(session.now)).toBe(15 * 60_000)
    expect(Date.parse(session.expires_at) - Date.parse(session.now)).toBe(12 * 3_600_000)
    const cookie = answer.headers['set-cookie']?.find((each) => each.startsWith('session='))
    expect(cookie).toMatch(/; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/)
    expect(answer.text).not.toContain(cookie!.split(';')[0]!.slice('session='.length))
  })

  test('stores the hash of the session id and never the id', async () => {
    const cookie = await bff.signIn(ada)
    const token = /session=([^;]+)/.exec(cookie)![1]!
    const { sid } = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { sid: string }
    const rows = await bff.deps.db.execute('SELECT * FROM bff.session')
    expect(JSON.stringify(rows.rows)).not.toContain(sid)
    expect(rows.rows.length).toBeGreaterThan(0)
  })

  test('gives a new session id each time and ends the one the browser had', async () => {
    const first = await bff.signIn(ada)
    const second = await bff.signIn(ada, first)
    expect((await bff.get('/api/auth/me', first)).status).toBe(401)
    expect((await bff.get('/api/auth/me', second)).status).toBe(200)
  })

  test('ends the oldest session when a sixth begins', async () => {
    const person = await bff.addPerson('Six', 'viewer')
    const cookies: string[] = []
    for (let count = 0; count < 6; count += 1) {
      bff.advance(1_000)
      cookies.push(await bff.signIn(person))
    }
    expect((await bff.get('/api/auth/me', cookies[0])).status).toBe(401)
    for (const cookie of cookies.slice(1)) expect((await bff.get('/api/auth/me', cookie)).status).toBe(200)
  })

  test('puts sign-ins and refused sign-ins into the outbox without any password', async () => {
    await bff.post('/api/auth/login', { name: 'ada', password: 'not the password at all' })
    const rows = await bff.deps.db.select().from(outboxTable)
    const kinds = rows.map((row) => (row.event as { kind: string }).kind)
    expect(kinds).toContain('signed_in')
    expect(kinds).toContain('sign_in_refused')
    expect(JSON.stringify(rows)).not.toContain('not the password at all')
  })
})

describe('refused sign-ins', () => {
  test('answer the same for an unknown name, a wrong password and a disabled operator', async () => {
    const off = await bff.addPerson('Off', 'viewer', false)
    const answers = await Promise.all([
      bff.post('/api/auth/login', { name: 'nobody-at-all', password: 'some password or other' }),
      bff.post('/api/auth/login', { name: 'Ada', password: 'some password or other' }),
      bff.post('/api/auth/login', { name: off.name, password: off.password }),
    ])
    const shown = answers.map((answer) => ({
      ...JSON.parse(answer.text),
      request_id: '',
      status: answer.status,
      cookies: answer.headers['set-cookie'],
    }))
    expect(shown[0]).toMatchObject({ code: 'wrong_credentials', status: 401, cookies: undefined })
    expect(shown[1]).toEqual(shown[0])
    expect(shown[2]).toEqual(shown[0])
  })

  test('a name with NUL, a lone surrogate or 100 odd characters is a wrong name, not an error', async () => {
    for (const name of ['a\u0000b', '\ud800', '😀'.repeat(50)]) {
      const answer = await bff.post('/api/auth/login', { name, password: 'whatever it may be' })
      expect(codeOf(answer)).toBe('wrong_credentials')
    }
  })

  test('say that the control plane is away instead of signing in without it, and the person keeps their attempts', async () => {
    const person = await bff.addPerson('Away', 'viewer')
    bff.upstream.answers.set('/operator/operators/me', answerJson(403, problem('key_refused', 403)))
    for (let count = 0; count < 12; count += 1) {
      const answer = await bff.post('/api/auth/login', { name: 'Away', password: person.password })
      expect(codeOf(answer)).toBe('control_plane_refused_console')
    }
    bff.upstream.answers.delete('/operator/operators/me')
    await bff.signIn(person)
  })
})

describe('throttling', () => {
  test('locks a name after ten failures, even for the right password, and says when to come back', async () => {
    const person = await bff.addPerson('Locked', 'viewer')
    for (let count = 0; count < 10; count += 1) {
      expect(codeOf(await bff.post('/api/auth/login', { name: 'LOCKED', password: 'a wrong password here' }))).toBe('wrong_credentials')
    }
    const answer = await bff.post('/api/auth/login', { name: 'Locked', password: person.password })
    expect(codeOf(answer)).toBe('too_many_attempts')
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(800)
  })

  test('locks twice as long the next time', async () => {
    await bff.addPerson('Again', 'viewer')
    const guess = () => bff.post('/api/auth/login', { name: 'again', password: 'a wrong password here' })
    const fill = async () => {
      for (let count = 0; count < 10; count += 1) expect(codeOf(await guess())).toBe('wrong_credentials')
      return Number((await guess()).headers['retry-after'])
    }
    expect(await fill()).toBe(15 * 60)
    await bff.deps.db
      .update(throttleTable)
      .set({ expire: new Date(Date.now() - 1_000) })
      .where(like(throttleTable.key, 'person:%'))
    expect(await fill()).toBe(30 * 60)
    await bff.deps.db.delete(throttleTable)
  })

  test('does not lock out the real person on a browser where they signed in before', async () => {
    const person = await bff.addPerson('Target', 'viewer')
    const home = await bff.signIn(person)
    for (let count = 0; count < 11; count += 1) await bff.post('/api/auth/login', { name: 'target', password: 'a wrong password here' })
    expect(codeOf(await bff.post('/api/auth/login', { name: 'target', password: person.password }))).toBe('too_many_attempts')
    expect((await bff.post('/api/auth/login', { name: 'target', password: person.password }, home)).status).toBe(200)
  })

  test('gives no bucket to a device of somebody else', async () => {
    const mallory = await bff.addPerson('Mallory', 'viewer')
    const cookie = await bff.signIn(mallory)
    expect(codeOf(await bff.post('/api/auth/login', { name: 'target', password: 'a wrong password here' }, cookie))).toBe('too_many_attempts')
  })

  test('a device that guesses is locked by itself', async () => {
    const person = await bff.addPerson('Guessed', 'viewer')
    const home = await bff.signIn(person)
    for (let count = 0; count < 10; count += 1) await bff.post('/api/auth/login', { name: 'guessed', password: 'a wrong password here' }, home)
    expect(codeOf(await bff.post('/api/auth/login', { name: 'guessed', password: person.password }, home))).toBe('too_many_attempts')
  })

  test('guesses sent at the same moment do not slip under the limit', async () => {
    await bff.addPerson('Burst', 'viewer')
    const answers: string[] = []
    for (let round = 0; round < 3; round += 1) {
      const burst = Array.from({ length: 10 }, () => bff.post('/api/auth/login', { name: 'burst', password: 'a wrong password here' }))
      answers.push(...(await Promise.all(burst)).map(codeOf))
    }
    expect(answers.filter((code) => code === 'wrong_credentials').length).toBe(10)
    expect(new Set(answers)).toEqual(new Set(['wrong_credentials', 'too_many_attempts']))
  })

  test('forgets nothing at a restart, because it is in the database', async () => {
    const { createThrottle } = await import('../../shared/throttle.ts')
    const restarted = createThrottle(bff.deps.db)
    await expect(restarted.take([{ kind: 'person', key: 'name burst', progressive: true }])).rejects.toMatchObject({ code: 'too_many_attempts' })
  })
})

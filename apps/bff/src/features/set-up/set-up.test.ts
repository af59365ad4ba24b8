import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { outboxTable, sessionTable, signInTable, throttleTable } from '../../db/bff-tables.ts'
import { createSignIn } from '../../shared/sign-in-rows.ts'
import { codeOf } from '../../test/send-request.ts'
import type { Sent } from '../../test/send-request.ts'
import { startTestBff } from '../../test/start-test-bff.ts'
import type { TestBff } from '../../test/start-test-bff.ts'
import { answerJson, problem } from '../../test/start-test-upstream.ts'

const token = `aps_${'5d'.repeat(32)}_00000000`
const password = 'velvet tractor under nine moons'
let bff: TestBff
let operatorId: string

beforeAll(async () => {
  bff = await startTestBff()
})
afterAll(() => bff.close())
/** As on an empty database, with a control plane that takes the token. */
beforeEach(async () => {
  for (const table of [sessionTable, outboxTable, signInTable, throttleTable]) await bff.deps.db.delete(table)
  operatorId = `op_${randomUUID()}`
  bff.upstream.received.length = 0
  bff.upstream.operators.set(operatorId, { name: 'Ada', role: 'admin', enabled: true })
  bff.upstream.answers.set('/operator/setup', answerJson(200, { operator_id: operatorId, name: 'Ada', role: 'admin', enabled: true }))
})

const setUp = (body: Record<string, string> = {}) => bff.post('/api/auth/setup', { token, name: 'Ada', password, ...body })
const cookieOf = (answer: Sent) => answer.headers['set-cookie']!.map((each) => each.split(';')[0]).join('; ')
const askedUpstream = () => bff.upstream.received.filter(({ target }) => target === '/operator/setup')
const listEvents = async () => (await bff.deps.db.select().from(outboxTable)).map((row) => row.event as Record<string, unknown>)
const refuseUpstream = (code: string, status: number) => bff.upstream.answers.set('/operator/setup', answerJson(status, problem(code, status)))

describe('setting up', () => {
  test('signs the first admin in with the cookies of any sign-in, and the password works from then on', async () => {
    const answer = await setUp()
    expect(answer.status, answer.text).toBe(200)
    expect(JSON.parse(answer.text).operator).toEqual({ operator_id: operatorId, name: 'Ada', role: 'admin' })
    expect(answer.headers['set-cookie']![0]).toMatch(/^session=[^;]+; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/)
    expect((await bff.get('/api/auth/me', cookieOf(answer))).status).toBe(200)
    expect((await bff.post('/api/auth/login', { name: 'ada', password })).status).toBe(200)
    expect(JSON.parse(askedUpstream()[0]!.body)).toEqual({ token, name: 'Ada' })
    expect(askedUpstream()[0]!.claims).toMatchObject({ sub: 'console' })
  })

  test('is a sign-in in the audit log, and nowhere is the token or the password kept or logged', async () => {
    await setUp()
    expect(await listEvents()).toMatchObject([
      { kind: 'signed_in', operator_id: operatorId, name: 'Ada', detail: expect.stringContaining('set-up link') },
    ])
    const kept = JSON.stringify([await listEvents(), await bff.deps.db.select().from(signInTable), await bff.deps.db.select().from(sessionTable)])
    for (const secret of [token, password]) expect(kept + bff.logged()).not.toContain(secret)
    expect((await bff.deps.db.select().from(signInTable))[0]!.password_hash).toMatch(/^\$argon2id\$/)
  })

  test('that was cut off after the control plane had made the operator is finished by the same link', async () => {
    const { passwords } = bff.deps
    bff.deps.passwords = { ...passwords, hash: () => Promise.reject(new Error('cut off')) }
    expect((await setUp()).status).toBe(500)
    bff.deps.passwords = passwords
    expect((await setUp()).status).toBe(200)
  })
})

describe('a refused set-up', () => {
  test.each(['short', 'passwordpassword', 'adaadaadaadaada!'])(
    'with the password %s asks the control plane nothing, so nothing is begun',
    async (weak) => {
      const answer = await setUp({ password: weak })
      expect([answer.status, codeOf(answer)]).toEqual([400, 'weak_password'])
      expect(askedUpstream()).toEqual([])
      expect((await setUp()).status).toBe(200)
    },
  )

  test('passes the words of the control plane on, is in the audit log with its address, and makes nobody', async () => {
    refuseUpstream('setup_link_refused', 403)
    expect(codeOf(await setUp())).toBe('setup_link_refused')
    expect(await listEvents()).toMatchObject([
      { kind: 'sign_in_refused', code: 'setup_link_refused', operator_id: null, name: 'Ada', detail: 'set-up refused, from 127.0.0.1' },
    ])
    expect(await bff.deps.db.select().from(signInTable)).toEqual([])
  })

  test('is paid for by the address: guessing at links runs out', async () => {
    refuseUpstream('setup_link_refused', 403)
    for (let count = 0; count < 50; count += 1) expect(codeOf(await setUp())).toBe('setup_link_refused')
    const asked = askedUpstream().length
    const answer = await setUp()
    expect([answer.status, codeOf(answer)]).toEqual([429, 'too_many_attempts'])
    expect(askedUpstream()).toHaveLength(asked)
  })

  test('for a weak password or a control plane that is away costs nothing', async () => {
    for (let count = 0; count < 30; count += 1) await setUp({ password: 'short' })
    refuseUpstream('db_unavailable', 503)
    for (let count = 0; count < 30; count += 1) await setUp()
    bff.upstream.answers.set('/operator/setup', answerJson(200, { operator_id: operatorId, name: 'Ada', role: 'admin', enabled: true }))
    expect((await setUp()).status).toBe(200)
  })

  test('of the second browser leaves the password of the first as it is, even at the same moment', async () => {
    const answers = await Promise.all([setUp(), setUp({ password: 'another quiet gravel road' })])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409])
    expect(answers.filter(({ status }) => status === 409).map(codeOf)).toEqual(['setup_closed'])
    const first = answers[0]!.status === 200 ? password : 'another quiet gravel road'
    expect((await bff.post('/api/auth/login', { name: 'Ada', password: first })).status).toBe(200)
    expect(await bff.deps.db.select().from(signInTable)).toHaveLength(1)
  })

  test('says what to do when the database of the console is that of another control plane', async () => {
    const other = { operator_id: `op_${randomUUID()}`, name: 'ada', name_folded: 'ada', password_hash: await bff.deps.passwords.hash(password) }
    await createSignIn(bff.deps.db, { ...other, generated: false, changed_at: bff.deps.now() })
    const answer = await setUp()
    expect([answer.status, codeOf(answer)]).toEqual([409, 'name_taken'])
    expect(answer.text).toContain('BFF_DATABASE_URL')
  })
})

describe('whether it is needed', () => {
  const isNeeded = async () => (JSON.parse((await bff.get('/api/auth/setup')).text) as { needed: boolean }).needed

  test('anybody may ask, the control plane is asked at most every two seconds, and never again once somebody is known', async () => {
    bff.advance(10_000)
    bff.upstream.answers.set('/operator/setup', answerJson(200, { needed: true }))
    expect(await Promise.all([isNeeded(), isNeeded(), isNeeded()])).toEqual([true, true, true])
    expect(askedUpstream()).toHaveLength(1)
    bff.advance(2_001)
    expect(await isNeeded()).toBe(true)
    expect(askedUpstream()).toHaveLength(2)
    bff.advance(2_001)
    await bff.addPerson('Somebody', 'viewer')
    expect(await isNeeded()).toBe(false)
    expect(askedUpstream()).toHaveLength(2)
  })
})

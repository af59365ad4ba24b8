import { createSignInChallenge, verifyPasskeySignIn } from '@autopack/contract/passkeys'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { outboxTable, signInTable, throttleTable } from '../../db/bff-tables.ts'
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
beforeEach(async () => {
  await bff.deps.db.delete(throttleTable)
  bff.upstream.answers.clear()
})

const nonce = 'n'.repeat(43)
const signed = { nonce, assertion: { credential_id: 'a-key-of-somebody-0001', authenticator_data: 'AA', client_data: 'AA', signature: 'AA' } }
const answers = (status: number, body: unknown) => bff.upstream.answers.set(verifyPasskeySignIn.path, answerJson(status, body))
const says = (person: Person, enabled = true) => answers(200, { operator_id: person.operator_id, name: person.name, role: 'approver', enabled })
const signIn = (cookie?: string) => bff.post('/api/auth/passkey/login', signed, cookie)
const cookieOf = (sent: Awaited<ReturnType<typeof signIn>>) => (sent.headers['set-cookie'] ?? []).map((each) => each.split(';')[0]).join('; ')
const claimsOf = (cookie: string) =>
  JSON.parse(Buffer.from(/session=[^.]+\.([^.]+)/.exec(cookie)![1]!, 'base64url').toString()) as { sub: string; amr: string[] }

describe('signing in with a passkey', () => {
  test('takes the person that the control plane names, and the session says that it was a passkey', async () => {
    says(ada)
    const answer = await signIn()
    expect(answer.status, answer.text).toBe(200)
    expect(JSON.parse(answer.text)).toMatchObject({ operator: { operator_id: ada.operator_id, name: 'Ada', role: 'approver' }, methods: ['hwk'] })
    const cookie = cookieOf(answer)
    expect(claimsOf(cookie)).toMatchObject({ sub: ada.operator_id, amr: ['hwk'] })
    expect((await bff.get('/api/auth/me', cookie)).status).toBe(200)
    await bff.get('/api/operators/me', cookie)
    expect(bff.upstream.received.at(-1)?.claims).toMatchObject({ sub: ada.operator_id, amr: ['hwk'] })
  })

  test('sends on what was signed, in the name of the console and of nobody else', async () => {
    says(ada)
    await signIn()
    const received = bff.upstream.received.findLast((each) => each.target === verifyPasskeySignIn.path)
    expect(received?.claims?.sub).toBe('console')
    expect(JSON.parse(received!.body)).toEqual(signed)
  })

  test('tells the audit log how, and ends the session that the browser had', async () => {
    says(ada)
    const first = cookieOf(await signIn())
    const second = cookieOf(await signIn(first))
    expect((await bff.get('/api/auth/me', first)).status).toBe(401)
    expect((await bff.get('/api/auth/me', second)).status).toBe(200)
    const events = (await bff.deps.db.select().from(outboxTable)).map((row) => row.event as { kind: string; detail: string; operator_id: string })
    expect(events).toContainEqual(
      expect.objectContaining({ kind: 'signed_in', operator_id: ada.operator_id, detail: 'with a passkey, from 127.0.0.1' }),
    )
  })

  test('begins with a challenge of the control plane', async () => {
    const challenge = { nonce, expires_at: '2026-11-22T12:00:00.000Z', rp_id: 'localhost' }
    bff.upstream.answers.set(createSignInChallenge.path, answerJson(201, challenge))
    const answer = await bff.post('/api/auth/passkey/challenge', {})
    expect([answer.status, JSON.parse(answer.text)]).toEqual([201, challenge])
    expect(bff.upstream.received.at(-1)?.claims?.sub).toBe('console')
  })
})

describe('refused passkeys', () => {
  test('answer the same for a key that is unknown or out of use, a challenge that is over, a disabled person and one without a sign-in here', async () => {
    const off = await bff.addPerson('Off', 'approver', false)
    const elsewhere = { operator_id: `op_${'0'.repeat(8)}-0000-0000-0000-${'0'.repeat(12)}`, name: 'Elsewhere', password: '' }
    const cases: (() => unknown)[] = [
      () => answers(403, problem('signature_refused', 403)),
      () => answers(409, problem('challenge_refused', 409)),
      () => answers(403, problem('operator_disabled', 403)),
      () => says(off, false),
      () => says(elsewhere),
    ]
    const shown: unknown[] = []
    for (const each of cases) {
      each()
      const answer = await signIn()
      shown.push({ ...JSON.parse(answer.text), request_id: '', cookies: answer.headers['set-cookie'] })
    }
    expect(shown[0]).toMatchObject({ code: 'wrong_credentials', status: 401, cookies: undefined })
    for (const each of shown) expect(each).toEqual(shown[0])
  })

  test('are in the outbox with what the control plane said, and never as a person who was not shown', async () => {
    await bff.deps.db.delete(outboxTable)
    answers(403, problem('signature_refused', 403))
    await signIn()
    const [row] = await bff.deps.db.select().from(outboxTable)
    expect(row?.event).toMatchObject({ kind: 'sign_in_refused', operator_id: null, name: '', code: 'signature_refused' })
  })

  test('run out for one network, and a browser where the person has signed in before goes on', async () => {
    const home = await bff.signIn(ada)
    answers(403, problem('signature_refused', 403))
    for (let count = 0; count < 50; count += 1) expect(codeOf(await signIn())).toBe('wrong_credentials')
    says(ada)
    const locked = await signIn()
    expect([codeOf(locked), Number(locked.headers['retry-after']) > 0]).toEqual(['too_many_attempts', true])
    expect((await signIn(home)).status).toBe(200)
  })

  test('do not count while the control plane is away, and nobody is signed in without it', async () => {
    answers(403, problem('key_refused', 403))
    for (let count = 0; count < 55; count += 1) expect(codeOf(await signIn())).toBe('control_plane_refused_console')
    says(ada)
    expect((await signIn()).status).toBe(200)
  })

  test('are not asked of the control plane without end: challenges of one network run out', async () => {
    bff.upstream.answers.set(createSignInChallenge.path, answerJson(201, { nonce, expires_at: '2026-11-22T12:00:00.000Z', rp_id: 'localhost' }))
    for (let count = 0; count < 300; count += 1) expect((await bff.post('/api/auth/passkey/challenge', {})).status).toBe(201)
    const asked = bff.upstream.received.length
    expect(codeOf(await bff.post('/api/auth/passkey/challenge', {}))).toBe('too_many_attempts')
    expect(bff.upstream.received.length).toBe(asked)
  })

  test('do not make a person: the table of sign-ins is as it was', async () => {
    const before = await bff.deps.db.select().from(signInTable)
    says({ operator_id: `op_${'1'.repeat(8)}-1111-1111-1111-${'1'.repeat(12)}`, name: 'New', password: '' })
    await signIn()
    expect(await bff.deps.db.select().from(signInTable)).toEqual(before)
  })
})

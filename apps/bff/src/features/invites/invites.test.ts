import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { outboxTable, sessionTable, signInTable, throttleTable } from '../../db/bff-tables.ts'
import { createSignIn } from '../../shared/sign-in-rows.ts'
import { codeOf } from '../../test/send-request.ts'
import type { Sent } from '../../test/send-request.ts'
import { startTestBff } from '../../test/start-test-bff.ts'
import type { TestBff } from '../../test/start-test-bff.ts'
import { answerJson, problem } from '../../test/start-test-upstream.ts'

const token = `inv_${'5d'.repeat(32)}_00000000`
const password = 'velvet tractor under nine moons'
let bff: TestBff
let operatorId: string

beforeAll(async () => {
  bff = await startTestBff()
})
afterAll(() => bff.close())
beforeEach(async () => {
  for (const table of [sessionTable, outboxTable, signInTable, throttleTable]) await bff.deps.db.delete(table)
  operatorId = `op_${randomUUID()}`
  bff.upstream.received.length = 0
  bff.upstream.operators.set(operatorId, { name: 'Ada', role: 'approver', enabled: true })
  const invite = { name: 'Ada', role: 'approver', invited_by: 'admin', expires_at: '2026-11-25T12:00:00.000Z' }
  bff.upstream.answers.set('/operator/invite/read', answerJson(200, invite))
  bff.upstream.answers.set('/operator/invite', answerJson(200, { operator_id: operatorId, name: 'Ada', role: 'approver', enabled: true }))
})

const accept = (body: Record<string, string> = {}) => bff.post('/api/auth/invite', { token, password, ...body })
const read = () => bff.post('/api/auth/invite/read', { token })
const cookieOf = (answer: Sent) => answer.headers['set-cookie']!.map((each) => each.split(';')[0]).join('; ')
const accepted = () => bff.upstream.received.filter(({ target }) => target === '/operator/invite')
const listEvents = async () => (await bff.deps.db.select().from(outboxTable)).map((row) => row.event as Record<string, unknown>)
const refuseUpstream = () => {
  for (const path of ['/operator/invite', '/operator/invite/read']) bff.upstream.answers.set(path, answerJson(403, problem('invite_refused', 403)))
}

describe('accepting an invite', () => {
  test('signs the person in, and the password works from then on', async () => {
    const answer = await accept()
    expect(answer.status, answer.text).toBe(200)
    expect(JSON.parse(answer.text).operator).toEqual({ operator_id: operatorId, name: 'Ada', role: 'approver' })
    expect((await bff.get('/api/auth/me', cookieOf(answer))).status).toBe(200)
    expect((await bff.post('/api/auth/login', { name: 'ada', password })).status).toBe(200)
    expect(accepted()[0]!.claims).toMatchObject({ sub: 'console' })
  })

  test('is a sign-in in the audit log, and nowhere is the token or the password kept or logged', async () => {
    await accept()
    expect(await listEvents()).toMatchObject([{ kind: 'signed_in', operator_id: operatorId, detail: expect.stringContaining('by an invite') }])
    const kept = JSON.stringify([await listEvents(), await bff.deps.db.select().from(signInTable), await bff.deps.db.select().from(sessionTable)])
    for (const secret of [token, password]) expect(kept + bff.logged()).not.toContain(secret)
  })

  test('that was cut off after the control plane had let the person in is finished by the same link', async () => {
    const { passwords } = bff.deps
    bff.deps.passwords = { ...passwords, hash: () => Promise.reject(new Error('cut off')) }
    expect((await accept()).status).toBe(500)
    bff.deps.passwords = passwords
    expect((await accept()).status).toBe(200)
  })

  test('in a second browser leaves the password of the first as it is, even at the same moment', async () => {
    const answers = await Promise.all([accept(), accept({ password: 'another quiet gravel road' })])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409])
    expect(answers.filter(({ status }) => status === 409).map(codeOf)).toEqual(['invite_used'])
    expect(await bff.deps.db.select().from(signInTable)).toHaveLength(1)
  })
})

describe('a refused invite', () => {
  test.each(['short', 'passwordpassword', 'adaadaadaadaada!'])('with the password %s lets nobody in, so the link still holds', async (weak) => {
    expect(codeOf(await accept({ password: weak }))).toBe('weak_password')
    expect(accepted()).toEqual([])
  })

  test('is in the audit log with its address, and guessing runs out for reading and accepting alike', async () => {
    refuseUpstream()
    expect(codeOf(await read())).toBe('invite_refused')
    expect(await listEvents()).toMatchObject([
      { kind: 'sign_in_refused', code: 'invite_refused', operator_id: null, detail: 'invite refused, from 127.0.0.1' },
    ])
    for (let count = 1; count < 50; count += 1) expect(codeOf(await (count % 2 === 0 ? read() : accept()))).toBe('invite_refused')
    expect([codeOf(await read()), codeOf(await accept())]).toEqual(['too_many_attempts', 'too_many_attempts'])
  })

  test('never takes over the sign-in of somebody else with a name that reads the same', async () => {
    const other = { operator_id: `op_${randomUUID()}`, name: 'ada', name_folded: 'ada', password_hash: await bff.deps.passwords.hash(password) }
    await createSignIn(bff.deps.db, { ...other, generated: false, changed_at: bff.deps.now() })
    expect(codeOf(await accept())).toBe('name_taken')
    expect((await bff.deps.db.select().from(signInTable)).map((row) => row.operator_id)).toEqual([other.operator_id])
  })
})

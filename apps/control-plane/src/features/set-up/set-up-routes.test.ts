import { randomUUID } from 'node:crypto'
import type { AuditEntry } from '@autopack/contract/audit'
import { createOneTimeToken } from '@autopack/server-kit/one-time-token'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openTestDeps, shiftedClock } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'
import { issueSetUpLink } from './issue-set-up-link.ts'

let deps: TestDeps
let ahead = 0
beforeAll(async () => {
  deps = await openTestDeps({ now: shiftedClock(() => ahead), settings: { consoleOrigin: 'https://console.example.org' } })
  for (const table of ['executor_key', 'executor', 'operator'])
    await deps.ownerDb.execute(sql.raw(`ALTER TABLE control_plane.${table} DISABLE TRIGGER kept_row`))
})
afterAll(() => deps.close())
/** As on an empty database. */
beforeEach(async () => {
  ahead = 0
  for (const table of ['executor_key', 'executor', 'set_up', 'operator_seen', 'operator'])
    await deps.ownerDb.execute(sql.raw(`DELETE FROM control_plane.${table}`))
})

async function startAgain(): Promise<string> {
  const line = await issueSetUpLink(deps)
  return /#token=(\S+)$/.exec(line ?? '')![1]!
}
const needed = async () => (await (await deps.asOperator('console').get('/operator/setup')).json()) as { needed: boolean }
const setUp = (token: string, name = 'Ada') => deps.asOperator('console').post('/operator/setup', { token, name })
const codeOf = async (answer: Response) => [answer.status, ((await answer.json()) as { code: string }).code]
const listOperators = async () =>
  (await deps.ownerDb.execute(sql`SELECT operator_id, name, role, enabled FROM control_plane.operator ORDER BY name`)).rows
async function signInAs(operatorId: string): Promise<void> {
  const event = { delivery_id: randomUUID(), kind: 'signed_in', operator_id: operatorId, name: 'Ada', at: '2026-11-22T12:00:00.000Z', detail: '' }
  expect((await deps.asOperator('console').post('/operator/sign-in-events', { events: [event] })).status).toBe(200)
}

describe('the link', () => {
  test('leads to the console, with the token in the fragment, and neither it nor its token is stored', async () => {
    const line = await issueSetUpLink(deps)
    expect(line).toMatch(/^Set up this console \(valid for 15 minutes\): https:\/\/console\.example\.org\/setup#token=aps_[0-9a-f]{64}_[0-9a-f]{8}$/)
    const stored = await deps.ownerDb.execute(sql`SELECT encode(sha256, 'hex') AS hex, set_up::text AS whole FROM control_plane.set_up`)
    expect(stored.rows).toHaveLength(1)
    expect(JSON.stringify(stored.rows)).not.toContain(line!.slice(-60))
  })

  test('is not made once somebody is there', async () => {
    await deps.addOperator({ name: 'somebody', role: 'viewer' })
    expect(await issueSetUpLink(deps)).toBeNull()
    expect((await deps.ownerDb.execute(sql`SELECT 1 FROM control_plane.set_up`)).rows).toEqual([])
  })

  test('of an earlier start is void; of starts at the same moment one holds', async () => {
    const first = await startAgain()
    const later = await Promise.all([startAgain(), startAgain(), startAgain()])
    expect(await codeOf(await setUp(first))).toEqual([403, 'setup_link_refused'])
    const answers = []
    for (const token of later) answers.push((await setUp(token)).status)
    expect(answers.toSorted()).toEqual([200, 403, 403])
    expect(await listOperators()).toHaveLength(1)
  })
})

describe('POST /operator/setup, 200', () => {
  test('makes the first operator an admin, who is served from then on, and writes it into the audit log', async () => {
    expect(await needed()).toEqual({ needed: true })
    const answer = await setUp(await startAgain(), '  Ada Lovelace ')
    expect(answer.status).toBe(200)
    const operator = (await answer.json()) as { operator_id: string }
    expect(operator).toEqual({ operator_id: operator.operator_id, name: 'Ada Lovelace', role: 'admin', enabled: true })
    expect(await (await deps.asOperator(operator.operator_id).get('/operator/operators/me')).json()).toEqual(operator)
    const { items } = (await (await deps.asOperator(operator.operator_id).get('/operator/audit?q=did:operator.created')).json()) as {
      items: AuditEntry[]
    }
    expect(items[0]!.event).toMatchObject({
      auth_principal_type: 'console',
      external_object_id: operator.operator_id,
      payload_summary: 'Ada Lovelace, admin, by the set-up link',
    })
  })

  test('again with the same token and name, as after a crash of the console, it answers the same operator', async () => {
    const token = await startAgain()
    const first: unknown = await (await setUp(token)).json()
    expect(await needed()).toEqual({ needed: true })
    expect(await (await setUp(token)).json()).toEqual(first)
    expect(await listOperators()).toHaveLength(1)
  })

  test('a set-up that was cut off can be finished with the link of the next start, too', async () => {
    const first = (await (await setUp(await startAgain())).json()) as { operator_id: string }
    ahead = 3_600
    expect(await (await setUp(await startAgain())).json()).toEqual(first)
  })

  test('a late report of a sign-in of somebody else, as from a console that served another control plane, closes nothing', async () => {
    const token = await startAgain()
    await signInAs(`op_${randomUUID()}`)
    const first: unknown = await (await setUp(token)).json()
    expect(first).toMatchObject({ name: 'Ada', role: 'admin' })
    await signInAs(`op_${randomUUID()}`)
    expect(await (await setUp(token)).json()).toEqual(first)
  })

  test('two browsers with one link make one operator', async () => {
    const token = await startAgain()
    const answers = await Promise.all([setUp(token, 'Ada'), setUp(token, 'Bob'), setUp(token, 'Cleo')])
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([200, 409, 409])
    expect(await listOperators()).toHaveLength(1)
  })
})

describe('POST /operator/setup, 403', () => {
  test('a wrong token, one that is over and one where none was made get the same answer', async () => {
    const answerOf = async (token: string) => {
      const { request_id: _, ...problem } = (await (await setUp(token)).json()) as Record<string, unknown>
      return problem
    }
    const none = await answerOf(createOneTimeToken('aps'))
    const token = await startAgain()
    const wrong = await answerOf(createOneTimeToken('aps'))
    const malformed = await answerOf('x')
    ahead = 15 * 60 + 1
    const over = await answerOf(token)
    expect(none).toMatchObject({ code: 'setup_link_refused' })
    expect([wrong, malformed, over]).toEqual([none, none, none])
    expect(await listOperators()).toEqual([])
  })

  test('a token holds until its fifteen minutes are over', async () => {
    const token = await startAgain()
    ahead = 15 * 60 - 30
    expect((await setUp(token)).status).toBe(200)
  })

  test('the operator plane stays shut for a person, and for whom nobody knows', async () => {
    const token = await startAgain()
    const person = `op_${randomUUID()}`
    expect(await codeOf(await deps.asOperator(person).post('/operator/setup', { token, name: 'Eve' }))).toEqual([403, 'role_missing'])
    expect(await listOperators()).toEqual([])
  })

  test('refusals are counted in the audit log, not listed one by one', async () => {
    await deps.refusals.flush()
    const before = (await deps.ownerDb.execute(sql`SELECT 1 FROM control_plane.audit_event`)).rows.length
    for (let count = 0; count < 5; count += 1) await setUp(createOneTimeToken('aps'))
    expect((await deps.ownerDb.execute(sql`SELECT 1 FROM control_plane.audit_event`)).rows).toHaveLength(before)
    await deps.refusals.flush()
    const found = await deps.ownerDb.execute(sql`SELECT event FROM control_plane.audit_event ORDER BY seq DESC LIMIT 1`)
    expect((found.rows[0] as { event: string }).event).toContain('5 × setup_link_refused')
  })
})

describe('POST /operator/setup, 409', () => {
  test('after the first sign-in the very same token is worth nothing, and no start makes another', async () => {
    const token = await startAgain()
    const { operator_id } = (await (await setUp(token)).json()) as { operator_id: string }
    await signInAs(operator_id)
    expect(await needed()).toEqual({ needed: false })
    expect(await codeOf(await setUp(token))).toEqual([409, 'setup_closed'])
    expect(await issueSetUpLink(deps)).toBeNull()
  })

  test('a link that was printed while nobody was there closes when somebody comes another way', async () => {
    const token = await startAgain()
    await deps.addOperator({ name: 'seeded', role: 'viewer' })
    expect(await codeOf(await setUp(token))).toEqual([409, 'setup_closed'])
    expect(await listOperators()).toHaveLength(1)
  })

  test('a begun set-up is not finished under another name, and says under which', async () => {
    const token = await startAgain()
    await setUp(token, 'Ada')
    const answer = await setUp(token, 'Bob')
    expect(await answer.json()).toMatchObject({ code: 'setup_begun', detail: 'This set-up was begun for Ada. Enter that name to finish it.' })
    expect(await listOperators()).toMatchObject([{ name: 'Ada' }])
  })
})

describe('POST /operator/setup, 400', () => {
  test.each(['', '   ', 'A\u202eda', 'A\u0000da', 'A\u200bda', 'x'.repeat(101)])('refuses the name %j', async (name) => {
    expect(await codeOf(await setUp(await startAgain(), name))).toEqual([400, 'invalid_request'])
  })
})

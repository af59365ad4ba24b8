import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { outboxTable, sessionTable } from '../../db/bff-tables.ts'
import { startTestBff } from '../../test/start-test-bff.ts'
import type { TestBff } from '../../test/start-test-bff.ts'
import { answerJson } from '../../test/start-test-upstream.ts'
import { endChangedSessions } from './end-changed-sessions.ts'

let bff: TestBff
let operatorId: string
let cookie: string
beforeAll(async () => {
  bff = await startTestBff()
})
afterAll(() => bff.close())
beforeEach(async () => {
  for (const table of [sessionTable, outboxTable]) await bff.deps.db.delete(table)
  const person = await bff.addPerson(`Ada ${randomUUID().slice(0, 8)}`, 'approver')
  operatorId = person.operator_id
  cookie = await bff.signIn(person)
  bff.upstream.received.length = 0
})

function say(standing: { role?: string; enabled?: boolean; sessions_since?: string | null } | null, headers = {}) {
  const items = standing === null ? [] : [{ operator_id: operatorId, role: 'approver', enabled: true, sessions_since: null, ...standing }]
  bff.upstream.answers.set('/operator/standings', answerJson(200, { items }, { etag: '"one"', ...headers }))
}
const isSignedIn = async () => (await bff.get('/api/auth/me', cookie)).status === 200
const asked = () => bff.upstream.received.filter(({ target }) => target === '/operator/standings')
const listEvents = async () => (await bff.deps.db.select().from(outboxTable)).map((row) => row.event as { kind: string; detail: string })

test('a session of somebody who is as they were goes on', async () => {
  say({ sessions_since: (await onlySession()).signed_in_at.toISOString() })
  await endChangedSessions(bff.deps, null)
  expect(await isSignedIn()).toBe(true)
})

test.each([
  ['is disabled', { enabled: false }, 'the operator is disabled'],
  ['has another role', { role: 'viewer' }, 'the role is viewer now'],
  ['is not known any more', null, 'the operator is not known any more'],
])('a session of somebody who %s is over without a request of theirs, and the audit log says why', async (_name, standing, detail) => {
  say(standing)
  const ended: string[] = []
  bff.deps.streams.add({ sidSha256: (await onlySession()).sid_sha256, operatorId, end: (reason) => ended.push(reason) })
  await endChangedSessions(bff.deps, null)
  expect(await isSignedIn()).toBe(false)
  expect(ended).toEqual(['signed_out'])
  expect(await listEvents()).toContainEqual(expect.objectContaining({ kind: 'session_revoked', detail }))
})

test('a session that was opened before somebody was disabled and enabled again stays over; one of afterwards does not', async () => {
  say({ sessions_since: new Date((await onlySession()).signed_in_at.getTime() + 1).toISOString() })
  await endChangedSessions(bff.deps, null)
  expect(await isSignedIn()).toBe(false)
})

test('what has not changed is asked for with its tag, and still ends a session that was opened meanwhile', async () => {
  say({ enabled: false })
  const known = await endChangedSessions(bff.deps, null)
  expect(known).toMatchObject({ etag: '"one"' })
  bff.upstream.answers.set('/operator/standings', (_, response) => response.writeHead(304, { etag: '"one"' }).end())
  await bff.deps.db.update(sessionTable).set({ revoked_at: null })
  expect(await endChangedSessions(bff.deps, known)).toEqual(known)
  expect(asked().at(-1)!.headers['if-none-match']).toBe('"one"')
  expect(await isSignedIn()).toBe(false)
})

test('nobody signed in: the control plane is not asked', async () => {
  await bff.deps.db.delete(sessionTable)
  await endChangedSessions(bff.deps, null)
  expect(asked()).toEqual([])
})

async function onlySession() {
  const rows = await bff.deps.db.select().from(sessionTable)
  expect(rows).toHaveLength(1)
  return rows[0]!
}

/** What holds for people, invites and keys whoever writes the row. */
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sqlStateOf } from '../test/ledger-story.ts'
import { openTestDeps } from '../test/open-test-deps.ts'
import type { TestDeps } from '../test/open-test-deps.ts'

let deps: TestDeps
beforeAll(async () => {
  deps = await openTestDeps()
})
afterAll(() => deps.close())

const stateOf = (statement: string) => sqlStateOf(() => deps.ownerDb.execute(sql.raw(statement)))
const admin = () => `operator_id = '${deps.operatorIds.admin}'`
const viewer = () => `operator_id = '${deps.operatorIds.viewer}'`

test.each([
  ['the last admin is not disabled', () => `UPDATE control_plane.operator SET enabled = false WHERE ${admin()}`, '23514'],
  ['the last admin gets no other role', () => `UPDATE control_plane.operator SET role = 'approver' WHERE ${admin()}`, '23514'],
  ['nobody is called otherwise later', () => `UPDATE control_plane.operator SET name = 'Eve' WHERE ${viewer()}`, '23514'],
  ['nobody who has come in has not', () => `UPDATE control_plane.operator SET joined_at = NULL, enabled = false WHERE ${viewer()}`, '23514'],
  [
    'nobody who has never come in is enabled',
    () =>
      `INSERT INTO control_plane.operator (operator_id, name, role, joined_at) VALUES ('op_00000000-0000-4000-8000-000000000001', 'x', 'viewer', NULL)`,
    '23514',
  ],
  ['nobody is deleted', () => `DELETE FROM control_plane.operator WHERE ${viewer()}`, '42501'],
  ['no key lives longer than it was made for', () => `UPDATE control_plane.executor_key SET expires_at = expires_at + interval '1 day'`, '23514'],
  ['no key gets other scopes', () => `UPDATE control_plane.executor_key SET scopes = '{runs:read}'`, '23514'],
  ['no executor goes to nobody', () => `UPDATE control_plane.executor SET owner_operator_id = 'op_00000000-0000-4000-8000-00000000dead'`, '23514'],
])('%s', async (_name, statement, state) => {
  expect(await stateOf(statement())).toBe(state)
})

test('a third live key of one executor is refused', async () => {
  const insert = (nth: number) => `INSERT INTO control_plane.executor_key (key_id, executor_id, sha256, scopes, expires_at)
    VALUES ('key_00000000000${nth}', '${deps.executor.executorId}', sha256('${nth}'), '{runs:read}', clock_timestamp() + interval '1 day')`
  expect(await stateOf(insert(1))).toBeNull()
  expect(await stateOf(insert(2))).toBe('23514')
})

test('an invite that has ended stays so, is accepted once, and there is one open invite a person', async () => {
  const insert = (nth: number) => `INSERT INTO control_plane.operator_invite (invite_id, operator_id, sha256, created_at, expires_at)
    VALUES ('inv_00000000-0000-4000-8000-00000000000${nth}', '${deps.operatorIds.viewer}', sha256('${nth}'), clock_timestamp(), clock_timestamp() + interval '1 hour')`
  const change = (what: string) => `UPDATE control_plane.operator_invite SET ${what}`
  expect(await stateOf(insert(1))).toBeNull()
  expect(await stateOf(insert(2))).toBe('23505')
  expect(await stateOf(change('accepted_at = clock_timestamp()'))).toBeNull()
  expect(await stateOf(change('accepted_at = clock_timestamp()'))).toBe('23514')
  expect(await stateOf(change(`ended_at = clock_timestamp(), ended_reason = 'signed_in'`))).toBeNull()
  expect(await stateOf(change('ended_at = NULL, ended_reason = NULL'))).toBe('23514')
  expect(await stateOf('DELETE FROM control_plane.operator_invite')).toBe('42501')
})

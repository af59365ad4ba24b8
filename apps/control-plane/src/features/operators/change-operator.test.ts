import type { AuditEntry } from '@autopack/contract/audit'
import { ProblemError } from '@autopack/server-kit/problem-error'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDeps } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'
import { changeOperator, NotChanged } from './change-operator.ts'

let deps: TestDeps
beforeAll(async () => {
  deps = await openTestDeps()
})
afterAll(() => deps.close())

const change = (verb: Parameters<typeof changeOperator>[1], ...words: string[]) => changeOperator(deps, verb, words, 'https://console.example.org')
async function latestAudit(): Promise<AuditEntry['event']> {
  const { items } = (await (await deps.asOperator('admin').get('/operator/audit?limit=1')).json()) as { items: AuditEntry[] }
  return items[0]!.event
}
const standing = async (name: string) =>
  (await deps.db.execute(sql`SELECT role, enabled, may_enrol_until IS NOT NULL AS may_enrol FROM control_plane.operator WHERE name = ${name}`))
    .rows[0]

describe('whoever runs the server', () => {
  test('invites somebody with a link that lets them in, and again for as long as they have not come in', async () => {
    const first = await change('invite', 'Grace', 'admin')
    const [said, link] = await change('invite', 'Grace', 'admin')
    expect(said).toMatch(/^Grace, admin, may come in with this link until /)
    expect(link).toMatch(/^https:\/\/console\.example\.org\/invite#token=inv_[0-9a-f]{64}_[0-9a-f]{8}$/)
    const accept = (line: string) => deps.asOperator('console').post('/operator/invite', { token: line.split('=')[1]! })
    expect((await accept(first[1]!)).status).toBe(403)
    expect((await accept(link!)).status).toBe(200)
    expect(await standing('Grace')).toEqual({ role: 'admin', enabled: true, may_enrol: true })
  })

  test('disables and enables, with a reason in the audit log that says it was no operator', async () => {
    expect(await change('disable', 'viewer', 'left', 'us')).toEqual(['viewer is disabled.'])
    expect(await latestAudit()).toMatchObject({
      event_type: 'operator.disabled',
      auth_principal_type: 'system',
      auth_principal_id: 'operators-command',
      external_object_id: deps.operatorIds.viewer,
      reason: 'left us',
    })
    await change('enable', 'viewer', 'came back')
    expect(await standing('viewer')).toMatchObject({ enabled: true })
  })

  test('does not disable the last admin either', async () => {
    await deps.db.execute(sql`UPDATE control_plane.operator SET enabled = false WHERE name = 'Grace'`)
    await expect(change('disable', 'admin', 'by mistake')).rejects.toThrow(ProblemError)
    expect(await standing('admin')).toMatchObject({ enabled: true })
  })

  test('lets somebody who lost every passkey make a first one, and ends their sessions', async () => {
    await deps.asOperator('admin').post('/operator/operators', { name: 'Left behind', role: 'admin' })
    const [said] = await change('allow-passkey', 'admin', 'lost in a move')
    expect(said).toContain('may make a first one until')
    expect(await standing('admin')).toMatchObject({ may_enrol: true })
    const found = await deps.db.execute(sql`SELECT sessions_since IS NOT NULL AS over FROM control_plane.operator WHERE name = 'admin'`)
    expect(found.rows).toEqual([{ over: true }])
    expect(await latestAudit()).toMatchObject({ event_type: 'passkey.reset', reason: 'lost in a move', auth_principal_type: 'system' })
    expect(await latestAudit()).toMatchObject({ payload_summary: expect.stringContaining('invites they made that are void: 1') })
  })

  test.each([
    ['a name nobody has', () => change('disable', 'Nobody', 'why'), /nobody called Nobody/],
    ['no reason', () => change('disable', 'viewer'), /Say why/],
    ['a role that is none', () => change('invite', 'Hal', 'boss'), /viewer, approver or admin/],
    ['no name', () => change('invite', '', 'admin'), /name and a role/],
  ])('hears what is wrong with %s, and nothing is changed', async (_name, act, words) => {
    const before = await latestAudit()
    await expect(act()).rejects.toThrow(NotChanged)
    await expect(act()).rejects.toThrow(words)
    expect(await latestAudit()).toEqual(before)
  })
})

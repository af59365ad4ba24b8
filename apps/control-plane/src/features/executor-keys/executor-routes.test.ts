import type { AuditEntry } from '@autopack/contract/audit'
import type { Executor } from '@autopack/contract/executors'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { executorKeyTable } from '../../db/people-tables.ts'
import { openTestDeps, shiftedClock } from '../../test/open-test-deps.ts'
import type { TestDeps, TestExecutor } from '../../test/open-test-deps.ts'
import type { Rotated } from './rotate-key.ts'

let deps: TestDeps
let owner: string
let owned: TestExecutor
let ahead = 0
let nth = 0
beforeAll(async () => {
  deps = await openTestDeps({ now: shiftedClock(() => ahead) })
  owner = await deps.addOperator({ name: 'owner', role: 'viewer' })
})
afterAll(() => deps.close())
beforeEach(async () => {
  ahead = 0
  nth += 1
  owned = await deps.addExecutor({ name: `owned-${nth}`, ownerOperatorId: owner, scopes: ['runs:read', 'actions:propose'] })
})

const rotate = (who: string, keyId: string, body: object = {}) => deps.asOperator(who).post(`/operator/executor-keys/${keyId}/rotate`, body)
const revoke = (who: string, keyId: string) => deps.asOperator(who).post(`/operator/executor-keys/${keyId}/revoke`, { reason: 'Lost.' })
const share = (who: string, body: object) => deps.asOperator(who).post(`/operator/executors/${owned.executorId}/sharing`, body)
const transfer = (who: string, to: string) =>
  deps.asOperator(who).post(`/operator/executors/${owned.executorId}/owner`, { owner_operator_id: to, reason: 'Gone.' })
const codeOf = async (answer: Response) => [answer.status, ((await answer.json()) as { code?: string }).code]
const worksWith = async (key: string) => (await deps.asExecutor(key).get('/runs')).status === 200
const listed = async (who: string) =>
  ((await (await deps.asOperator(who).get('/operator/executors')).json()) as { items: Executor[] }).items.find(
    ({ executor_id }) => executor_id === owned.executorId,
  )
async function listAudit(who: string, eventType: string): Promise<AuditEntry['event'][]> {
  const answer = await deps.asOperator(who).get(`/operator/audit?q=did:${eventType}&limit=100`)
  return ((await answer.json()) as { items: AuditEntry[] }).items.map(({ event }) => event)
}

describe('rotating a key', () => {
  test('is one act of the owner: both work until the moment chosen, then the new one alone', async () => {
    const answer = await rotate(owner, owned.keyId, { old_key_hours: 2, expires_in_days: 30 })
    expect(answer.status).toBe(201)
    const { key, replaced, secret } = (await answer.json()) as Rotated
    expect(key).toMatchObject({ scopes: ['runs:read', 'actions:propose'], executor: { name: owned.name }, owner: { operator_id: owner } })
    expect(replaced.key_id).toBe(owned.keyId)
    expect([await worksWith(owned.key), await worksWith(secret)]).toEqual([true, true])
    ahead = 2 * 3_600 + 1
    expect([await worksWith(owned.key), await worksWith(secret)]).toEqual([false, true])
    expect((await listAudit(owner, 'executor_key.rotated'))[0]).toMatchObject({ external_object_id: key.key_id, auth_principal_id: owner })
  })

  test('with no hours left ends the old one at once', async () => {
    const { secret } = (await (await rotate('admin', owned.keyId, { old_key_hours: 0 })).json()) as Rotated
    expect([await worksWith(owned.key), await worksWith(secret)]).toEqual([false, true])
  })

  test('never lets the old one live longer than it would have', async () => {
    await deps.db
      .update(executorKeyTable)
      .set({ expires_at: sql`clock_timestamp() + interval '1 hour'` })
      .where(eq(executorKeyTable.key_id, owned.keyId))
    const { replaced } = (await (await rotate(owner, owned.keyId, { old_key_hours: 168 })).json()) as Rotated
    expect((Date.parse(replaced.expires_at) - Date.now()) / 3_600_000).toBeCloseTo(1, 1)
  })

  test('403: the owner takes scopes away and gives none; an admin may', async () => {
    const wider = { scopes: ['runs:read', 'actions:propose', 'actions:execute'] }
    expect(await codeOf(await rotate(owner, owned.keyId, wider))).toEqual([403, 'scope_widened'])
    expect((await listAudit('admin', 'executor_key.change_refused'))[0]).toMatchObject({ error_code: 'scope_widened', auth_principal_id: owner })
    const narrower = (await (await rotate(owner, owned.keyId, { scopes: ['runs:read'] })).json()) as Rotated
    expect(narrower.key.scopes).toEqual(['runs:read'])
    await revoke('admin', owned.keyId)
    const widened = (await (await rotate('admin', narrower.key.key_id, wider)).json()) as Rotated
    expect(widened.key.scopes).toEqual(wider.scopes)
  })

  test('404: to others the key does not exist, not even where they see what the executor does', async () => {
    await share(owner, { shared_with_everyone: true, shared_with: [] })
    for (const who of ['viewer', 'approver']) {
      expect(await codeOf(await rotate(who, owned.keyId))).toEqual([404, 'not_found'])
      expect(await codeOf(await revoke(who, owned.keyId))).toEqual([404, 'not_found'])
    }
    expect(await worksWith(owned.key)).toBe(true)
  })

  test('409: a key that is over or replaced, and a third live one', async () => {
    const { key } = (await (await rotate(owner, owned.keyId, { old_key_hours: 1 })).json()) as Rotated
    expect(await codeOf(await rotate(owner, owned.keyId))).toEqual([409, 'key_not_live'])
    expect(await codeOf(await rotate(owner, key.key_id, { old_key_hours: 1 }))).toEqual([409, 'too_many_keys'])
    await revoke(owner, key.key_id)
    expect(await codeOf(await rotate(owner, key.key_id))).toEqual([409, 'key_not_live'])
  })

  test('400: longer than a week for the old one', async () => {
    expect(await codeOf(await rotate(owner, owned.keyId, { old_key_hours: 169 }))).toEqual([400, 'invalid_request'])
  })

  test('two at once: one new key', async () => {
    const answers = await Promise.all([rotate(owner, owned.keyId), rotate(owner, owned.keyId)])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409])
  })
})

describe('revoking a key', () => {
  test('its owner may, it holds from the next request on, and the reason is kept', async () => {
    expect(await worksWith(owned.key)).toBe(true)
    expect((await revoke(owner, owned.keyId)).status).toBe(200)
    expect(await worksWith(owned.key)).toBe(false)
    expect((await listAudit(owner, 'executor_key.revoked'))[0]).toMatchObject({ external_object_id: owned.keyId, reason: 'Lost.' })
  })
})

describe('sharing', () => {
  test('its owner says who sees what it does: nobody, somebody, everybody, and nobody again', async () => {
    expect([await listed('viewer'), await listed('approver')]).toEqual([undefined, undefined])
    const one = (await (await share(owner, { shared_with_everyone: false, shared_with: [deps.operatorIds.viewer] })).json()) as Executor
    expect(one.shared_with).toEqual([{ operator_id: deps.operatorIds.viewer, name: 'viewer' }])
    expect([(await listed('viewer'))?.shared_with, (await listed('viewer'))?.keys, await listed('approver')]).toEqual([null, null, undefined])
    await share(owner, { shared_with_everyone: true, shared_with: [] })
    expect(await listed('approver')).toMatchObject({ shared_with_everyone: true, shared_with: null, keys: null })
    await share(owner, { shared_with_everyone: false, shared_with: [] })
    expect([await listed('viewer'), await listed('approver')]).toEqual([undefined, undefined])
    expect((await listAudit(owner, 'executor.shared')).length).toBeGreaterThanOrEqual(3)
  })

  test('is not for those it is shared with, and to strangers the executor does not exist', async () => {
    await share(owner, { shared_with_everyone: false, shared_with: [deps.operatorIds.viewer] })
    const wanted = { shared_with_everyone: true, shared_with: [] }
    expect(await codeOf(await share('viewer', wanted))).toEqual([403, 'role_missing'])
    expect(await codeOf(await share('approver', wanted))).toEqual([404, 'not_found'])
  })

  test('409: with nobody who is disabled or unknown; and nothing is changed', async () => {
    const gone = await deps.addOperator({ name: `gone-${nth}`, role: 'viewer', enabled: false })
    for (const who of [gone, 'op_00000000-0000-4000-8000-00000000dead']) {
      const wanted = { shared_with_everyone: true, shared_with: [who] }
      expect(await codeOf(await share(owner, wanted))).toEqual([409, 'operator_not_enabled'])
    }
    expect(await listed(owner)).toMatchObject({ shared_with_everyone: false, shared_with: [] })
  })
})

describe('transferring', () => {
  test('makes another person accountable; who had it sees it no more', async () => {
    const answer = await transfer('admin', deps.operatorIds.approver)
    expect(await answer.json()).toMatchObject({ owner: { name: 'approver' }, owner_enabled: true })
    expect([await listed(owner), (await listed('approver'))?.keys?.length]).toEqual([undefined, 1])
    expect(await codeOf(await rotate(owner, owned.keyId))).toEqual([404, 'not_found'])
    expect((await listAudit('approver', 'executor.transferred'))[0]).toMatchObject({ reason: 'Gone.', external_object_id: owned.executorId })
  })

  test('is an admin’s, not its owner’s; and never to somebody who is not enabled', async () => {
    expect(await codeOf(await transfer(owner, deps.operatorIds.viewer))).toEqual([403, 'role_missing'])
    const gone = await deps.addOperator({ name: `gone-to-${nth}`, role: 'viewer', enabled: false })
    expect(await codeOf(await transfer('admin', gone))).toEqual([409, 'operator_not_enabled'])
    expect((await listed(owner))?.owner.operator_id).toBe(owner)
  })
})

describe('the list of executors', () => {
  test('tells the owner which key is about to end, replaced, expired or revoked, and what they may do', async () => {
    const standing = async () => (await listed(owner))!.keys!.map((key) => key.standing)
    expect(await standing()).toEqual(['live'])
    ahead = 77 * 86_400
    expect(await standing()).toEqual(['expiring'])
    ahead = 91 * 86_400
    expect(await standing()).toEqual(['expired'])
    ahead = 0
    const { key } = (await (await rotate(owner, owned.keyId)).json()) as Rotated
    expect(await standing()).toEqual(['live', 'replaced'])
    await revoke(owner, key.key_id)
    expect(await standing()).toEqual(['revoked', 'replaced'])
    const executor = (await listed(owner))!
    expect(executor.allowed_actions.map(({ action, allowed }) => [action, allowed])).toEqual([
      ['share', true],
      ['transfer', false],
      ['create_key', false],
    ])
    expect(executor.keys![1]!.allowed_actions).toEqual([
      { action: 'rotate', allowed: false, why: 'This key is replaced already.' },
      { action: 'revoke', allowed: true, why: null },
    ])
  })
})

import type { ExecutorKey } from './to-executor-key.ts'
import { readExecutorKey } from '@autopack/server-kit/executor-key'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { executorKeyTable } from '../../db/people-tables.ts'
import { openTestDeps } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'

let deps: TestDeps
beforeAll(async () => {
  deps = await openTestDeps()
})
afterAll(() => deps.close())

type Created = { key: ExecutorKey; secret: string }
const create = (body: object) => deps.asOperator('admin').post('/operator/executor-keys', body)
const createOk = async (body: object) => (await create(body)).json() as Promise<Created>
const revoke = (keyId: string) => deps.asOperator('admin').post(`/operator/executor-keys/${keyId}/revoke`, {})

async function listAudit(eventType: string): Promise<{ event: { external_object_id: string } }[]> {
  const answer = await deps.asOperator('admin').get(`/operator/audit?q=did:${eventType}&limit=100`)
  return ((await answer.json()) as { items: { event: { external_object_id: string } }[] }).items
}

describe('POST /operator/executor-keys, 201', () => {
  test('the secret opens the executor plane and is stored nowhere, only its SHA-256', async () => {
    const { key, secret } = await createOk({ executor_name: 'builder', scopes: ['runs:read', 'actions:propose'], expires_in_days: 30 })
    expect(key).toMatchObject({ executor: { name: 'builder' }, owner: { name: 'admin' }, scopes: ['runs:read', 'actions:propose'], revoked_at: null })
    expect((Date.parse(key.expires_at) - Date.parse(key.created_at)) / 86_400_000).toBeCloseTo(30, 3)
    expect((await deps.asExecutor(secret).get('/control')).status).toBe(200)
    const [row] = await deps.db.select().from(executorKeyTable).where(eq(executorKeyTable.key_id, key.key_id))
    expect(row!.sha256.equals(readExecutorKey(secret)!.sha256)).toBe(true)
    const random = secret.split('_')[2]!
    const found = await deps.db.execute(sql`SELECT 1 FROM control_plane.audit_event WHERE event LIKE ${`%${random}%`}`)
    expect(found.rows).toHaveLength(0)
  })

  test('the creation is audited with who, which key and what it may do', async () => {
    const { key } = await createOk({ executor_name: 'audited' })
    const [latest] = await listAudit('executor_key.created')
    expect(latest?.event).toMatchObject({
      external_object_id: key.key_id,
      auth_principal_id: deps.operatorIds.admin,
      payload_summary: expect.stringContaining('audited'),
    })
  })

  test('a second key joins the executor of the same name, which keeps its owner and its sharing', async () => {
    const first = await createOk({ executor_name: 'pair' })
    const second = await createOk({ executor_name: 'pair', shared_with_everyone: true })
    expect(second.key.executor).toEqual(first.key.executor)
    const shared = await deps.db.execute(sql`SELECT shared_with_everyone FROM control_plane.executor WHERE name = 'pair'`)
    expect(shared.rows).toEqual([{ shared_with_everyone: false }])
  })
})

describe('POST /operator/executor-keys with an owner', () => {
  test('201: the person named is accountable for the new executor, and one that exists keeps its owner', async () => {
    const { key } = await createOk({ executor_name: 'owned', owner_operator_id: deps.operatorIds.viewer })
    expect(key.owner).toEqual({ operator_id: deps.operatorIds.viewer, name: 'viewer' })
    expect((await createOk({ executor_name: 'owned', owner_operator_id: deps.operatorIds.approver })).key.owner.name).toBe('viewer')
  })

  test('409: nobody who is disabled or unknown becomes the owner, and no executor is made', async () => {
    const gone = await deps.addOperator({ name: 'gone-owner', role: 'viewer', enabled: false })
    for (const owner of [gone, 'op_00000000-0000-4000-8000-00000000dead']) {
      const answer = await create({ executor_name: 'unowned', owner_operator_id: owner })
      expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([409, 'operator_not_enabled'])
    }
    expect((await deps.db.execute(sql`SELECT 1 FROM control_plane.executor WHERE name = 'unowned'`)).rows).toEqual([])
  })
})

describe('POST /operator/executor-keys, 409', () => {
  test('two live keys are enough to change from one to the other; a third waits until one is revoked', async () => {
    const first = await createOk({ executor_name: 'rotating' })
    await createOk({ executor_name: 'rotating' })
    const third = await create({ executor_name: 'rotating' })
    expect([third.status, ((await third.json()) as { code: string }).code]).toEqual([409, 'too_many_keys'])
    await revoke(first.key.key_id)
    expect((await create({ executor_name: 'rotating' })).status).toBe(201)
  })

  test('racing for the last place, one wins', async () => {
    await createOk({ executor_name: 'raced' })
    const answers = await Promise.all([1, 2, 3].map(() => create({ executor_name: 'raced' })))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409])
  })
})

describe('POST /operator/executor-keys, 400', () => {
  test.each([
    ['a name outside the alphabet', { executor_name: 'Not Good' }],
    ['an unknown scope', { executor_name: 'x', scopes: ['everything'] }],
    ['no scope at all', { executor_name: 'x', scopes: [] }],
    ['more than a year', { executor_name: 'x', expires_in_days: 366 }],
    ['an unknown member', { executor_name: 'x', owner: 'me' }],
  ])('%s', async (_name, body) => expect((await create(body)).status).toBe(400))
})

describe('POST /operator/executor-keys/{key_id}/revoke', () => {
  test('200: revoking twice changes nothing the second time and is audited once', async () => {
    const { key } = await createOk({ executor_name: 'twice' })
    const first = (await (await revoke(key.key_id)).json()) as ExecutorKey
    const second = (await (await revoke(key.key_id)).json()) as ExecutorKey
    expect(first.revoked_at).not.toBeNull()
    expect(second).toEqual(first)
    const events = await listAudit('executor_key.revoked')
    expect(events.filter(({ event }) => event.external_object_id === key.key_id)).toHaveLength(1)
  })

  test('404: a key that does not exist', async () => expect((await revoke('key_000000000000')).status).toBe(404))
})

describe('GET /operator/executor-keys, 200', () => {
  test('lists keys newest first, without anything of the secret', async () => {
    const { key, secret } = await createOk({ executor_name: 'listed' })
    const answer = await deps.asOperator('admin').get('/operator/executor-keys')
    const text = await answer.text()
    expect((JSON.parse(text) as { items: ExecutorKey[] }).items[0]).toEqual(key)
    expect(text).not.toContain(secret.split('_')[2])
    expect(text).not.toContain(readExecutorKey(secret)!.sha256.toString('hex'))
  })
})

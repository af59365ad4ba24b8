import type { AuditEntry } from '@autopack/contract/audit'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AuditedFacts } from '../../audit/record-audit.ts'
import { recordAudit } from '../../audit/record-audit.ts'
import type { OperatorPrincipal, Principal } from '../../shared/principal.ts'
import { openTestDeps } from '../../test/open-test-deps.ts'
import type { TestDeps, TestExecutor } from '../../test/open-test-deps.ts'

let deps: TestDeps
let owner: string
let hidden: TestExecutor
const system: Principal = { kind: 'system', name: 'sweep' }

beforeAll(async () => {
  deps = await openTestDeps()
  owner = await deps.addOperator({ name: 'owner', role: 'viewer' })
  hidden = await deps.addExecutor({ name: 'hidden-agent', ownerOperatorId: owner })
  await append(toExecutor(deps.executor), { event_type: 'a.public', run_id: null })
  await append(toExecutor(hidden), { event_type: 'a.hidden' })
  await append(toOperator(deps.operatorIds.viewer), { event_type: 'a.own' })
  await append(system, { event_type: 'a.system' })
  await append(toOperator(deps.operatorIds.admin), { event_type: 'a.refused', result_status: 'refused', reason: '100% of_them\\' })
})
afterAll(() => deps.close())

function append(principal: Principal, facts: Partial<AuditedFacts>): Promise<number> {
  return deps.db.transaction((tx) =>
    recordAudit(tx, principal, { event_type: 'x', result_status: 'ok', ...facts }, { requestId: '00000000-0000-4000-8000-000000000000' }),
  )
}
function toOperator(operatorId: string): OperatorPrincipal {
  return { kind: 'operator', operatorId, name: 'n', role: 'viewer', sidHash: 'f'.repeat(64), amr: ['pwd'], authAgeSeconds: 0 }
}
function toExecutor({ executorId, name, keyId }: TestExecutor): Principal {
  const ownerOperatorId = executorId === hidden.executorId ? owner : deps.operatorIds.admin
  return { kind: 'executor', keyId, executorId, name, ownerOperatorId, ownerEnabled: true, sharedWithEveryone: false, scopes: [] }
}

type Page = { items: AuditEntry[]; total: { count: number; exact: boolean }; next_cursor: string | null }
async function list(who: string, query = ''): Promise<Page> {
  const answer = await deps.asOperator(who).get(`/operator/audit${query}`)
  expect(answer.status).toBe(200)
  return (await answer.json()) as Page
}
const typesOf = (page: Page) => page.items.map(({ event }) => event.event_type)

describe('GET /operator/audit, 200', () => {
  test('admins see everything, newest first, with as many as the total says', async () => {
    const page = await list('admin')
    expect(typesOf(page)).toEqual(['a.refused', 'a.system', 'a.own', 'a.hidden', 'a.public'])
    expect(page.total).toEqual({ count: 5, exact: true })
    expect(page.next_cursor).toBeNull()
  })

  test('others see what they may see of executors, their own and the system’s, and the total counts no more', async () => {
    const page = await list('viewer')
    expect(typesOf(page)).toEqual(['a.system', 'a.own', 'a.public'])
    expect(page.total.count).toBe(3)
    expect(typesOf(await list(owner))).toEqual(['a.system', 'a.hidden', 'a.public'])
  })

  test.each([
    ['?event_type=a.own', ['a.own']],
    ['?actor=sweep', ['a.system']],
    ['?actor=hidden-agent', ['a.hidden']],
    ['?result=refused', ['a.refused']],
    ['?result=ok&limit=2', ['a.system', 'a.own']],
    ['?q=100%25%20of_them', ['a.refused']],
    ['?q=%25', ['a.refused']],
    ['?q=SWEEP', ['a.system']],
    ['?run_id=nothing', []],
    ['?approval_ref=act_nothing', []],
  ])('%s', async (query, expected) => expect(typesOf(await list('admin', query))).toEqual(expected))

  test('pages follow one another without a gap or a repetition, though new events arrive', async () => {
    const first = await list('admin', '?limit=2')
    await append(system, { event_type: 'a.later' })
    const second = await list('admin', `?limit=2&cursor=${first.next_cursor}`)
    const third = await list('admin', `?limit=2&cursor=${second.next_cursor}`)
    const seqs = [first, second, third].flatMap(({ items }) => items.map(({ seq }) => seq))
    expect(seqs).toEqual([5, 4, 3, 2, 1])
    expect(third.next_cursor).toBeNull()
  })
})

describe('whose event it is', () => {
  test('an event about a run belongs to those who may see the run, whoever did it', async () => {
    const started = await deps.asExecutor(hidden.key).post('/runs/start', { run: { run_id: 'hidden-run' } })
    expect(started.status).toBe(201)
    await append(system, { event_type: 'a.about-run', run_id: 'hidden-run' })
    expect(typesOf(await list(owner, '?run_id=hidden-run'))).toContain('a.about-run')
    expect(typesOf(await list('viewer', '?run_id=hidden-run'))).toEqual([])
  })

  test('a refused attempt on somebody else’s run is shown to those who may see the run', async () => {
    const attempt = await deps.asExecutor().post('/runs/hidden-run/heartbeat', {})
    expect(attempt.status).toBe(404)
    const page = await list(owner, '?run_id=hidden-run&result=refused')
    expect(page.items[0]?.event).toMatchObject({ auth_principal_id: deps.executor.executorId, error_code: 'not_found' })
  })
})

describe('GET /operator/audit, 400', () => {
  test.each(['?cursor=abc', `?cursor=${Buffer.from('["x"]').toString('base64url')}`, '?limit=0', '?limit=101', '?unknown=1', '?limit=1&limit=2'])(
    '%s',
    async (query) => expect((await deps.asOperator('admin').get(`/operator/audit${query}`)).status).toBe(400),
  )
})

describe('GET /operator/audit/{seq}', () => {
  test('200: one entry, as it stands in the list', async () => {
    const answer = await deps.asOperator('viewer').get('/operator/audit/1')
    const page = await list('viewer', '?event_type=a.public')
    expect(await answer.json()).toEqual(page.items[0])
  })
  test('404: an entry that the operator may not see looks like none', async () => {
    const [hiddenEntry, none] = await Promise.all([2, 999].map((seq) => deps.asOperator('viewer').get(`/operator/audit/${seq}`)))
    expect([hiddenEntry!.status, none!.status]).toEqual([404, 404])
  })
})

describe('GET /operator/audit/export', () => {
  test('200: the whole chain in order, also over several pages, with the event as it was hashed', async () => {
    await deps.db.transaction(async (tx) => {
      for (let added = 0; added < 1_100; added += 1) await recordAudit(tx, system, { event_type: 'a.many', result_status: 'ok' }, { requestId: null })
    })
    const answer = await deps.asOperator('admin').get('/operator/audit/export')
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8')
    const lines = (await answer.text()).trimEnd().split('\n')
    const stored = await deps.db.execute(sql`SELECT event FROM control_plane.audit_event ORDER BY seq`)
    expect(lines.map((line) => line.slice(line.indexOf('"event":') + 8, -1))).toEqual((stored.rows as { event: string }[]).map(({ event }) => event))
    expect(lines.map((line) => (JSON.parse(line) as AuditEntry).seq)).toEqual(lines.map((_, index) => index + 1))
  })

  test('a reader that stops early leaves no query behind that would hold the database', async () => {
    const answer = await deps.asOperator('admin').get('/operator/audit/export')
    const reader = answer.body!.getReader()
    await reader.read()
    await reader.cancel()
    expect((await list('admin', '?limit=1')).items).toHaveLength(1)
  })

  test('403: an approver does not get the whole log', async () => {
    expect((await deps.asOperator('approver').get('/operator/audit/export')).status).toBe(403)
  })
})

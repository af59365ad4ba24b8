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
  await append(
    toExecutor(deps.executor),
    { event_type: 'external_action.proposed', payload_summary: 'publish the walnut desk', risk_level: 'high' },
    'request-of-the-first',
  )
  await append(toExecutor(hidden), { event_type: 'external_action.claimed' })
  await append(toOperator(deps.operatorIds.viewer), { event_type: 'session.ended' })
  await append(system, { event_type: 'clock.accepted' })
  await append(toOperator(deps.operatorIds.admin), { event_type: 'operator.change_refused', result_status: 'refused', reason: '100% of_them\\' })
})
afterAll(() => deps.close())

function append(principal: Principal, facts: Partial<AuditedFacts>, requestId = '00000000-0000-4000-8000-000000000000'): Promise<number> {
  return deps.db.transaction((tx) => recordAudit(tx, principal, { event_type: 'clock.accepted', result_status: 'ok', ...facts }, { requestId }))
}
function toOperator(operatorId: string): OperatorPrincipal {
  return { kind: 'operator', operatorId, name: 'n', role: 'viewer', sidHash: 'f'.repeat(64), amr: ['pwd'], authAgeSeconds: 0 }
}
function toExecutor({ executorId, name, keyId }: TestExecutor): Principal {
  const ownerOperatorId = executorId === hidden.executorId ? owner : deps.operatorIds.admin
  return { kind: 'executor', keyId, executorId, name, ownerOperatorId, ownerEnabled: true, sharedWithEveryone: false, scopes: [] }
}

type Page = { items: AuditEntry[]; total: { count: number; exact: boolean }; next_cursor: string | null; searched_from: number | null }
async function list(who: string, query = ''): Promise<Page> {
  const answer = await deps.asOperator(who).get(`/operator/audit${query}`)
  expect(answer.status).toBe(200)
  return (await answer.json()) as Page
}
const typesOf = (page: Page) => page.items.map(({ event }) => event.event_type)

describe('GET /operator/audit, 200', () => {
  test('admins see everything, newest first, with as many as the total says', async () => {
    const page = await list('admin')
    expect(typesOf(page)).toEqual([
      'operator.change_refused',
      'clock.accepted',
      'session.ended',
      'external_action.claimed',
      'external_action.proposed',
    ])
    expect(page.total).toEqual({ count: 5, exact: true })
    expect(page.next_cursor).toBeNull()
  })

  test('others see what they may see of executors, their own and the system’s, and the total counts no more', async () => {
    const page = await list('viewer')
    expect(typesOf(page)).toEqual(['clock.accepted', 'session.ended', 'external_action.proposed'])
    expect(page.total.count).toBe(3)
    expect(typesOf(await list(owner))).toEqual(['clock.accepted', 'external_action.claimed', 'external_action.proposed'])
  })

  test.each([
    ['did:session.ended', ['session.ended']],
    ['did:sign-in', ['session.ended']],
    ['did:refusal did:clock', ['operator.change_refused', 'clock.accepted']],
    ['who:sweep', ['clock.accepted']],
    ['who:hidden-agent', ['external_action.claimed']],
    ['who:HIDDEN-agent', ['external_action.claimed']],
    ['-who:hidden-agent -who:sweep', ['operator.change_refused', 'session.ended', 'external_action.proposed']],
    ['result:refused', ['operator.change_refused']],
    ['result:ok -did:execution', ['clock.accepted', 'session.ended', 'external_action.proposed']],
    ['"100% of_them"', ['operator.change_refused']],
    ['%', ['operator.change_refused']],
    ['SWEEP', ['clock.accepted']],
    ['of_them -SWEEP', ['operator.change_refused']],
    ['of_them SWEEP', []],
    ['"them\\\\"', ['operator.change_refused']],
    ['on:"walnut desk"', ['external_action.proposed']],
    ['on:"WALNUT \\"d"', []],
    ['on:demo-agent', []],
    ['-on:walnut did:proposal', []],
    ['risk:high', ['external_action.proposed']],
    ['-risk:high -who:sweep -did:key', ['operator.change_refused', 'session.ended', 'external_action.claimed']],
    ['request:request-of-the-first', ['external_action.proposed']],
    ['-request:request-of-the-first result:refused', ['operator.change_refused']],
    ['since:1h until:2999-01-01 did:decision', []],
    ['until:2020-01-01', []],
    ['until:1h', []],
    ['since:1h did:clock', ['clock.accepted']],
    ['run:nothing', []],
    ['action:act_00000000-0000-4000-8000-000000000000', []],
    ["'; DROP TABLE control_plane.audit_event; --x", []],
  ])('q=%s', async (query, expected) =>
    expect(typesOf(await list('admin', `?q=${encodeURIComponent(query).replaceAll("'", '%27')}`))).toEqual(expected),
  )

  test('pages follow one another without a gap or a repetition, though new events arrive', async () => {
    const first = await list('admin', '?limit=2')
    await append(system, { event_type: 'external_action.expired' })
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
    await append(system, { event_type: 'external_action.lease_lost', run_id: 'hidden-run' })
    expect(typesOf(await list(owner, '?q=run:hidden-run'))).toContain('external_action.lease_lost')
    expect(typesOf(await list('viewer', '?q=run:hidden-run'))).toEqual([])
  })

  test('a refused attempt on somebody else’s run is shown to those who may see the run', async () => {
    const attempt = await deps.asExecutor().post('/runs/hidden-run/heartbeat', {})
    expect(attempt.status).toBe(404)
    const page = await list(owner, '?q=run:hidden-run%20result:refused')
    expect(page.items[0]?.event).toMatchObject({ auth_principal_id: deps.executor.executorId, error_code: 'not_found' })
  })
})

describe('GET /operator/audit, 400', () => {
  test.each(['?cursor=abc', `?cursor=${Buffer.from('["x"]').toString('base64url')}`, '?limit=0', '?limit=101', '?unknown=1', '?limit=1&limit=2'])(
    '%s',
    async (query) => expect((await deps.asOperator('admin').get(`/operator/audit${query}`)).status).toBe(400),
  )

  test.each([
    ['who:mira wo:tom', 'query q, character 10: there is no field wo'],
    ['"not closed', 'query q, character 1: this quote is not closed'],
    ['result:perhaps', 'query q, character 8: no such result'],
    ['since:2026-02-30', 'query q, character 7: not a day'],
  ])('a query that does not parse is refused with its place: %s', async (query, words) => {
    const answer = await deps.asOperator('admin').get(`/operator/audit?q=${encodeURIComponent(query)}`)
    expect(answer.status).toBe(400)
    const problem = (await answer.json()) as { code: string; detail: string }
    expect(problem.code).toBe('invalid_request')
    expect(problem.detail).toContain(words)
  })
})

describe('GET /operator/audit/{seq}', () => {
  test('200: one entry, as it stands in the list', async () => {
    const answer = await deps.asOperator('viewer').get('/operator/audit/1')
    const page = await list('viewer', '?q=did:external_action.proposed')
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
      for (let added = 0; added < 1_100; added += 1)
        await recordAudit(tx, system, { event_type: 'clock.accepted', result_status: 'ok' }, { requestId: null })
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

describe('a log of more entries than a search for words reads at a time', () => {
  test('it says how far it looked, and its cursor goes on from there, also from an empty page', async () => {
    const first = await list('admin', '?limit=1&q=of_them')
    expect(first).toMatchObject({ searched_from: null, next_cursor: null, total: { count: 1, exact: true } })
    await appendMany(20_500)
    const pages = [await list('admin', '?limit=1&q=of_them')]
    expect(pages[0]).toMatchObject({ items: [], total: { count: 0, exact: false } })
    expect(pages[0]!.searched_from).toBeGreaterThan(1)
    while (pages.at(-1)!.next_cursor !== null) pages.push(await list('admin', `?limit=1&q=of_them&cursor=${pages.at(-1)!.next_cursor}`))
    expect(pages).toHaveLength(2)
    expect(typesOf(pages[1]!)).toEqual(['operator.change_refused'])
    expect(pages[1]!.searched_from).toBeNull()
  })

  test('the story of one run is read whole, and a day long ago is not searched for from today', async () => {
    expect(await list('admin', '?q=run:hidden-run%20about')).toMatchObject({ searched_from: null, total: { exact: true } })
    const [{ at }] = (await deps.db.execute(sql`SELECT max(at)::text AS at FROM control_plane.audit_event WHERE seq <= 10`)).rows as [{ at: string }]
    const until = new Date(`${at.replace(' ', 'T').slice(0, 23)}Z`).toISOString()
    const page = await list('admin', `?q=of_them%20until:${until}`)
    expect([typesOf(page), page.searched_from]).toEqual([['operator.change_refused'], null])
  })

  test('where nothing older is since that moment, no further page is promised', async () => {
    const page = await list('admin', `?q=nowhere-at-all%20since:${new Date(Date.now() + 3_600_000).toISOString().slice(0, 16)}Z`)
    expect(page).toMatchObject({ items: [], next_cursor: null, searched_from: null })
  })
})

/** As the log grows by itself, and a hundred times faster. */
async function appendMany(count: number): Promise<void> {
  await deps.db.execute(
    sql.raw(`DO $$ DECLARE last record; said text := '{"event_type":"clock.accepted"}'; BEGIN
      FOR added IN 1..${count} LOOP
        SELECT seq + 1 AS seq, hash INTO last FROM control_plane.audit_head;
        INSERT INTO control_plane.audit_event (seq, prev, hash, event, event_type, auth_principal_type, auth_principal_id, result_status, at)
        VALUES (last.seq, last.hash, sha256('\\x01'::bytea || int8send(last.seq) || last.hash || convert_to(said, 'UTF8')), said,
          'clock.accepted', 'system', 'sweep', 'ok', clock_timestamp());
      END LOOP; END $$`),
  )
}

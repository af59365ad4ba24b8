import type { AuditEntry } from '@autopack/contract/audit'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AuditedFacts } from '../../audit/record-audit.ts'
import { recordAudit } from '../../audit/record-audit.ts'
import type { OperatorPrincipal, Principal } from '../../shared/principal.ts'
import { appendEvents } from '../../test/checkpoint-story.ts'
import { openTestDeps } from '../../test/open-test-deps.ts'
import type { TestDeps, TestExecutor } from '../../test/open-test-deps.ts'
import { readAuditQuery, searchAudit } from './search-audit.ts'

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

/** Every member that one of these types has always. */
const whole: Partial<AuditedFacts> = {
  ...{ action_type: 'demo_shop.create_listing', provider: 'demo_shop', operation: 'create_listing', revision: 1, requested_by: 'exr_1' },
  ...{ requested_at: '2026-11-23T10:00:00.000Z', payload_hash: 'a'.repeat(64), payload_summary: 'a summary', external_target: 'a target' },
  ...{ risk_score: 1, risk_level: 'low', idempotency_key: 'k', approved_at: '2026-11-23T10:00:00.000Z', executed_at: '2026-11-23T10:00:00.000Z' },
  ...{ completed_at: '2026-11-23T10:00:00.000Z', kill_switch_snapshot: {}, record_sha256: 'b'.repeat(64), error_code: 'x', error_summary: 'x' },
  ...{ reason: 'a reason', approval_ref: { kind: 'external_action', id: 'act_none' } },
}

function append(principal: Principal, facts: Partial<AuditedFacts>, requestId = '00000000-0000-4000-8000-000000000000'): Promise<number> {
  return deps.db.transaction((tx) =>
    recordAudit(tx, principal, { ...whole, event_type: 'clock.accepted', result_status: 'ok', ...facts }, { requestId }),
  )
}
function toOperator(operatorId: string): OperatorPrincipal {
  return { kind: 'operator', operatorId, name: 'n', role: 'viewer', sidHash: 'f'.repeat(64), keyId: 'k', amr: ['pwd'], authAgeSeconds: 0 }
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
    ['since:1h until:9999-12-31T23:59:59.999Z did:decision', []],
    ['since:9999-12-31T23:59:59.999Z', []],
    ['since:0001-01-01 until:0001-01-01', []],
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

/** Of more entries than a page of the export, once for whichever test needs it. */
const makeLogLong = () => (madeLong ??= appendEvents(deps.db, 600))
let madeLong: Promise<void> | undefined

describe('GET /operator/audit/export', () => {
  test('200: the whole chain in order, also over several pages, with the event as it was hashed', async () => {
    await makeLogLong()
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

describe('GET /operator/audit/events', () => {
  const download = async (who: string, query = '') => {
    const answer = await deps.asOperator(who).get(`/operator/audit/events${query}`)
    expect(answer.status).toBe(200)
    return answer
  }
  const entriesOf = async (answer: Response) =>
    (await answer.text())
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as AuditEntry)

  test('200: what the query finds, oldest first, over several pages; nobody gets what they may not see', async () => {
    await makeLogLong()
    const all = await entriesOf(await download('admin'))
    expect(all.map(({ seq }) => seq)).toEqual(all.map((_, index) => index + 1))
    expect(all.length).toBeGreaterThan(600)
    const seen = await entriesOf(await download('viewer', '?q=-did:clock%20-did:external_action.expired'))
    expect(seen.map(({ event }) => event.event_type)).toEqual(['external_action.proposed', 'session.ended'])
    expect((await entriesOf(await download(owner, '?q=who:hidden-agent%20did:external_action'))).length).toBeGreaterThan(0)
    expect(await entriesOf(await download('viewer', '?q=who:hidden-agent%20did:external_action'))).toEqual([])
  })

  test('200: as CSV, one row an entry under the names of its columns, as a download', async () => {
    const answer = await download('admin', '?format=csv&q=did:refusal%20of_them')
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present')
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="autopack-audit-extract.csv"')
    const [header, row, end] = (await answer.text()).split('\r\n')
    expect(header).toMatch(/^seq,at,event_type,who,/)
    expect([row!.startsWith('5,"'), row!.includes('"operator.change_refused"'), end]).toEqual([true, true, ''])
  })

  test('a reader that stops early leaves nothing behind that would hold the database', async () => {
    const reader = (await download('admin')).body!.getReader()
    await reader.read()
    await reader.cancel()
    expect((await list('admin', '?limit=1')).items).toHaveLength(1)
  })

  test('400: for a query that does not parse, and for another format', async () => {
    for (const query of ['?q=wo:x', '?format=xlsx']) expect((await deps.asOperator('admin').get(`/operator/audit/events${query}`)).status).toBe(400)
  })
})

describe('a log of more entries than a search for words reads at a time', () => {
  beforeAll(makeLogLong)
  const most = 40
  const search = async (q: string, before: number | null = null) =>
    searchAudit(deps.db, { ...toOperator(deps.operatorIds.admin), role: 'admin' }, readAuditQuery(q), { before, limit: 1, now: new Date(), most })
  const typesFound = (page: Awaited<ReturnType<typeof search>>) => page.items.map(({ event }) => event.event_type)

  test('it says how far it looked, and goes on from there, also from an empty page', async () => {
    const pages = [await search('of_them')]
    expect(pages[0]).toMatchObject({ items: [], total: { count: 0, exact: false } })
    expect(pages[0]!.searched_from).toBeGreaterThan(1)
    while (pages.at(-1)!.next !== null) pages.push(await search('of_them', pages.at(-1)!.next))
    expect(pages.length).toBeGreaterThan(10)
    expect(pages.flatMap(typesFound)).toEqual(['operator.change_refused'])
    expect(pages.at(-1)!.searched_from).toBeNull()
  })

  test('the story of one run is read whole, and a day long ago is not searched for from today', async () => {
    expect(await search('run:hidden-run about')).toMatchObject({ searched_from: null, total: { exact: true } })
    expect(await search('who:sweep about')).toMatchObject({ total: { exact: false } })
    const [{ at }] = (
      await deps.db.execute(
        sql`SELECT to_char(max(at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at FROM control_plane.audit_event WHERE seq <= 10`,
      )
    ).rows as [{ at: string }]
    const page = await search(`of_them until:${at}`)
    expect([typesFound(page), page.searched_from]).toEqual([['operator.change_refused'], null])
  })

  test('where nothing older is since that moment, no further page is promised', async () => {
    const page = await search(`nowhere-at-all since:${new Date(Date.now() + 3_600_000).toISOString().slice(0, 16)}Z`)
    expect(page).toMatchObject({ items: [], next: null, searched_from: null })
  })
})

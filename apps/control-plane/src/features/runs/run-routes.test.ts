import { silentAfterMs } from '@autopack/contract/limits'
import type { RunDetail } from '@autopack/contract/operator-runs'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDeps, shiftedClock } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'
import { buildStartBody } from '../../test/start-body.ts'

let deps: TestDeps
let strangerKey: string
let secondsAhead = 0
let counter = 0

beforeAll(async () => {
  deps = await openTestDeps({ now: shiftedClock(() => secondsAhead) })
  strangerKey = (await deps.addExecutor({ name: 'stranger' })).key
})
afterAll(() => deps.close())

type Any = Record<string, any> // oxlint-disable-line typescript/no-explicit-any -- answers of many shapes, read in place
const json = async (response: Response) => (await response.json()) as Any
const newId = () => `run-${(counter += 1)}`

async function start(options: Parameters<typeof buildStartBody>[1] = {}, key?: string): Promise<string> {
  const id = newId()
  const response = await deps.asExecutor(key).post('/runs/start', buildStartBody(id, options))
  expect(response.status).toBe(201)
  return id
}
const update = (id: string, phase: string, body: object) => deps.asExecutor().post(`/runs/${id}/phases/${phase}/update_status`, body)
const detail = async (id: string) => (await json(await deps.asOperator('viewer').get(`/operator/runs/${id}`))) as RunDetail
const usage = (id: string, body: object, key: string) =>
  deps
    .asExecutor()
    .post(`/runs/${id}/usage`, { model: null, tokens: null, cpu_ms: 0, bytes_read: 0, bytes_written: 0, ...body }, { 'idempotency-key': key })
async function countEvents(id: string): Promise<number> {
  const found = await deps.db.execute(sql`SELECT count(*)::int AS n FROM control_plane.event WHERE resource_kind = 'run' AND resource_id = ${id}`)
  return Number((found.rows[0] as { n: number }).n)
}

describe('201', () => {
  test('a started run has its tiers and phases queued, in order, and nothing started', async () => {
    const id = newId()
    const phaseList = [
      { phase_id: 'late', phase_index: 0, tier_id: 'B', name: 'late' },
      { phase_id: 'second', phase_index: 1, tier_id: 'A', name: 'second' },
      { phase_id: 'first', phase_index: 0, tier_id: 'A', name: 'first' },
    ]
    const tiers = [
      { tier_id: 'B', tier_index: 1, name: 'later' },
      { tier_id: 'A', tier_index: 0, name: 'sooner', unknown_member: true },
    ]
    const answer = await json(await deps.asExecutor().post('/runs/start', buildStartBody(id, { phaseList, tiers })))
    expect(answer).toMatchObject({ id, state: 'RUN_CREATED', started_at: null, completed_at: null })
    expect(answer['phases'].map((phase: Any) => phase['phase_id'])).toEqual(['first', 'second', 'late'])
    expect(answer['tiers'].map((tier: Any) => [tier['tier_id'], tier['state'], tier['phases'].length])).toEqual([
      ['A', 'PENDING', 2],
      ['B', 'PENDING', 1],
    ])
  })

  test('the same start again is answered with the run as it is now, and does not tell anybody', async () => {
    const body = buildStartBody(newId())
    await deps.asExecutor().post('/runs/start', body)
    await update(body.run.run_id, 'p0', { state: 'EXECUTING' })
    const events = await countEvents(body.run.run_id)
    const again = await deps.asExecutor().post('/runs/start', body)
    expect(again.status).toBe(201)
    expect(await json(again)).toMatchObject({ id: body.run.run_id, state: 'PHASE_EXECUTION' })
    expect(await countEvents(body.run.run_id)).toBe(events)
  })

  test('a run of 2,000 phases starts, and the list shows the first 60 of them', async () => {
    const id = await start({ phases: 2_000 })
    const run = await detail(id)
    expect(run.phases_total).toBe(2_000)
    expect(run.phase_states).toHaveLength(60)
    expect(run.tiers[0]?.phases).toHaveLength(2_000)
  })

  test('usage is summed on run and phase, and counted once for one Idempotency-Key', async () => {
    const id = await start()
    const body = { phase_id: 'p0', model: 'm', tokens: 7, cpu_ms: 10, bytes_read: 3, bytes_written: 2 }
    const first = await json(await usage(id, body, `${id}-1`))
    expect(await json(await usage(id, body, `${id}-1`))).toEqual(first)
    expect(await json(await usage(id, { tokens: 5, cpu_ms: 1 }, `${id}-2`))).toEqual({
      run_id: id,
      tokens: 12,
      cpu_ms: 11,
      bytes_read: 3,
      bytes_written: 2,
    })
    const run = await detail(id)
    expect([run.tokens_used, run.cpu_ms, run.tiers[0]?.phases[0]?.tokens_used, run.tiers[0]?.phases[0]?.cpu_ms]).toEqual([12, 11, 7, 10])
  })
})

describe('200', () => {
  test('phases move the run from queued over running to done, with honest times', async () => {
    const id = await start()
    expect((await detail(id)).state).toBe('queued')
    const moved = await json(await update(id, 'p0', { state: 'EXECUTING' }))
    expect(moved['phase']).toMatchObject({ state: 'EXECUTING', builder_attempts: 1, completed_at: null })
    expect(moved['phase']['started_at']).not.toBeNull()
    let run = await detail(id)
    expect(run).toMatchObject({ state: 'running', current_phase_name: 'Phase 0', completed_at: null })
    expect(run.started_at).not.toBeNull()
    expect(run.tiers[0]?.state).toBe('IN_PROGRESS')
    await update(id, 'p0', { state: 'COMPLETE', tokens_used: 40 })
    await update(id, 'p1', { state: 'SKIPPED' })
    run = await detail(id)
    expect(run).toMatchObject({ state: 'done', phases_done: 2, phase_states: ['COMPLETE', 'SKIPPED'], tokens_used: 40, current_phase_name: null })
    expect(run.completed_at).not.toBeNull()
    expect(run.tiers[0]?.state).toBe('COMPLETE')
  })

  test('the time of a finished run stands still', async () => {
    const id = await start({ phases: 1 })
    await update(id, 'p0', { state: 'EXECUTING' })
    await update(id, 'p0', { state: 'COMPLETE' })
    const elapsed = async () => (await json(await deps.asExecutor().get(`/runs/${id}/progress`)))['elapsed_seconds']
    const before = await elapsed()
    secondsAhead += 500
    expect(await elapsed()).toBe(before)
  })

  test('a failed phase that is tried again opens the run again, with a second attempt', async () => {
    const id = await start({ phases: 1 })
    await update(id, 'p0', { state: 'EXECUTING' })
    await update(id, 'p0', { state: 'FAILED', failure_reason: 'disk full' })
    expect(await detail(id)).toMatchObject({ state: 'failed', failure_reason: 'disk full', phases_failed: 1 })
    await update(id, 'p0', { state: 'EXECUTING' })
    const run = await detail(id)
    expect(run).toMatchObject({ state: 'running', failure_reason: null, completed_at: null, phases_failed: 0 })
    expect(run.tiers[0]?.phases[0]).toMatchObject({ attempts: 2, failure_reason: null, completed_at: null })
  })

  test('the same report again changes nothing: no version, no event', async () => {
    const id = await start()
    await update(id, 'p0', { state: 'EXECUTING' })
    const before = await detail(id)
    const events = await countEvents(id)
    expect((await update(id, 'p0', { state: 'EXECUTING' })).status).toBe(200)
    expect((await detail(id)).version).toBe(before.version)
    expect(await countEvents(id)).toBe(events)
  })

  test('a run that uses no model shows no tokens rather than zero', async () => {
    const id = await start({ run: { uses_model: false } })
    const run = await detail(id)
    expect(run).toMatchObject({ uses_model: false, tokens_used: null })
    expect(run.tiers[0]?.phases[0]?.tokens_used).toBeNull()
  })

  test('heartbeats set note and progress, and tell live views at most once a second, but never lose the last change', async () => {
    const id = await start()
    await update(id, 'p0', { state: 'EXECUTING' })
    const beat = (body: object) => deps.asExecutor().post(`/runs/${id}/heartbeat`, body)
    const events = await countEvents(id)
    await beat({ note: 'reading', done: 1, of: 10 })
    for (let done = 2; done <= 6; done += 1) await beat({ note: 'reading', done, of: 10 })
    expect(await countEvents(id)).toBe(events + 1)
    const run = await detail(id)
    expect(run.heartbeat_note).toBe('reading')
    expect(run.tiers[0]?.phases[0]?.progress).toEqual({ done: 6, of: 10 })
    secondsAhead += 2
    await beat({})
    expect(await countEvents(id)).toBe(events + 2)
    secondsAhead += 2
    await beat({})
    expect(await countEvents(id)).toBe(events + 2)
  })

  test('a running run that was not heard of is silent by the database clock, and no longer when it speaks', async () => {
    const id = await start()
    await update(id, 'p0', { state: 'EXECUTING' })
    const silent = async () =>
      (await json(await deps.asOperator('admin').get('/operator/runs?state=silent&limit=100')))['items'].map((run: Any) => run['run_id'])
    expect(await silent()).not.toContain(id)
    secondsAhead += silentAfterMs / 1000 + 1
    expect(await silent()).toContain(id)
    expect((await detail(id)).silent_since).not.toBeNull()
    const events = await countEvents(id)
    await deps.asExecutor().post(`/runs/${id}/heartbeat`, {})
    expect((await detail(id)).silent_since).toBeNull()
    expect(await countEvents(id)).toBe(events + 1)
  })

  test('the executor lists its own runs newest first, with limit and offset moved into their bounds', async () => {
    const mine = await deps.addExecutor({ name: 'lister' })
    const ids = [await start({}, mine.key), await start({}, mine.key), await start({}, mine.key)].toReversed()
    const list = await json(await deps.asExecutor(mine.key).get('/runs?limit=0&offset=1'))
    expect(list).toMatchObject({ total: 3, limit: 1, offset: 1 })
    expect(list['runs'].map((run: Any) => run['id'])).toEqual([ids[1]])
    expect(await json(await deps.asExecutor(mine.key).get('/runs?limit=5000'))).toMatchObject({ limit: 100 })
  })

  test('an unchanged list answers 304', async () => {
    const first = await deps.asOperator('viewer').get('/operator/runs')
    const again = await deps.asOperator('viewer').get('/operator/runs', { 'if-none-match': first.headers.get('etag') ?? '' })
    expect(again.status).toBe(304)
  })
})

describe('the inbox', () => {
  let ids: string[]
  beforeAll(async () => {
    const executor = await deps.addExecutor({ name: 'inbox-agent', sharedWithEveryone: true })
    ids = []
    for (const name of ['Alpha 100%', 'alpha_beta', 'Äther \\ log', 'zeta', 'beta']) ids.push(await start({ run: { name } }, executor.key))
    await deps.asExecutor(executor.key).post(`/runs/${ids[4]}/phases/p0/update_status`, { state: 'EXECUTING' })
  })
  const list = async (search: string, role = 'viewer') => json(await deps.asOperator(role).get(`/operator/runs?executor=inbox-agent&${search}`))
  const names = (page: Any) => page['items'].map((run: Any) => run['name'])

  test('search finds text in name, run id and executor, whatever its case', async () => {
    expect(names(await list('q=ALPHA&sort=name'))).toEqual(['Alpha 100%', 'alpha_beta'])
    expect((await list(`q=${ids[3]}`))['items'].map((run: Any) => run['run_id'])).toContain(ids[3])
    expect((await list('q=inbox-ag'))['total']).toEqual({ count: 5, exact: true })
    expect(names(await list(`q=${encodeURIComponent('äth')}`))).toEqual(['Äther \\ log'])
  })
  test('percent, underscore and backslash are searched for as themselves', async () => {
    expect(names(await list('q=100%25'))).toEqual(['Alpha 100%'])
    expect(names(await list('q=a_b'))).toEqual(['alpha_beta'])
    expect(names(await list(`q=${encodeURIComponent(' \\ ')}`))).toEqual(['Äther \\ log'])
    expect(names(await list(`q=${encodeURIComponent('%%%')}`))).toEqual([])
  })
  test('search has its trigram index, and every order its index, on both databases', async () => {
    const found = await deps.db.execute(sql`SELECT indexname FROM pg_indexes WHERE schemaname = 'control_plane' AND tablename = 'run'`)
    const names = found.rows.map((row) => (row as { indexname: string }).indexname)
    expect(names).toEqual(
      expect.arrayContaining(['run_search', 'run_created', 'run_name', 'run_state', 'run_executor', 'run_owner', 'run_needs_human']),
    )
  })
  test('a heartbeat changes nothing that an index holds, so it stays cheap with a million runs', async () => {
    const found = await deps.db.execute(sql`SELECT indexdef FROM pg_indexes WHERE schemaname = 'control_plane' AND tablename = 'run'`)
    for (const { indexdef } of found.rows as { indexdef: string }[]) expect(indexdef).not.toMatch(/heard_at|heartbeat|version/)
  })
  test('one or two characters are looked for where words begin', async () => {
    expect(names(await list('q=ze'))).toEqual(['zeta'])
    expect(names(await list('q=et'))).toEqual([])
  })
  test.each(['started', 'name', 'state'])('pages sorted by %s show every run once and in one order', async (sort) => {
    const whole = (await list(`sort=${sort}`))['items'].map((run: Any) => run['run_id'])
    expect(whole).toHaveLength(5)
    const paged: string[] = []
    let cursor: string | null = null
    do {
      const page: Any = await list(`sort=${sort}&limit=2${cursor ? `&cursor=${cursor}` : ''}`)
      paged.push(...page['items'].map((run: Any) => run['run_id']))
      cursor = page['next_cursor']
    } while (cursor)
    expect(paged).toEqual(whole)
  })
  test('filters by state, owner, since and need of a person are applied, and the total counts what they leave', async () => {
    expect(await list('state=running')).toMatchObject({ total: { count: 1, exact: true }, items: [{ run_id: ids[4], state: 'running' }] })
    expect((await list('owner=admin'))['total']['count']).toBe(5)
    expect((await list('owner=nobody'))['total']['count']).toBe(0)
    expect((await list('since=2999-01-01T00:00:00.000Z'))['total']['count']).toBe(0)
    expect((await list('needs_human=true'))['total']['count']).toBe(0)
    expect((await list('needs_human=false'))['total']['count']).toBe(5)
  })
  test('the facets count all visible runs, whatever is filtered', async () => {
    const page = await list('state=running')
    expect(page['by_state']['queued']['count']).toBeGreaterThan(3)
    expect(Object.keys(page['by_state']).toSorted()).toEqual(['done', 'failed', 'queued', 'running', 'silent', 'stopped', 'waiting'])
  })
})

describe('400', () => {
  test.each([
    ['a phase of an unknown tier', { phaseList: [{ phase_id: 'p', phase_index: 0, tier_id: 'nowhere', name: 'p' }] }, 'unknown tier nowhere'],
    ['a phase that is there twice', { phaseList: [0, 1].map((phase_index) => ({ phase_id: 'p', phase_index, tier_id: 'T1', name: 'p' })) }, 'twice'],
    ['a tier that is there twice', { tiers: [0, 1].map((tier_index) => ({ tier_id: 'T1', tier_index, name: 't' })) }, 'twice'],
    ['a run id that climbs', { run: { run_id: '../etc' } }, 'run_id'],
    ['a NUL in a name', { run: { name: 'a\0b' } }, 'name'],
  ])('%s is refused in words and nothing is written', async (_what, options, words) => {
    const id = newId()
    const response = await deps.asExecutor().post('/runs/start', buildStartBody(id, options))
    expect(response.status).toBe(400)
    const problem = await json(response)
    expect(problem['code']).toBe('invalid_request')
    expect(problem['detail']).toContain(words)
    expect((await deps.asExecutor().get(`/runs/${id}`)).status).toBe(404)
  })
  test('half a progress, or more done than there is, is refused', async () => {
    const id = await start()
    for (const body of [{ done: 1 }, { of: 1 }, { done: 2, of: 1 }])
      expect((await deps.asExecutor().post(`/runs/${id}/heartbeat`, body)).status).toBe(400)
  })
  test('tokens of a run that uses no model are refused', async () => {
    const id = await start({ run: { uses_model: false } })
    expect((await usage(id, { tokens: 1 }, `${id}-t`)).status).toBe(400)
    expect((await update(id, 'p0', { state: 'EXECUTING', tokens_used: 1 })).status).toBe(400)
    expect((await usage(id, { cpu_ms: 1 }, `${id}-u`)).status).toBe(201)
  })
  test('usage without an Idempotency-Key is refused', async () => {
    const id = await start()
    const body = { model: null, tokens: null, cpu_ms: 0, bytes_read: 0, bytes_written: 0 }
    expect(await json(await deps.asExecutor().post(`/runs/${id}/usage`, body))).toMatchObject({ code: 'idempotency_key_required' })
  })
  test('sums that no longer fit are refused instead of breaking the run', async () => {
    const id = await start()
    expect((await usage(id, { cpu_ms: Number.MAX_SAFE_INTEGER }, `${id}-a`)).status).toBe(201)
    expect((await usage(id, { cpu_ms: 1 }, `${id}-b`)).status).toBe(400)
    expect((await update(id, 'p0', { state: 'EXECUTING', tokens_used: Number.MAX_SAFE_INTEGER })).status).toBe(200)
    expect((await update(id, 'p1', { state: 'EXECUTING', tokens_used: 5 })).status).toBe(400)
    expect((await detail(id)).cpu_ms).toBe(Number.MAX_SAFE_INTEGER)
  })
  test.each([
    'cursor=abc',
    'cursor=W10',
    `cursor=${Buffer.from('["started","0000-01-01T00:00:00.000Z","run"]').toString('base64url')}`,
    `cursor=${Buffer.from('["name","no-such-run"]').toString('base64url')}&sort=name`,
    `cursor=${Buffer.from('["state",70000,"2026-01-01T00:00:00.000Z","run"]').toString('base64url')}&sort=state`,
    'since=2026-02-30T00:00:00.000Z',
    'since=0000-01-01T00:00:00.000Z',
    'since=yesterday',
    'q=%00',
    'owner=%00',
    'state=odd',
    'limit=0',
    'limit=101',
    'unknown=1',
    `q=${'x'.repeat(201)}`,
  ])('the list refuses %s in words', async (search) => {
    const response = await deps.asOperator('admin').get(`/operator/runs?${search}`)
    expect(response.status).toBe(400)
    expect(await json(response)).toMatchObject({ code: 'invalid_request' })
  })
})

describe('404', () => {
  test('every route of another executor’s run answers as if there were no such run', async () => {
    const id = await start()
    const stranger = deps.asExecutor(strangerKey)
    const usageBody = { model: null, tokens: null, cpu_ms: 1, bytes_read: 0, bytes_written: 0 }
    const answers = [
      await stranger.get(`/runs/${id}`),
      await stranger.get(`/runs/${id}/progress`),
      await stranger.post(`/runs/${id}/phases/p0/update_status`, { state: 'EXECUTING' }),
      await stranger.post(`/runs/${id}/heartbeat`, {}),
      await stranger.post(`/runs/${id}/usage`, usageBody, { 'idempotency-key': 'k' }),
    ]
    expect(answers.map((answer) => answer.status)).toEqual([404, 404, 404, 404, 404])
    expect((await detail(id)).version).toBe(1)
  })
  test('an unknown phase is not found', async () => {
    const id = await start()
    expect((await update(id, 'nowhere', { state: 'EXECUTING' })).status).toBe(404)
    expect((await usage(id, { phase_id: 'nowhere' }, `${id}-n`)).status).toBe(404)
  })
  test('an operator neither reads nor counts runs that are not shared with them', async () => {
    const owner = await deps.addOperator({ name: 'owner', role: 'viewer' })
    const own = await deps.addExecutor({ name: 'private-agent', ownerOperatorId: owner })
    const id = await start({}, own.key)
    expect((await deps.asOperator('viewer').get(`/operator/runs/${id}`)).status).toBe(404)
    const page = await json(await deps.asOperator('viewer').get('/operator/runs?q=private-agent'))
    expect(page).toMatchObject({ items: [], total: { count: 0, exact: true } })
    for (const who of [owner, 'admin']) {
      expect((await deps.asOperator(who).get(`/operator/runs/${id}`)).status).toBe(200)
      expect((await json(await deps.asOperator(who).get('/operator/runs?q=private-agent')))['total']['count']).toBe(1)
    }
    expect(
      (await json(await deps.asOperator(owner).get('/operator/runs?executor=private-agent')))['by_state']['queued']['count'],
    ).toBeGreaterThanOrEqual(1)
  })
})

describe('409', () => {
  test('a taken run id is refused, for the same executor with another body and for anybody else', async () => {
    const id = await start()
    for (const key of [undefined, strangerKey]) {
      const response = await deps.asExecutor(key).post('/runs/start', buildStartBody(id, { phases: 3 }))
      expect(response.status).toBe(409)
      expect(await json(response)).toMatchObject({ code: 'run_exists' })
    }
    expect((await deps.asExecutor(strangerKey).post('/runs/start', buildStartBody(id))).status).toBe(409)
    expect((await detail(id)).phases_total).toBe(2)
  })
  test('two simultaneous starts of the same run make one run', async () => {
    const body = buildStartBody(newId())
    const answers = await Promise.all([deps.asExecutor().post('/runs/start', body), deps.asExecutor(strangerKey).post('/runs/start', body)])
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([201, 409])
  })
  test('a state that cannot follow is refused with what could', async () => {
    const id = await start()
    const response = await update(id, 'p0', { state: 'COMPLETE' })
    expect(response.status).toBe(409)
    expect(await json(response)).toMatchObject({ code: 'illegal_transition', detail: expect.stringContaining('EXECUTING, SKIPPED') })
    expect((await detail(id)).phase_states[0]).toBe('QUEUED')
  })
  test('a heartbeat of a run that has ended is refused', async () => {
    const id = await start({ phases: 1 })
    await update(id, 'p0', { state: 'SKIPPED' })
    expect(await json(await deps.asExecutor().post(`/runs/${id}/heartbeat`, {}))).toMatchObject({ code: 'run_closed' })
  })
  test('an Idempotency-Key that was used for another report is refused', async () => {
    const id = await start()
    await usage(id, { cpu_ms: 1 }, `${id}-r`)
    expect(await json(await usage(id, { cpu_ms: 2 }, `${id}-r`))).toMatchObject({ code: 'idempotency_key_reused' })
    expect((await detail(id)).cpu_ms).toBe(1)
  })
})

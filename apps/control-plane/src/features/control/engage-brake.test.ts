import { randomUUID } from 'node:crypto'
import type { AuditEvent } from '@autopack/contract/audit'
import type { Brake, Control } from '@autopack/contract/operator-control'
import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  everythingOn,
  expectStatus,
  outcomeOf,
  propose,
  proposeApproved,
  proposeClaimed,
  sendClaim,
  sendProposal,
  setBrake,
  stateOf,
  toListing,
  toApproval,
  toRejection,
  decide,
} from '../../test/ledger-story.ts'
import { openTestDeps } from '../../test/open-test-deps.ts'
import type { TestDeps, TestExecutor } from '../../test/open-test-deps.ts'
import { readEventStream } from '../../test/read-event-stream.ts'
import { buildStartBody } from '../../test/start-body.ts'
import { auditLateBrakes } from './audit-late-brakes.ts'

type Engaged = {
  brake: Brake
  cannot_recall: { action_id: string; executor: { name: string } }[]
  cannot_recall_total: number
  stopped_count: number
}

let deps: TestDeps
/** Owned by the admin and shared with nobody. */
let hidden: TestExecutor
const hiddenRun = 'hidden-run'
beforeAll(async () => {
  deps = await openTestDeps({ ceiling: everythingOn })
  hidden = await deps.addExecutor({ name: 'hidden-agent' })
  await expectStatus(await deps.asExecutor(hidden.key).post('/runs/start', buildStartBody(hiddenRun)), 201)
})
afterEach(() => setBrake(deps, false))
afterAll(() => deps.close())

const sendBrake = (scope: { kind: string; id: string }, who = 'approver', reason = 'It looks wrong.') =>
  deps.asOperator(who).post('/operator/control/brake', { scope, reason })
const engage = async (scope: { kind: string; id: string }, who = 'approver') => (await expectStatus(await sendBrake(scope, who), 200)) as Engaged
const everything = { kind: 'all', id: '' }
const shop = { kind: 'provider', id: 'demo_shop' }
const readControl = async (who: string) => (await expectStatus(await deps.asOperator(who).get('/operator/control'), 200)) as Control
const codeOfClaim = async (action: Parameters<typeof sendClaim>[1]) => (await outcomeOf(await sendClaim(deps, action))).code

async function listControlEvents(): Promise<AuditEvent[]> {
  const found = await deps.ownerDb.execute(sql`SELECT event FROM control_plane.audit_event WHERE event_type LIKE 'control.%' ORDER BY seq`)
  return found.rows.map((row) => JSON.parse((row as { event: string }).event) as AuditEvent)
}

async function countControlEvents(): Promise<number> {
  const found = await deps.ownerDb.execute(sql`SELECT count(*)::int AS count FROM control_plane.event WHERE type = 'control.changed'`)
  return (found.rows[0] as { count: number }).count
}

describe('engaging', () => {
  it('stops every claim, says what it stops and what it cannot call back, and is recorded and told to everyone', async () => {
    const [claimed, waiting] = [await proposeClaimed(deps), await proposeApproved(deps)]
    const stream = readEventStream((await deps.asOperator('viewer').get('/operator/events')).body!)
    await stream.nextOf('hello')
    const { version } = await readControl('viewer')
    const answer = await engage(everything)
    expect(answer).toMatchObject({
      brake: { scope: everything, scope_name: 'everything', engaged_by: { name: 'approver' }, engaged_reason: 'It looks wrong.', audited: true },
      cannot_recall: [
        { action_id: claimed.action_id, execution_id: claimed.execution_id, executor: { name: 'demo-agent' }, lease_until: claimed.lease_until },
      ],
      stopped_count: 1,
    })
    expect((await stream.nextOf('change')).data).toMatchObject({ type: 'control.changed', version: version + 1 })
    await stream.stop()
    expect(await codeOfClaim(waiting)).toBe('brake_engaged')
    expect(await stateOf(deps, waiting.action_id)).toBe('APPROVED')
    expect((await listControlEvents()).at(-1)).toMatchObject({
      event_type: 'control.brake_engaged',
      auth_principal_id: deps.operatorIds.approver,
      approval_ref: { kind: 'brake', id: answer.brake.brake_id },
      reason: 'It looks wrong.',
    })
    expect(await readControl('viewer')).toMatchObject({ brake_engaged: true, brakes: [answer.brake], version: version + 1 })
  })

  it.each([
    ['its provider', () => shop, true],
    ['another provider', () => ({ kind: 'provider', id: 'etsy' }), false],
    ['its executor', () => ({ kind: 'executor', id: deps.executor.executorId }), true],
    ['another executor', () => ({ kind: 'executor', id: hidden.executorId }), false],
    ['its run', () => ({ kind: 'run', id: 'visible-run' }), true],
    ['another run', () => ({ kind: 'run', id: hiddenRun }), false],
  ])('over %s stops exactly what is in it', async (_, scope, stops) => {
    await deps.asExecutor().post('/runs/start', buildStartBody('visible-run'))
    const action = await proposeApproved(deps, { more: { run_id: 'visible-run' } })
    const answer = await engage(scope(), 'admin')
    expect(answer.stopped_count > 0).toBe(stops)
    expect(await codeOfClaim(action)).toBe(stops ? 'brake_engaged' : null)
  })

  it('again over the same scope answers the brake as it is, with one event for both', async () => {
    const first = await engage(shop)
    const before = (await listControlEvents()).length
    expect((await engage(shop, 'admin')).brake).toEqual(first.brake)
    expect(await listControlEvents()).toHaveLength(before)
    expect((await engage(everything)).brake.brake_id).not.toBe(first.brake.brake_id)
  })

  it.each([
    ['a run that is not there', () => ({ kind: 'run', id: 'no-such-run' }), 404, 'not_found'],
    ['a run they may not see', () => ({ kind: 'run', id: hiddenRun }), 404, 'not_found'],
    ['an executor that is not there', () => ({ kind: 'executor', id: `exr_${randomUUID()}` }), 404, 'not_found'],
    ['an executor they may not see', () => ({ kind: 'executor', id: hidden.executorId }), 404, 'not_found'],
    ['everything, with an id', () => ({ kind: 'all', id: 'x' }), 400, 'invalid_request'],
    ['a provider without a name', () => ({ kind: 'provider', id: '' }), 400, 'invalid_request'],
    ['a provider that cannot be one', () => ({ kind: 'provider', id: 'Demo Shop' }), 400, 'invalid_request'],
  ])('over %s is refused, and nothing is engaged', async (_, scope, status, code) => {
    expect(await outcomeOf(await sendBrake(scope()))).toEqual({ status, code })
    expect((await readControl('admin')).brakes).toEqual([])
  })

  it('needs an approver, and a reason', async () => {
    expect(await outcomeOf(await sendBrake(everything, 'viewer'))).toEqual({ status: 403, code: 'role_missing' })
    expect(await outcomeOf(await sendBrake(everything, 'approver', ' '))).toEqual({ status: 400, code: 'invalid_request' })
    expect(await outcomeOf(await deps.asExecutor().post('/operator/control/brake', { scope: everything, reason: 'x' }))).toMatchObject({
      status: 403,
    })
    expect((await readControl('admin')).brakes).toEqual([])
  })

  it('lists what cannot be recalled, and counts what stops, only of what the person may see', async () => {
    const own = { executorKey: hidden.key }
    const [running, waiting] = [await propose(deps, own), await propose(deps, own)]
    for (const action of [running, waiting]) await expectStatus(await decide(deps, 'admin', action, toApproval(action)), 200)
    await expectStatus(await sendClaim(deps, running, { key: hidden.key }), 201)
    const [seen, all] = [await engage(everything, 'approver'), await engage(everything, 'admin')]
    expect(seen.cannot_recall.map(({ action_id }) => action_id)).not.toContain(running.action_id)
    expect(all.cannot_recall.map(({ action_id }) => action_id)).toContain(running.action_id)
    expect(all.stopped_count).toBe(seen.stopped_count + 1)
    // The number is everybody's: whoever stops has to know that there is more to look after.
    expect([seen.cannot_recall_total, all.cannot_recall_total]).toEqual([all.cannot_recall.length, all.cannot_recall.length])
    const elsewhere = await engage({ kind: 'provider', id: 'etsy' })
    expect(elsewhere).toMatchObject({ cannot_recall: [], cannot_recall_total: 0 })
  })

  it('over what others may not see shows them that there is a brake, without its name, reason or actions', async () => {
    const running = (await expectStatus(await sendProposal(deps, { executorKey: hidden.key }), 201)) as { action_id: string }
    await engage({ kind: 'run', id: hiddenRun }, 'admin')
    await engage({ kind: 'executor', id: hidden.executorId }, 'admin')
    const shown = await readControl('approver')
    expect(shown.brakes).toMatchObject([
      { scope: { kind: 'run', id: '' }, scope_name: 'a run you may not see', engaged_reason: '' },
      { scope: { kind: 'executor', id: '' }, scope_name: 'an executor you may not see', engaged_reason: '' },
    ])
    const status = (await expectStatus(await deps.asOperator('approver').get('/operator/status'), 200)) as { control: { brakes: object[] } }
    const listed = (await expectStatus(await deps.asOperator('approver').get('/operator/control/brakes'), 200)) as { items: Brake[] }
    expect(status.control.brakes).toEqual(shown.brakes.map(({ scope }) => scope))
    for (const text of [JSON.stringify([shown, status, listed])]) {
      expect(text).not.toContain(hiddenRun)
      expect(text).not.toContain(hidden.executorId)
      expect(text).not.toContain(running.action_id)
    }
    expect((await readControl('admin')).brakes.map(({ scope_name }) => scope_name)).toEqual([`Run ${hiddenRun}`, 'hidden-agent'])
    const own = (await expectStatus(await deps.asExecutor().get('/control'), 200)) as { brakes: object[] }
    const theirs = (await expectStatus(await deps.asExecutor(hidden.key).get('/control'), 200)) as { brakes: object[] }
    expect([own.brakes.length, theirs.brakes.length]).toEqual([0, 2])
  })

  it('pages through every brake there was, the newest first, each once', async () => {
    for (const id of ['one', 'two', 'three']) await engage({ kind: 'provider', id })
    const ids: string[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const target: string = `/operator/control/brakes?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`
      const page = (await expectStatus(await deps.asOperator('viewer').get(target), 200)) as { items: Brake[]; next_cursor: string | null }
      ids.push(...page.items.map(({ brake_id }) => brake_id))
      cursor = page.next_cursor
    }
    const found = await deps.ownerDb.execute(sql`SELECT brake_id FROM control_plane.brake ORDER BY engaged_at DESC, brake_id DESC`)
    expect(ids).toEqual(found.rows.map((row) => (row as { brake_id: string }).brake_id))
  })
})

describe('without the audit log', () => {
  type Statements = readonly string[]
  const ways: [how: string, breakIt: Statements, mendIt: Statements][] = [
    [
      'refuses every event',
      [
        `CREATE FUNCTION control_plane.broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no room'; END $$`,
        'CREATE TRIGGER broken BEFORE INSERT ON control_plane.audit_event FOR EACH ROW EXECUTE FUNCTION control_plane.broken()',
      ],
      ['DROP TRIGGER broken ON control_plane.audit_event', 'DROP FUNCTION control_plane.broken()'],
    ],
    ['is gone', ['ALTER TABLE control_plane.audit_event RENAME TO audit_lost'], ['ALTER TABLE control_plane.audit_lost RENAME TO audit_event']],
  ]

  async function run(statements: Statements): Promise<void> {
    for (const statement of statements) await deps.ownerDb.execute(sql.raw(statement))
  }

  it.each(ways)(
    'that %s the brake works and says so, everything else is refused, reads go on, and the log catches up in order (I-19, I-22)',
    async (_, breakIt, mendIt) => {
      const [pending, approved] = [await propose(deps), await proposeApproved(deps)]
      const standing = await engage({ kind: 'provider', id: 'standing' })
      const before = (await listControlEvents()).length
      await run(breakIt)
      let first: Engaged
      let second: Engaged
      try {
        const stopped = await sendBrake(everything)
        expect(stopped.status).toBe(200)
        first = (await stopped.json()) as Engaged
        second = await engage(shop, 'admin')
        expect([first.brake.audited, second.brake.audited]).toEqual([false, false])
        expect(await readControl('viewer')).toMatchObject({
          brake_engaged: true,
          brakes: [{ audited: true }, { audited: false }, { audited: false }],
        })
        const refused = { status: 503, code: 'audit_unavailable' }
        expect(await outcomeOf(await sendClaim(deps, approved))).toEqual(refused)
        expect(await outcomeOf(await decide(deps, 'approver', pending, toRejection(pending)))).toEqual(refused)
        expect(await outcomeOf(await sendProposal(deps, { payload: toListing() }))).toEqual(refused)
        const admin = deps.asOperator('admin')
        const release = { brake_id: standing.brake.brake_id, reason: 'It was nothing.' }
        expect(await outcomeOf(await admin.post('/operator/control/brake/release', release))).toEqual(refused)
        expect(await outcomeOf(await admin.post('/operator/control/caps', { currency: null, cap: 1, reason: 'Less.' }))).toEqual(refused)
        expect(await outcomeOf(await admin.post('/operator/control/switches', { name: 'DRY_RUN', on: true, reason: 'Dry.' }))).toEqual(refused)
        expect(await outcomeOf(await admin.post('/operator/executor-keys', { executor_name: 'new' }))).toEqual(refused)
        expect(await stateOf(deps, pending.action_id)).toBe('PENDING')
        for (const target of ['/operator/control', '/operator/status', `/operator/external-actions/${pending.action_id}`])
          expect([target, (await admin.get(target)).status]).toEqual([target, 200])
        await expect(auditLateBrakes(deps)).rejects.toMatchObject({ code: 'audit_unavailable' })
      } finally {
        await run(mendIt)
      }
      expect(await outcomeOf(await decide(deps, 'approver', pending, toRejection(pending)))).toEqual({ status: 200, code: null })
      const after = await deps.ownerDb.execute(sql`SELECT event FROM control_plane.audit_event ORDER BY seq DESC LIMIT 3`)
      const events = after.rows.map((row) => JSON.parse((row as { event: string }).event) as AuditEvent).toReversed()
      expect(events.map(({ event_type, approval_ref }) => [event_type, approval_ref?.id])).toEqual([
        ['control.brake_engaged', first.brake.brake_id],
        ['control.brake_engaged', second.brake.brake_id],
        ['external_action.rejected', pending.action_id],
      ])
      expect(events[0]).toMatchObject({
        auth_principal_type: 'operator',
        auth_principal_id: deps.operatorIds.approver,
        auth_principal_name: 'approver',
        requested_at: first.brake.engaged_at,
        reason: 'It looks wrong.',
        error_summary: expect.stringContaining('Recorded late') as string,
      })
      expect((await readControl('viewer')).brakes.map(({ audited }) => audited)).toEqual([true, true, true])
      expect(await listControlEvents()).toHaveLength(before + 2)
      expect(await auditLateBrakes(deps)).toBe(0)
    },
  )

  it('and without the live events the brake works, too; the late entry tells the streams (I-19)', async () => {
    const approved = await proposeApproved(deps)
    const broken = 'BEFORE INSERT ON control_plane.event FOR EACH ROW EXECUTE FUNCTION control_plane.broken()'
    await run([ways[0]![1][0]!, `CREATE TRIGGER broken ${broken}`])
    let answer: Response
    try {
      answer = await sendBrake(everything)
    } finally {
      await run(['DROP TRIGGER broken ON control_plane.event', 'DROP FUNCTION control_plane.broken()'])
    }
    expect(answer.status).toBe(200)
    const engaged = (await answer.json()) as Engaged
    expect(engaged.brake.audited).toBe(false)
    const before = await countControlEvents()
    expect(await codeOfClaim(approved)).toBe('brake_engaged')
    expect(await countControlEvents()).toBe(before + 1)
    expect((await listControlEvents()).filter(({ approval_ref }) => approval_ref?.id === engaged.brake.brake_id)).toHaveLength(1)
  })

  it('the sweep writes what is late when nobody else writes, once, and tells the streams', async () => {
    await run(ways[0]![1])
    const { brake } = await engage(everything).finally(() => run(ways[0]![2]))
    const stream = readEventStream((await deps.asOperator('viewer').get('/operator/events')).body!)
    await stream.nextOf('hello')
    expect(await auditLateBrakes(deps)).toBe(1)
    expect((await stream.nextOf('change')).data).toMatchObject({ type: 'control.changed' })
    await stream.stop()
    expect(await auditLateBrakes(deps)).toBe(0)
    expect((await listControlEvents()).filter(({ approval_ref }) => approval_ref?.id === brake.brake_id)).toHaveLength(1)
  })
})

/**
 * The table of what control lets through: every operation × every thing that stands in the way × live and dry run, through the routes that
 * people and executors use, for what is engaged as well as for what an action meets.
 */
import { randomUUID } from 'node:crypto'
import type { ExternalAction } from '@autopack/contract/external-actions'
import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  askChange,
  decide,
  everythingOn,
  expectStatus,
  outcomeOf,
  propose,
  proposeApproved,
  revise,
  revoke,
  sendClaim,
  setBrake,
  stateOf,
  toApproval,
  toListing,
  toRejection,
} from '../../test/ledger-story.ts'
import { openTestDeps } from '../../test/open-test-deps.ts'
import type { TestDeps, TestExecutor } from '../../test/open-test-deps.ts'
import { buildStartBody } from '../../test/start-body.ts'

let deps: TestDeps
beforeAll(async () => {
  deps = await openTestDeps({ ceiling: { ...everythingOn, killSwitches: { ...everythingOn.killSwitches, ETSY_PUBLISH: true } } })
})
afterAll(() => deps.close())
afterEach(async () => {
  await setBrake(deps, false)
  await deps.db.execute(sql`UPDATE control_plane.control SET external_actions_enabled = true, dry_run = false, version = version + 1,
    kill_switches = kill_switches || '{"DEMO_SHOP_PUBLISH": true, "ETSY_PUBLISH": true}'`)
  await deps.db.execute(sql`UPDATE control_plane.working_cap SET cap = 1000000`)
})

/** An executor of its own for each row, so that nothing of another row is in its scope or its way. */
type Stage = { executor: TestExecutor; runId: string }

const admin = (path: string, body: object) => deps.asOperator('admin').post(`/operator/control/${path}`, { ...body, reason: 'A row of the table.' })
const brake = (kind: string, id: string) => admin('brake', { scope: { kind, id } })
const setSwitch = (name: string, on: boolean) => admin('switches', { name, on })
const setCap = (currency: string | null, cap: number) => admin('caps', { currency, cap })

type Stopped = 'brake_engaged' | 'kill_switch_off' | 'dry_run_on' | 'cap_reached' | null
/** What an action meets: `live` and `dry` are what stops a claim of it. A brake also stops an approval; nothing stops anything else. */
const conditions: { name: string; arrange: (stage: Stage) => Promise<Response>; live: Stopped; dry: Stopped }[] = [
  { name: 'the brake over everything', arrange: () => brake('all', ''), live: 'brake_engaged', dry: 'brake_engaged' },
  { name: 'the brake over its provider', arrange: () => brake('provider', 'demo_shop'), live: 'brake_engaged', dry: 'brake_engaged' },
  { name: 'the brake over its run', arrange: ({ runId }) => brake('run', runId), live: 'brake_engaged', dry: 'brake_engaged' },
  {
    name: 'the brake over its executor',
    arrange: ({ executor }) => brake('executor', executor.executorId),
    live: 'brake_engaged',
    dry: 'brake_engaged',
  },
  { name: 'the brake over another provider', arrange: () => brake('provider', 'etsy'), live: null, dry: null },
  { name: 'the brake over another executor', arrange: () => brake('executor', deps.executor.executorId), live: null, dry: null },
  { name: 'external actions off', arrange: () => setSwitch('EXTERNAL_ACTIONS_ENABLED', false), live: 'kill_switch_off', dry: null },
  { name: 'its kill switch off', arrange: () => setSwitch('DEMO_SHOP_PUBLISH', false), live: 'kill_switch_off', dry: null },
  { name: 'another kill switch off', arrange: () => setSwitch('ETSY_PUBLISH', false), live: null, dry: null },
  { name: 'dry run on', arrange: () => setSwitch('DRY_RUN', true), live: 'dry_run_on', dry: null },
  { name: 'no money left', arrange: () => setCap('USD', 0), live: 'cap_reached', dry: null },
  { name: 'a cap lowered to less than its cost', arrange: () => setCap('USD', 19), live: 'cap_reached', dry: null },
  { name: 'no actions left', arrange: () => setCap(null, 0), live: 'cap_reached', dry: null },
  { name: 'nothing in the way', arrange: () => setSwitch('DRY_RUN', false), live: null, dry: null },
]
const rows = conditions.flatMap(({ name, arrange, live, dry }) => [
  { name, arrange, mode: 'live' as const, stopped: live },
  { name, arrange, mode: 'dry_run' as const, stopped: dry },
])

describe.each(rows)('$mode, with $name', ({ arrange, mode, stopped }) => {
  it(`lets everything through but ${stopped === 'brake_engaged' ? 'approving and claiming' : stopped === null ? 'nothing' : 'claiming'}`, async () => {
    const executor = await deps.addExecutor({ name: `agent-${randomUUID()}`, sharedWithEveryone: true })
    const stage = { executor, runId: `run-${randomUUID()}` }
    await expectStatus(await deps.asExecutor(executor.key).post('/runs/start', buildStartBody(stage.runId)), 201)
    const own = () => ({ payload: toListing({ mode }), executorKey: executor.key, more: { run_id: stage.runId } })
    const pending = { toApprove: await propose(deps, own()), toReject: await propose(deps, own()), toAsk: await propose(deps, own()) }
    const toEdit = await propose(deps, own())
    const approved = { toClaim: await proposeApproved(deps, own()), toRevoke: await proposeApproved(deps, own()) }
    const [toVeto, toCancel] = [await proposeApproved(deps, own()), await proposeApproved(deps, own())]
    await deps.db.execute(sql`UPDATE control_plane.external_action SET not_before = clock_timestamp() + interval '10 min', version = version + 1
      WHERE action_id = ${toVeto.action_id}`)

    await expectStatus(await arrange(stage), 200)

    const proposed = await propose(deps, own())
    const shown = (await expectStatus(
      await deps.asOperator('approver').get(`/operator/external-actions/${proposed.action_id}`),
      200,
    )) as ExternalAction
    const inTheWay = shown.findings.map(({ code }) => code).filter((code) => /^(brake_engaged|kill_switch_off|dry_run_on|cap_reached)$/.test(code))
    expect(inTheWay).toEqual(stopped === null ? [] : [stopped])

    const refused = (code: Stopped) => ({ status: 409, code })
    const passed = { status: 200, code: null }
    const approving = await outcomeOf(await decide(deps, 'approver', pending.toApprove, toApproval(pending.toApprove)))
    expect(approving).toEqual(stopped === 'brake_engaged' ? refused(stopped) : passed)
    expect(await stateOf(deps, pending.toApprove.action_id)).toBe(stopped === 'brake_engaged' ? 'PENDING' : 'APPROVED')

    const claiming = await outcomeOf(await sendClaim(deps, approved.toClaim, { key: executor.key }))
    expect(claiming).toEqual(stopped === null ? { status: 201, code: null } : refused(stopped))
    expect(await stateOf(deps, approved.toClaim.action_id)).toBe(stopped === null ? 'EXECUTING' : 'APPROVED')

    expect(await outcomeOf(await decide(deps, 'approver', pending.toReject, toRejection(pending.toReject)))).toEqual(passed)
    expect(await outcomeOf(await askChange(deps, 'approver', pending.toAsk))).toEqual(passed)
    expect((await revise(deps, toEdit, toListing({ mode }), {}, executor.key)).status).toBeLessThan(300)
    expect(await outcomeOf(await revoke(deps, 'viewer', approved.toRevoke))).toEqual(passed)
    expect(await outcomeOf(await revoke(deps, 'viewer', toVeto, { kind: 'veto' }))).toEqual(passed)
    const cancelling = await deps.asExecutor(executor.key).post(`/external-actions/${toCancel.action_id}/cancel`, { reason: 'Not needed.' })
    expect(await outcomeOf(cancelling)).toEqual(passed)
  })
})

it('a claim that one cap would let through and another would not reserves nothing under either', async () => {
  const action = await proposeApproved(deps)
  const read = () => deps.db.execute(sql`SELECT scope, currency, used, reserved FROM control_plane.cap_day ORDER BY scope, currency`)
  const before = (await read()).rows
  await setCap('USD', 0)
  expect(await outcomeOf(await sendClaim(deps, action))).toEqual({ status: 409, code: 'cap_reached' })
  const changed = (await read()).rows.filter((row) => !before.some((other) => JSON.stringify(other) === JSON.stringify(row)))
  expect(changed.every((row) => Number(row['used']) + Number(row['reserved']) === 0)).toBe(true)
})

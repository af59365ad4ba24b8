import type { AuditEvent } from '@autopack/contract/audit'
import type { Control } from '@autopack/contract/operator-control'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  capUseOf,
  everythingOn,
  expectStatus,
  outcomeOf,
  propose,
  proposeApproved,
  secondsPastDayEnd,
  sendClaim,
  toListing,
} from '../../test/ledger-story.ts'
import { openTestDeps, shiftedClock } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'

let deps: TestDeps
let aheadSeconds = 0
beforeAll(async () => {
  deps = await openTestDeps({ now: shiftedClock(() => aheadSeconds) })
  aheadSeconds = await secondsPastDayEnd(deps)
})
beforeEach(async () => {
  Object.assign(deps.settings.ceiling, everythingOn, { maxDailySpendMinor: { USD: 100_000, JPY: 5_000 } })
  await deps.ownerDb.transaction(async (tx) => {
    await tx.execute(sql`ALTER TABLE control_plane.working_cap DISABLE TRIGGER kept_row`)
    await tx.execute(sql`DELETE FROM control_plane.working_cap`)
    await tx.execute(sql`ALTER TABLE control_plane.working_cap ENABLE TRIGGER kept_row`)
  })
})
afterAll(() => deps.close())

const send = (currency: string | null, cap: number, who = 'approver') =>
  deps.asOperator(who).post('/operator/control/caps', { currency, cap, reason: 'A quiet day.' })
const set = async (currency: string | null, cap: number, who = 'approver') => (await expectStatus(await send(currency, cap, who), 200)) as Control
const capOf = (control: Control, currency: string | null, scope: string | null = null) =>
  control.caps.find((cap) => cap.currency === currency && cap.scope === scope)!
const read = async () => (await expectStatus(await deps.asOperator('viewer').get('/operator/control'), 200)) as Control
const problemOf = async (answer: Response) => {
  const { code, detail } = (await answer.json()) as { code: string; detail: string }
  return `${code}: ${detail}`
}

async function lastEvent(): Promise<AuditEvent> {
  const found = await deps.ownerDb.execute(sql`SELECT event FROM control_plane.audit_event ORDER BY seq DESC LIMIT 1`)
  return JSON.parse((found.rows[0] as { event: string }).event) as AuditEvent
}

describe('setting a cap', () => {
  it('lowers it, in every answer at once, says who and when, and is recorded with what is spent', async () => {
    const before = await read()
    const control = await set('USD', 500)
    const cap = { currency: 'USD', cap: 500, ceiling: 100_000, working: 500, set_by: { operator_id: deps.operatorIds.approver, name: 'approver' } }
    expect(capOf(control, 'USD')).toMatchObject(cap)
    expect(control.version).toBe(before.version + 1)
    expect(await read()).toMatchObject({ version: control.version, caps: control.caps })
    const inForce = (await expectStatus(await deps.asExecutor().get('/control'), 200)) as Control
    expect(inForce.caps.find(({ currency }) => currency === 'USD')?.cap).toBe(500)
    const use = await capUseOf(deps, 'USD')
    expect(await lastEvent()).toMatchObject({
      event_type: 'control.cap_set',
      auth_principal_id: deps.operatorIds.approver,
      payload_summary: 'USD a day: $1,000.00 → $5.00',
      reason: 'A quiet day.',
      spend_snapshot: { reserved_minor: use.reserved, actual_minor: null, spent_today_minor: use.used, cap_minor: 500, currency: 'USD' },
    })
  })

  it('to what it is already changes and records nothing', async () => {
    const { version } = await set('USD', 500)
    const { event_type } = await lastEvent()
    expect((await set('USD', 500, 'admin')).version).toBe(version)
    expect(event_type).toBe('control.cap_set')
    expect(capOf(await read(), 'USD').set_by?.name).toBe('approver')
  })

  it('up is for admins, back to the ceiling and no further', async () => {
    await set(null, 5)
    expect(await problemOf(await send(null, 6))).toBe('role_missing: 5 actions is in force. Only an admin raises it; you may lower it.')
    expect(await lastEvent()).toMatchObject({ event_type: 'control.cap_set_refused', error_code: 'role_missing', auth_principal_name: 'approver' })
    expect(capOf(await set(null, 1_000, 'admin'), null)).toMatchObject({ cap: 1_000, working: 1_000 })
    expect(await problemOf(await send(null, 1_001, 'admin'))).toBe(
      'over_ceiling: The environment allows 1000 actions at most (AUTOPACK_MAX_ACTIONS_PER_DAY).',
    )
    expect(capOf(await read(), null).working).toBe(1_000)
  })

  it('over the ceiling is refused in the words of its currency, and where there is no ceiling altogether', async () => {
    expect(await problemOf(await send('JPY', 5_001, 'admin'))).toBe(
      'over_ceiling: The environment allows JPY 5,000 at most (AUTOPACK_MAX_DAILY_SPEND_JPY).',
    )
    expect(await problemOf(await send('EUR', 0, 'admin'))).toBe(
      'over_ceiling: Nothing may be spent in EUR here: the environment has no AUTOPACK_MAX_DAILY_SPEND_EUR.',
    )
    expect(await outcomeOf(await send('usd', 1, 'admin'))).toEqual({ status: 400, code: 'invalid_request' })
    expect(await outcomeOf(await send('USD', -1, 'admin'))).toEqual({ status: 400, code: 'invalid_request' })
    expect(await outcomeOf(await send('USD', 1, 'viewer'))).toEqual({ status: 403, code: 'role_missing' })
  })

  it('stays under a ceiling that was lowered since', async () => {
    await set('USD', 50_000)
    deps.settings.ceiling.maxDailySpendMinor = { USD: 300 }
    expect(capOf(await read(), 'USD')).toMatchObject({ cap: 300, ceiling: 300, working: 50_000 })
    expect(await outcomeOf(await send('USD', 301, 'admin'))).toEqual({ status: 409, code: 'over_ceiling' })
  })

  it('below what is spent leaves nothing for today: claims are told 0, never less, and what was claimed stays (I-15)', async () => {
    await expectStatus(await sendClaim(deps, await proposeApproved(deps)), 201)
    const action = await proposeApproved(deps)
    const before = await capUseOf(deps, 'USD')
    await set('USD', 1)
    expect(await problemOf(await sendClaim(deps, action))).toBe(
      'cap_reached: The cap on USD a day for this deployment: $0.00 of $0.01 left, $0.20 needed. It starts anew at 00:00 UTC.',
    )
    expect(await capUseOf(deps, 'USD')).toEqual(before)
    await set('USD', before.used + before.reserved + 19, 'admin')
    expect(await outcomeOf(await sendClaim(deps, action))).toEqual({ status: 409, code: 'cap_reached' })
    await set('USD', before.used + before.reserved + 20, 'admin')
    expect(await outcomeOf(await sendClaim(deps, action))).toEqual({ status: 201, code: null })
  })

  it('counts in each currency by itself', async () => {
    const yen = await proposeApproved(deps, { payload: toListing({ cost: { amount_minor: 400, currency: 'JPY' } }) })
    await set('JPY', 399)
    expect(await outcomeOf(await sendClaim(deps, yen))).toEqual({ status: 409, code: 'cap_reached' })
    await set('JPY', 400, 'admin')
    await set('USD', 0)
    expect(await outcomeOf(await sendClaim(deps, yen))).toEqual({ status: 201, code: null })
    expect(capOf(await read(), 'JPY')).toMatchObject({ reserved: 400, cap: 400 })
  })
})

describe('reading control', () => {
  it('has the caps of kinds of action, and what waits under each, beside those of the deployment', async () => {
    const before = await read()
    await propose(deps)
    await proposeApproved(deps)
    await propose(deps, { payload: toListing({ mode: 'dry_run' }) })
    const after = await read()
    const grown = (currency: string | null, scope: string | null = null) =>
      capOf(after, currency, scope).waiting - capOf(before, currency, scope).waiting
    expect([grown('USD'), grown('JPY'), grown(null), grown(null, 'demo_shop.create_listing')]).toEqual([40, 0, 2, 2])
    expect(capOf(after, null, 'demo_shop.create_listing')).toMatchObject({ cap: 50, ceiling: 50, working: null, set_by: null })
  })

  it('and setting caps and switches go on working when what waits costs more than a number can say', async () => {
    const most = Number.MAX_SAFE_INTEGER
    const greedy = await deps.addExecutor({ name: 'greedy-agent', sharedWithEveryone: true })
    for (const quantity of [1, 2, 3]) {
      const payload = toListing({ cost: { amount_minor: most, currency: 'USD' } }, `Report ${quantity}`)
      await propose(deps, { payload, executorKey: greedy.key })
    }
    const undescribed = toListing({ provider: 'nobody', operation: 'knows_this', cost: { amount_minor: most, currency: 'USD' } })
    await propose(deps, { payload: undescribed, executorKey: greedy.key })
    expect((await deps.asOperator('viewer').get('/operator/control')).status).toBe(200)
    expect(capOf(await read(), 'USD').waiting).toBe(most)
    expect(capOf(await set('USD', 900), 'USD').waiting).toBe(most)
    const turned = await deps.asOperator('admin').post('/operator/control/switches', { name: 'DRY_RUN', on: false, reason: 'As it was.' })
    expect(capOf((await expectStatus(turned, 200)) as Control, 'USD').waiting).toBe(most)
  })

  it('answers nothing anew while nothing changed', async () => {
    const first = await deps.asOperator('viewer').get('/operator/control')
    const etag = first.headers.get('etag')!
    expect((await deps.asOperator('viewer').get('/operator/control', { 'if-none-match': etag })).status).toBe(304)
    await set('USD', 700)
    expect((await deps.asOperator('viewer').get('/operator/control', { 'if-none-match': etag })).status).toBe(200)
  })
})

import type { AuditEvent } from '@autopack/contract/audit'
import type { Control } from '@autopack/contract/operator-control'
import { controlSwitches } from '@autopack/contract/control'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { switchVariableOf } from '../../ledger/switch-variables.ts'
import { everythingOn, expectStatus, outcomeOf, proposeApproved, sendClaim } from '../../test/ledger-story.ts'
import { openTestDeps } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'

const allOn = { ETSY_PUBLISH: true, SHOPIFY_PUBLISH: true, YOUTUBE_PUBLISH: true, TRADING_ORDERS: true, DEMO_SHOP_PUBLISH: true }
let deps: TestDeps
beforeAll(async () => {
  deps = await openTestDeps()
})
beforeEach(async () => {
  Object.assign(deps.settings.ceiling, everythingOn, { killSwitches: allOn })
  await deps.ownerDb.execute(
    sql`UPDATE control_plane.control SET external_actions_enabled = true, dry_run = false, kill_switches = ${JSON.stringify(allOn)}::jsonb, version = version + 1`,
  )
})
afterAll(() => deps.close())

const send = (name: string, on: boolean, who: string) =>
  deps.asOperator(who).post('/operator/control/switches', { name, on, reason: 'For the night.' })
const set = async (name: string, on: boolean, who: string) => (await expectStatus(await send(name, on, who), 200)) as Control
const switchOf = (control: Control, name: string) => control.switches.find((each) => each.name === name)!
const read = async () => (await expectStatus(await deps.asOperator('viewer').get('/operator/control'), 200)) as Control
/** The side on which nothing is sent. */
const safe = (name: string) => name === 'DRY_RUN'

async function lastEvent(): Promise<AuditEvent> {
  const found = await deps.ownerDb.execute(sql`SELECT event FROM control_plane.audit_event ORDER BY seq DESC LIMIT 1`)
  return JSON.parse((found.rows[0] as { event: string }).event) as AuditEvent
}

describe.each(controlSwitches)('the switch %s', (name) => {
  it('is turned towards safety by an approver, and back only by an admin', async () => {
    const { version } = await read()
    const answer = await send(name, safe(name), 'approver')
    expect(answer.status).toBe(200)
    const off = (await answer.json()) as Control
    expect(off.version).toBe(version + 1)
    expect(switchOf(off, name)).toEqual({ name, on: safe(name), ceiling: !safe(name), row: safe(name), variable: switchVariableOf(name) })
    expect(off.switches.filter((each) => each.row !== !safe(each.name)).map((each) => each.name)).toEqual([name])
    expect(await lastEvent()).toMatchObject({ event_type: 'control.switch_set', auth_principal_name: 'approver', reason: 'For the night.' })
    expect(await outcomeOf(await send(name, !safe(name), 'approver'))).toEqual({ status: 403, code: 'role_missing' })
    expect(await lastEvent()).toMatchObject({ event_type: 'control.switch_set_refused', error_code: 'role_missing' })
    expect(await outcomeOf(await send(name, safe(name), 'viewer'))).toEqual({ status: 403, code: 'role_missing' })
    expect(switchOf(await set(name, !safe(name), 'admin'), name)).toMatchObject({ on: !safe(name), row: !safe(name) })
  })

  it('is never turned beyond the environment, which the refusal names', async () => {
    await set(name, safe(name), 'approver')
    Object.assign(deps.settings.ceiling, { externalActionsEnabled: false, dryRun: true, killSwitches: { ...allOn, [name]: false } })
    const refused = (await (await send(name, !safe(name), 'admin')).json()) as { code: string; detail: string }
    expect(refused.code).toBe('over_ceiling')
    expect(refused.detail).toContain(switchVariableOf(name))
    expect(switchOf(await read(), name)).toMatchObject({ on: safe(name), ceiling: safe(name), row: safe(name) })
    expect(await lastEvent()).toMatchObject({ event_type: 'control.switch_set_refused', error_code: 'over_ceiling' })
  })
})

describe('a switch', () => {
  it('that is turned off stops the next claim, and a second time changes nothing', async () => {
    const action = await proposeApproved(deps)
    const { version } = await set('DEMO_SHOP_PUBLISH', false, 'approver')
    expect(await outcomeOf(await sendClaim(deps, action))).toEqual({ status: 409, code: 'kill_switch_off' })
    expect((await set('DEMO_SHOP_PUBLISH', false, 'approver')).version).toBe(version)
    await set('DEMO_SHOP_PUBLISH', true, 'admin')
    await set('DRY_RUN', true, 'approver')
    expect(await outcomeOf(await sendClaim(deps, action))).toEqual({ status: 409, code: 'dry_run_on' })
    await set('DRY_RUN', false, 'admin')
    expect(await outcomeOf(await sendClaim(deps, action))).toEqual({ status: 201, code: null })
  })

  it('cannot be turned, and reads as stopped, while the control row is missing (I-13)', async () => {
    const alter = (verb: string) => deps.ownerDb.execute(sql.raw(`ALTER TABLE control_plane.control ${verb} TRIGGER kept_row`))
    await alter('DISABLE')
    try {
      const saved = await deps.ownerDb.execute(sql`DELETE FROM control_plane.control RETURNING to_jsonb(control) AS row`)
      expect(await outcomeOf(await send('DRY_RUN', true, 'admin'))).toEqual({ status: 503, code: 'not_ready' })
      const control = await read()
      expect(control).toMatchObject({ brake_engaged: true, dry_run: true, external_actions_enabled: false, version: 0, brakes: [] })
      expect(control.switches.map(({ row }) => row)).toEqual(controlSwitches.map(() => null))
      await deps.ownerDb.execute(
        sql`INSERT INTO control_plane.control SELECT (jsonb_populate_record(NULL::control_plane.control, ${JSON.stringify((saved.rows[0] as { row: object }).row)}::jsonb)).*`,
      )
    } finally {
      await alter('ENABLE')
    }
  })
})

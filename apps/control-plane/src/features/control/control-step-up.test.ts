import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { everythingOn, expectStatus, outcomeOf, setBrake } from '../../test/ledger-story.ts'
import { openTestDeps } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'
import { askAndSignAct, askChallenge, passkeyOf, signAct } from '../../test/passkey-story.ts'

let deps: TestDeps
let person: string
beforeAll(async () => {
  deps = await openTestDeps({ ceiling: everythingOn })
  person = await deps.addOperator({ name: 'Noor', role: 'approver' })
})
afterEach(async () => {
  Object.assign(deps.settings, { stepUp: 'preferred' })
  await setBrake(deps, false)
})
afterAll(() => deps.close())

const stale = { authAgeSeconds: 40_000 }
const engage = async () => {
  const body = { scope: { kind: 'all', id: '' }, reason: 'Stop.' }
  const answer = await expectStatus(await deps.asOperator('approver', stale).post('/operator/control/brake', body), 200)
  return (answer as { brake: { brake_id: string } }).brake.brake_id
}
const setTo = (target: string, body: object) => deps.asOperator('admin', stale).post(target, body)
type Act = { target: string; body: object; asked: Parameters<typeof askAndSignAct>[3] }

/** Each lets more happen than before. */
const acts: [what: string, prepare: () => Promise<Act>][] = [
  [
    'releasing a brake',
    async () => {
      const brake_id = await engage()
      return { target: '/operator/control/brake/release', body: { brake_id, reason: 'x' }, asked: { purpose: 'brake_release', brake_id } }
    },
  ],
  [
    'raising a cap',
    async () => {
      await expectStatus(await setTo('/operator/control/caps', { currency: 'USD', cap: 5, reason: 'Less.' }), 200)
      return {
        target: '/operator/control/caps',
        body: { currency: 'USD', cap: 6, reason: 'x' },
        asked: { purpose: 'cap_raise', currency: 'USD', cap: 6 },
      }
    },
  ],
  [
    'turning a switch on',
    async () => {
      await expectStatus(await setTo('/operator/control/switches', { name: 'DEMO_SHOP_PUBLISH', on: false, reason: 'Off.' }), 200)
      const body = { name: 'DEMO_SHOP_PUBLISH', on: true, reason: 'x' }
      return { target: '/operator/control/switches', body, asked: { purpose: 'switch', name: 'DEMO_SHOP_PUBLISH', on: true } }
    },
  ],
  [
    'resetting passkeys',
    async () => ({
      target: `/operator/operators/${person}/passkeys/reset`,
      body: { reason: 'x' },
      asked: { purpose: 'passkey_reset', operator_id: person },
    }),
  ],
]

describe.each(acts)('%s', (_, prepare) => {
  it('takes the password again, where that is enough, and nothing after five minutes', async () => {
    const { target, body } = await prepare()
    const answer = await setTo(target, body)
    expect(answer.status).toBe(403)
    expect(await answer.json()).toMatchObject({ code: 'step_up_required', needs: 'password' })
    await expectStatus(await deps.asOperator('admin').post(target, body), 200)
  })

  it('takes a passkey, where the deployment says so, and keeps what it signed', async () => {
    const { target, body, asked } = await prepare()
    Object.assign(deps.settings, { stepUp: 'passkey' })
    const answer = await deps.asOperator('admin').post(target, body)
    expect(await answer.json()).toMatchObject({ code: 'step_up_required', needs: 'passkey' })
    const signature = await askAndSignAct(deps, 'admin', await passkeyOf(deps, 'admin'), asked)
    await expectStatus(await setTo(target, { ...body, signature }), 200)
    const found = await deps.db.execute(sql`SELECT event FROM control_plane.audit_event ORDER BY seq DESC LIMIT 1`)
    expect(JSON.parse((found.rows[0] as { event: string }).event)).toMatchObject({ result_status: 'ok', proof: { strength: 'passkey' } })
    const kept = await deps.db.execute(sql`SELECT purpose FROM control_plane.signed_act ORDER BY signed_at DESC LIMIT 1`)
    expect(kept.rows).toEqual([{ purpose: asked.purpose }])
  })

  it('takes no signature over something else', async () => {
    const { target, body } = await prepare()
    const passkey = await passkeyOf(deps, 'admin')
    const signature = await askAndSignAct(deps, 'admin', passkey, { purpose: 'switch', name: 'DRY_RUN', on: false })
    expect(await outcomeOf(await setTo(target, { ...body, signature }))).toEqual({ status: 403, code: 'signature_refused' })
  })
})

it('takes no challenge that was asked for for another act about the same person, and uses it up', async () => {
  const passkey = await passkeyOf(deps, 'admin')
  const { nonce } = await askChallenge(deps, 'admin', { purpose: 'operator_enable', operator_id: person })
  const signature = signAct(passkey, deps.operatorIds.admin, 'passkey_reset', { operator_id: person }, nonce)
  const reset = () => setTo(`/operator/operators/${person}/passkeys/reset`, { reason: 'x', signature })
  expect(await outcomeOf(await reset())).toEqual({ status: 409, code: 'challenge_refused' })
  const used = await deps.db.execute(sql`SELECT used_at IS NOT NULL AS used FROM control_plane.challenge ORDER BY created_at DESC LIMIT 1`)
  expect(used.rows).toEqual([{ used: true }])
})

const settled: [what: string, target: string, to: object, back: object, purpose: 'cap_raise' | 'switch'][] = [
  ['a cap that is so already', '/operator/control/caps', { currency: 'USD', cap: 6 }, { currency: 'USD', cap: 5 }, 'cap_raise'],
  [
    'a switch that is so already',
    '/operator/control/switches',
    { name: 'DEMO_SHOP_PUBLISH', on: true },
    { name: 'DEMO_SHOP_PUBLISH', on: false },
    'switch',
  ],
]
it.each(settled)('leaves no signature to send later over %s', async (_, target, to, back, purpose) => {
  const admin = deps.asOperator('admin')
  await admin.post(target, { ...back, reason: 'x' })
  await expectStatus(await admin.post(target, { ...to, reason: 'x' }), 200)
  const signature = await askAndSignAct(deps, 'admin', await passkeyOf(deps, 'admin'), { purpose, ...to })
  await expectStatus(await setTo(target, { ...to, reason: 'x', signature }), 200)
  await expectStatus(await setTo(target, { ...back, reason: 'x' }), 200)
  expect(await outcomeOf(await setTo(target, { ...to, reason: 'x', signature }))).toEqual({ status: 409, code: 'challenge_refused' })
})

it('asks nothing again of whoever engages the brake, lowers a cap or turns a switch off', async () => {
  await engage()
  await expectStatus(await setTo('/operator/control/caps', { currency: 'USD', cap: 3, reason: 'Less.' }), 200)
  await expectStatus(await setTo('/operator/control/switches', { name: 'DEMO_SHOP_PUBLISH', on: false, reason: 'Off.' }), 200)
})

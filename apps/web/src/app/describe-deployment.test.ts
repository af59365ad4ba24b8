import type { ControlInForce } from '@autopack/contract/control'
import { expect, test } from 'vitest'
import { describeDeployment } from './describe-deployment.ts'

function buildControl(more: Partial<ControlInForce>): ControlInForce {
  return {
    external_actions_enabled: false,
    dry_run: true,
    brake_engaged: false,
    brakes: [],
    kill_switches: { ETSY_PUBLISH: false, SHOPIFY_PUBLISH: false, YOUTUBE_PUBLISH: false, TRADING_ORDERS: false, DEMO_SHOP_PUBLISH: false },
    caps: [],
    version: 1,
    now: '2026-11-22T14:00:00.000Z',
    ...more,
  }
}

const demoSwitches = { ...buildControl({}).kill_switches, DEMO_SHOP_PUBLISH: true }

test('The demo says which safeties it turned off, and where', () => {
  const control = buildControl({ external_actions_enabled: true, dry_run: false, kill_switches: demoSwitches })
  expect(describeDeployment({ demo: true, control })?.text).toBe(
    'external actions and the demo shop’s switch are on, dry run is off, for the processes of this start only.',
  )
})

test('A demo that is switched off says that instead of what it usually says', () => {
  expect(describeDeployment({ demo: true, control: buildControl({}) })?.text).toBe(
    'external actions are off, the demo shop’s switch is off, dry run is on.',
  )
})

test('Anything but a demo has no strip, unless everything is stopped', () => {
  expect(describeDeployment({ demo: false, control: buildControl({}) })).toBeNull()
  expect(describeDeployment({ demo: false, control: buildControl({ brake_engaged: true }) })?.stopped).toBe(true)
})

test.each([
  [[{ kind: 'provider', id: 'etsy' }], 'etsy: no approved action there can be taken.'],
  [
    [
      { kind: 'provider', id: 'etsy' },
      { kind: 'run', id: 'r1' },
      { kind: 'executor', id: 'ex_1' },
      { kind: 'executor', id: 'ex_2' },
    ],
    'etsy, one run and 2 executors: no approved action there can be taken.',
  ],
] as const)('Parts that are stopped are named on every page: %j', (brakes, text) => {
  const control = buildControl({ brakes: [...brakes] })
  expect(describeDeployment({ demo: true, control })).toMatchObject({ title: 'Stopped in part', text, stopped: true })
})

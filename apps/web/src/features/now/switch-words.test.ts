import { expect, test } from 'vitest'
import { toSwitchWords } from './switch-words.ts'

const kill_switches = { ETSY_PUBLISH: false, SHOPIFY_PUBLISH: false, YOUTUBE_PUBLISH: false, TRADING_ORDERS: false, DEMO_SHOP_PUBLISH: true }

test.each([
  ['names what is on', { external_actions_enabled: true, dry_run: false, kill_switches }, 'DEMO_SHOP_PUBLISH on, the other 4 off'],
  [
    'says that a dry run sends nothing',
    { external_actions_enabled: true, dry_run: true, kill_switches },
    'Dry run: nothing is sent (DEMO_SHOP_PUBLISH on)',
  ],
  ['says first that everything is off', { external_actions_enabled: false, dry_run: false, kill_switches }, 'External actions are off'],
  [
    'does not call an open door open while no switch is on',
    { external_actions_enabled: true, dry_run: false, kill_switches: { ...kill_switches, DEMO_SHOP_PUBLISH: false } },
    'Every switch is off',
  ],
])('%s', (_, control, words) => {
  expect(toSwitchWords(control)).toBe(words)
})

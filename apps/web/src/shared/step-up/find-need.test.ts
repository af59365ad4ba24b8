import { expect, it } from 'vitest'
import { findNeed } from './find-need.ts'

const minutesAgo = (minutes: number) => ({ authenticatedAtMs: 1_000_000_000 - minutes * 60_000, nowMs: 1_000_000_000 })

it.each([
  ['asks nothing where the deployment asks nothing', { controlStepUp: 'none', passkeyCount: 2, ...minutesAgo(600) }, null],
  [
    'takes nothing but a passkey where the deployment says so, with or without one',
    { controlStepUp: 'passkey', passkeyCount: 0, ...minutesAgo(0) },
    'passkey',
  ],
  ['has everybody sign who has a passkey, however fresh they are', { controlStepUp: 'preferred', passkeyCount: 1, ...minutesAgo(0) }, 'either'],
  ['asks nothing of somebody without a passkey who signed in a moment ago', { controlStepUp: 'preferred', passkeyCount: 0, ...minutesAgo(4) }, null],
  [
    'asks for the password again before the five minutes of the server are over',
    { controlStepUp: 'preferred', passkeyCount: 0, ...minutesAgo(4.8) },
    'either',
  ],
] as const)('%s', (_, known, need) => {
  expect(findNeed(known)).toBe(need)
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { answerWell, buildAction, control, descriptor, key, listen, problem } from './test/listening-peer.ts'
import type { Answer, Peer, Seen } from './test/listening-peer.ts'

const script = fileURLToPath(new URL('../../../docs/examples/executor.sh', import.meta.url))
let plane: Peer
let shop: Peer
beforeEach(async () => {
  plane = await listen((seen) => answerWell(seen))
  shop = await listen(() => ({ status: 201, json: { listing_id: '1001' } }))
})
afterEach(() => Promise.all([plane.close(), shop.close()]))

/** Runs the example of docs/examples to its end; answers with the paths it asked the shop for, and the bodies of its reports. */
async function runExample(changes: Record<string, (seen: Seen) => Answer> = {}) {
  plane.answer = (seen) => answerWell(seen, changes)
  const env = { PATH: process.env['PATH'], AUTOPACK_URL: plane.origin, AUTOPACK_EXECUTOR_KEY: key, DEMO_SHOP_URL: shop.origin, DEMO_SHOP_TOKEN: 't' }
  const child = spawn('sh', [script], { env, stdio: 'ignore', timeout: 20_000 })
  await once(child, 'close')
  const reports = plane.seen.filter(({ url }) => url.endsWith('/finish')).map(({ body }) => JSON.parse(body.toString()) as unknown)
  return { sent: shop.seen.filter(({ method }) => method === 'POST').length, reports }
}

test('the curl example sends when its last look finds nothing in the way', async () => {
  expect(await runExample()).toMatchObject({ sent: 1, reports: [{ fence: 7, sent: 'yes', outcome: 'completed' }] })
  const order = plane.seen.map(({ url }) => url.split('/').at(-1))
  expect(order.slice(order.indexOf('claim'))).toEqual(['claim', 'control', 'heartbeat', 'finish', 'observations'])
})

test.each<[string, Record<string, (seen: Seen) => Answer>]>([
  ['the brake was engaged', { control: () => ({ status: 200, json: { ...control, brake_engaged: true } }) }],
  ['a smaller brake was engaged', { control: () => ({ status: 200, json: { ...control, brakes: [{ kind: 'provider', id: 'demo_shop' }] } }) }],
  ['control cannot be read', { control: () => 'hang up' }],
  ['the lease was lost', { heartbeat: () => problem('stale_fence', 409) }],
])('the curl example sends nothing when %s after its claim, and says so', async (_, changes) => {
  expect(await runExample(changes)).toMatchObject({ sent: 0, reports: [{ fence: 7, sent: 'no', outcome: 'failed', error_code: 'last_look' }] })
})

test('the curl example waits for what follows the version of the action, not that of its descriptor', async () => {
  const pending = { status: 201, json: buildAction({ state: 'PENDING', version: 1 }) }
  expect(await runExample({ 'external-actions': () => pending })).toMatchObject({ sent: 1 })
  expect(descriptor.version).not.toBe(1)
  expect(plane.seen.find(({ url }) => url.includes('wait_seconds'))!.url).toMatch(/after_version=1$/)
})

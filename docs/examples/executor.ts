import { createExecutor } from '@autopack/executor-sdk/create-executor'
import type { PerformOptions, Send } from '@autopack/executor-sdk/perform'
import { readOverHttp } from '@autopack/executor-sdk/read-over-http'
import { sendOverHttp } from '@autopack/executor-sdk/send-over-http'

const { AUTOPACK_URL, AUTOPACK_EXECUTOR_KEY, DEMO_SHOP_URL, DEMO_SHOP_TOKEN } = process.env as Record<string, string>
const executor = createExecutor({ url: AUTOPACK_URL!, key: AUTOPACK_EXECUTOR_KEY! })
const price = { amount_minor: 4900, currency: 'EUR' }
const body = { title: 'Chair', description: 'Oak', price, quantity: 1, report_sha256: 'a'.repeat(64), tags: [] }
const proposed = await executor.propose({
  ...{ provider: 'demo_shop', operation: 'create_listing', target: { shop: 'demo-shop' }, mode: 'live', files: [] },
  ...{ cost: { amount_minor: 20, currency: 'USD' }, request: { method: 'POST', path: '/api/listings', body } },
})
console.log(`decide at ${proposed.console_path}`)
const decided = await executor.waitForDecision(proposed)
if (decided.state !== 'APPROVED') throw new Error(`${decided.state}: ${decided.decisions[0]?.reason}`)
const seller = { authorization: `Bearer ${DEMO_SHOP_TOKEN}` }
const send: Send = async (sending) => {
  const { json } = await sendOverHttp(DEMO_SHOP_URL!, sending, seller)
  return { external_object_id: (json as { listing_id: string }).listing_id }
}
const readBack: PerformOptions['readBack'] = (_, sent) => readOverHttp(DEMO_SHOP_URL!, `/api/listings/${sent?.external_object_id}`, seller)
const done = await executor.perform(decided, send, { readBack })
console.log(done.state, done.execution?.observed?.result)

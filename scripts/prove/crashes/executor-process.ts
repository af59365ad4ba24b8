/** An executor as its own program would be: the SDK, one provider, and a parent that tells it what to do and may kill it at any moment. */
import { setTimeout as delay } from 'node:timers/promises'
import { ApiProblem } from '@autopack/api-client/errors'
import { createExecutor } from '@autopack/executor-sdk/create-executor'
import { mayPass } from '@autopack/executor-sdk/may-pass'
import { readOverHttp } from '@autopack/executor-sdk/read-over-http'
import { sendOverHttp } from '@autopack/executor-sdk/send-over-http'
import type { PerformOptions, Send } from '@autopack/executor-sdk/perform'
import type { ExecutorOrder, ExecutorNews } from './executor-messages.ts'

const { AUTOPACK_URL, AUTOPACK_EXECUTOR_KEY, DEMO_SHOP_URL, DEMO_SHOP_TOKEN } = process.env as Record<string, string>
const executor = createExecutor({ url: AUTOPACK_URL!, key: AUTOPACK_EXECUTOR_KEY! })
const patienceMs = 45_000

const tell = (news: ExecutorNews): void => void process.send?.(news)

async function follow(order: ExecutorOrder): Promise<unknown> {
  if (order.does === 'propose') return persist(() => executor.propose(order.payload))
  if (order.does === 'revise') return persist(() => executor.revise(order.action, order.payload))
  const authorization = { authorization: `Bearer ${DEMO_SHOP_TOKEN!}` }
  const send: Send = async (sending) => {
    tell({ news: 'claimed', action_id: order.action.action_id, execution_id: sending.execution_id })
    const answer = await sendOverHttp(DEMO_SHOP_URL!, sending, authorization)
    const { listing_id, url } = answer.json as { listing_id: string; url: string }
    return { external_object_id: listing_id, external_url: url }
  }
  if (!order.readsBack) return executor.perform(order.action, send)
  const readBack: PerformOptions['readBack'] = (_sending, sent) =>
    readOverHttp(DEMO_SHOP_URL!, `/api/listings/${sent?.external_object_id ?? ''}`, authorization)
  return executor.perform(order.action, send, { readBack })
}

/** A proposal may be repeated as often as it takes: the SDK gives the same payload the same key. */
async function persist<T>(act: () => Promise<T>): Promise<T> {
  for (const deadline = performance.now() + patienceMs; ;) {
    try {
      return await act()
    } catch (error) {
      if (!mayPass(error) || performance.now() > deadline) throw error
      await delay(100)
    }
  }
}

process.on('message', (order: ExecutorOrder) => {
  follow(order).then(
    (value) => tell({ news: 'done', order: order.order, value }),
    (error: Error) =>
      tell({ news: 'failed', order: order.order, name: error instanceof ApiProblem ? error.code : error.name, detail: error.message }),
  )
})
// Nobody is left who would say what to do.
process.on('disconnect', () => process.exit(0))
process.send?.({ news: 'ready' } satisfies ExecutorNews)

import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import type { Payload } from '@autopack/approval-proof/payload'
import type { ExecutorAction } from '@autopack/contract/executor-actions'
import type { ExecutorNews, ExecutorOrder } from './executor-messages.ts'
import { within } from './within.ts'

/** What became of an order: an answer, a typed failure, or nothing, because the process was killed. */
export type Told = { ok: true; action: ExecutorAction } | { ok: false; name: string; detail: string }

export type KillableExecutor = {
  propose: (payload: Omit<Payload, 'v'>) => Promise<Told>
  revise: (action: ExecutorAction, payload: Omit<Payload, 'v'>) => Promise<Told>
  /** `onClaimed` hears the execution once the claim's answer has arrived and before anything is sent. */
  perform: (action: ExecutorAction, onClaimed: (executionId: string) => void, readsBack?: boolean) => Promise<Told>
  /** SIGKILL, and a new process that knows nothing of what the old one did. */
  killAndReplace: () => Promise<void>
  stop: () => Promise<void>
}

const orderMs = 100_000
type Waiting = { resolve: (told: Told) => void; onClaimed: ((executionId: string) => void) | null; actionId: string | null }

export async function openExecutor(environment: Record<string, string | undefined>): Promise<KillableExecutor> {
  let child = await startProcess(environment)
  let orders = 0
  const waiting = new Map<number, Waiting>()

  function listen(to: ChildProcess): void {
    to.on('message', (news: ExecutorNews) => {
      if (news.news === 'claimed') {
        for (const { actionId, onClaimed } of waiting.values()) if (actionId === news.action_id) onClaimed?.(news.execution_id)
      } else if (news.news === 'done') settle(news.order, { ok: true, action: news.value as ExecutorAction })
      else if (news.news === 'failed') settle(news.order, { ok: false, name: news.name, detail: news.detail })
    })
    to.on('exit', () => {
      for (const order of waiting.keys()) settle(order, { ok: false, name: 'Killed', detail: 'the executor is gone' })
    })
  }

  function settle(order: number, told: Told): void {
    waiting.get(order)?.resolve(told)
    waiting.delete(order)
  }

  type Doing = ExecutorOrder extends infer O ? (O extends { order: number } ? Omit<O, 'order'> : never) : never
  function tell(doing: Doing, onClaimed: Waiting['onClaimed'] = null): Promise<Told> {
    orders += 1
    const order = orders
    const told = new Promise<Told>((resolve) => {
      waiting.set(order, { resolve, onClaimed, actionId: doing.does === 'perform' ? doing.action.action_id : null })
    })
    child.send({ order, ...doing })
    return within(orderMs, `the executor to ${doing.does}`, told)
  }

  async function end(): Promise<void> {
    const ending = child
    const gone = new Promise<void>((resolve) => ending.once('exit', () => resolve()))
    ending.kill('SIGKILL')
    await gone
  }

  listen(child)
  return {
    propose: (payload) => tell({ does: 'propose', payload }),
    revise: (action, payload) => tell({ does: 'revise', action, payload }),
    perform: (action, onClaimed, readsBack = false) => tell({ does: 'perform', action, readsBack }, onClaimed),
    async killAndReplace() {
      await end()
      child = await startProcess(environment)
      listen(child)
    },
    stop: end,
  }
}

async function startProcess(environment: Record<string, string | undefined>): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'executor-process.ts'), { env: environment, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  await within(
    30_000,
    'the executor to start',
    new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve())
      child.once('exit', (status) => reject(new Error(`the executor ended with status ${status}`)))
    }),
  )
  return child
}

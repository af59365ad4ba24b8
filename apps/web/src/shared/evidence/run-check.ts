// oxlint-disable-next-line import/default -- the bundler makes the address of a worker the default export
import workerAddress from './check-worker.ts?worker&url'
import { startOwnWorker } from '../own-worker.ts'
import type { ReceiptVerdict } from '@autopack/verifier/verify-receipt'
import type { CheckMessage, CheckOrder, CheckProgress, LogResult } from './check-order.ts'
import type { Trust } from './choose-trust.ts'

/** The check did not come to an end. `status`: what the console answered; null: nothing, or the log broke off. */
export class CheckStopped extends Error {
  readonly status: number | null
  constructor(status: number | null, words: string) {
    super(words)
    this.status = status
  }
}

type Watch = { signal: AbortSignal; onProgress?: (progress: CheckProgress) => void }

/** Throws {@link CheckStopped}, and the signal's reason when it is aborted. */
export async function checkLog(order: Extract<CheckOrder, { kind: 'log' }>, watch: Watch): Promise<LogResult> {
  const message = await run(order, watch)
  if (message.kind !== 'log') throw new CheckStopped(null, 'The check gave no verdict about a log.')
  return message.result
}

/** `trust`: the keys that the reader or this browser believes, and the rotations and checkpoints that they have. Throws as {@link checkLog} does. */
export async function checkReceipt(text: string, trust: Omit<Trust, 'whose'>, signal: AbortSignal): Promise<ReceiptVerdict> {
  const { trustedKeys, rotations, notes } = trust
  const message = await run({ kind: 'receipt', text, trustedKeys, rotations, notes }, { signal })
  if (message.kind !== 'receipt') throw new CheckStopped(null, 'The check gave no verdict about a receipt.')
  return message.verdict
}

async function run(order: CheckOrder, { signal, onProgress }: Watch): Promise<CheckMessage> {
  signal.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<CheckMessage>()
  const worker = startOwnWorker(workerAddress)
  worker.addEventListener('message', ({ data }: MessageEvent<CheckMessage>) => {
    if (data.kind === 'progress') onProgress?.(data.progress)
    else if (data.kind === 'stopped') reject(new CheckStopped(data.status, data.words))
    else resolve(data)
  })
  worker.addEventListener('error', () => reject(new CheckStopped(null, 'The verifier could not be loaded, or it broke.')))
  signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  worker.postMessage(order)
  try {
    return await promise
  } finally {
    // Whatever it still reads or computes ends with it.
    worker.terminate()
  }
}

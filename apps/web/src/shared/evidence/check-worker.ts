/** Checks evidence beside the page, with the verifier that strangers use: a million events hold up nobody. */
import { readLines } from '@autopack/verifier/read-lines'
import { verifyAuditLog } from '@autopack/verifier/verify-audit-log'
import { verifyReceipt } from '@autopack/verifier/verify-receipt'
import type { CheckMessage, CheckOrder, CheckProgress } from './check-order.ts'

class NotAnswered extends Error {
  readonly status: number
  constructor(status: number) {
    super(`The console answered ${status}.`)
    this.status = status
  }
}

const say = (message: CheckMessage) => postMessage(message)

addEventListener('message', (event: MessageEvent<CheckOrder>) => {
  check(event.data).then(say, (error: unknown) => {
    const status = error instanceof NotAnswered ? error.status : null
    say({ kind: 'stopped', status, words: error instanceof Error ? error.message : String(error) })
  })
})

async function check(order: CheckOrder): Promise<CheckMessage> {
  if (order.kind === 'receipt') return { kind: 'receipt', verdict: await verifyReceipt(order.text, { trustedKeys: order.trustedKeys }) }
  const startedMs = performance.now()
  const progress: CheckProgress = { count: 0, bytes: 0 }
  const stream = 'file' in order.source ? order.source.file.stream() : await open(order.source.address)
  const lines = readLines(readChunks(stream, progress))
  const verdict = await verifyAuditLog(lines, {
    checkpoints: order.checkpoints,
    rotations: order.rotations,
    trustedKeys: order.trustedKeys,
    keys: order.keys,
    onProgress: (count) => {
      progress.count = count
      say({ kind: 'progress', progress })
    },
  })
  return { kind: 'log', result: { verdict, bytes: progress.bytes, tookMs: Math.round(performance.now() - startedMs) } }
}

async function open(address: string): Promise<ReadableStream<Uint8Array>> {
  const answer = await fetch(address, { headers: { accept: 'application/x-ndjson' }, cache: 'no-store', redirect: 'error' })
  if (answer.status !== 200 || answer.body === null) throw new NotAnswered(answer.status)
  return answer.body
}

/** By hand: not every browser can walk a stream with `for await`. */
async function* readChunks(stream: ReadableStream<Uint8Array>, progress: CheckProgress): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    progress.bytes += value.length
    yield value
  }
}

/** Checks evidence beside the page, with the verifier that strangers use: a million events hold up nobody. */
import { readCheckpoint } from '@autopack/verifier/checkpoint'
import { readLines } from '@autopack/verifier/read-lines'
import { verifyAuditLog, type AuditVerdict } from '@autopack/verifier/verify-audit-log'
import { verifyReceipt } from '@autopack/verifier/verify-receipt'
import type { CheckMessage, CheckOrder, CheckProgress } from './check-order.ts'
import { holdAgainstNotes } from './hold-against-notes.ts'

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
  if (order.kind === 'receipt') {
    const { text, trustedKeys, rotations, notes } = order
    return { kind: 'receipt', verdict: holdAgainstNotes(await verifyReceipt(text, { trustedKeys, rotations }), notes) }
  }
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
  const newest = findNewest(verdict, order.checkpoints)
  return { kind: 'log', result: { verdict, newest, bytes: progress.bytes, tookMs: Math.round(performance.now() - startedMs) } }
}

/** The verdict says what it believed; this finds the note that said so. */
function findNewest(verdict: AuditVerdict, notes: readonly string[]): string | null {
  const last = verdict.ok ? verdict.checkpoints.at(-1) : undefined
  if (last === undefined) return null
  const isLast = (note: string) => {
    const { origin, size, root, head, time } = readCheckpoint(note)
    return origin === last.origin && size === last.size && root === last.root && head === last.head && time === last.time
  }
  return notes.find(isLast) ?? null
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

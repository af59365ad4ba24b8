import { Worker } from 'node:worker_threads'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Log } from '@autopack/server-kit/log'

export type RedactionSecrets = { knownSecrets: readonly string[]; fingerprintKey: Uint8Array }

export type RedactedText = {
  /** The redacted text in UTF-8. */
  bytes: Uint8Array
  line_marks: number[]
  count: number
  by_rule: Record<string, number>
  media_type: 'text/plain' | 'application/json'
  /** Redaction failed: no byte of the text may be shown. */
  withheld: boolean
}

export type Redactor = {
  /** Redacts text bytes; what cannot be redacted is withheld. Throws `rate_limited` when too many texts wait already. */
  redact: (bytes: Uint8Array) => Promise<RedactedText>
}

const waitingLimit = 16
const redactionLimitMs = 60_000
const idleMs = 30_000
const withheld: RedactedText = { bytes: new Uint8Array(), line_marks: [0], count: 0, by_rule: {}, media_type: 'text/plain', withheld: true }

/** One text at a time in one worker thread, which ends when nothing has come for a while. */
export function createRedactor(options: { log: Log; readSecrets: () => Promise<RedactionSecrets>; limitMs?: number }): Redactor {
  let worker: Worker | null = null
  let idle: NodeJS.Timeout | undefined
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0

  const stop = () => {
    void worker?.terminate()
    worker = null
  }
  const redactNext = async (bytes: Uint8Array): Promise<RedactedText> => {
    clearTimeout(idle)
    try {
      worker ??= startWorker(await options.readSecrets(), (ended) => {
        if (worker === ended) worker = null
      })
      return await ask(worker, bytes, options.limitMs ?? redactionLimitMs)
    } catch (error) {
      stop()
      options.log.error({ error, size_bytes: bytes.byteLength }, 'a text could not be redacted; it is withheld')
      return withheld
    } finally {
      idle = setTimeout(stop, idleMs).unref()
    }
  }

  return {
    redact: async (bytes) => {
      if (waiting >= waitingLimit)
        throw new ProblemError('rate_limited', 'Too many uploads are being redacted. Try again in a few seconds.', { retryAfterSeconds: 5 })
      waiting += 1
      const mine = last.then(() => redactNext(bytes))
      last = mine
      try {
        return await mine
      } finally {
        waiting -= 1
      }
    },
  }
}

function startWorker(secrets: RedactionSecrets, onEnd: (ended: Worker) => void): Worker {
  const worker = new Worker(new URL('redact-worker.ts', import.meta.url), {
    workerData: secrets,
    // Nothing of the environment is any business of code that reads hostile text.
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 1_024 },
  })
  // Between two texts nobody waits for it: an error then only means that the next text needs a new one.
  worker.on('error', () => undefined)
  worker.on('exit', () => onEnd(worker))
  worker.unref()
  return worker
}

/** Rejects when the worker fails or takes too long. */
async function ask(worker: Worker, bytes: Uint8Array, limitMs: number): Promise<RedactedText> {
  const { promise, resolve, reject } = Promise.withResolvers<RedactedText>()
  const onExit = () => reject(new Error('the redaction worker ended'))
  const late = setTimeout(() => reject(new Error(`redaction took longer than ${limitMs} ms`)), limitMs)
  worker.on('message', resolve)
  worker.on('error', reject)
  worker.on('exit', onExit)
  worker.ref()
  worker.postMessage(bytes)
  try {
    return await promise
  } finally {
    clearTimeout(late)
    worker.off('message', resolve)
    worker.off('error', reject)
    worker.off('exit', onExit)
    worker.unref()
  }
}

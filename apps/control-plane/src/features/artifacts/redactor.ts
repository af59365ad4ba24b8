import { Worker } from 'node:worker_threads'
import { MIB } from '@autopack/contract/limits'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Log } from '@autopack/server-kit/log'
import type { TextEncoding } from './sniff-encoding.ts'

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

/** Which rules found a secret in bytes that are no text. */
export type FoundSecrets = { rules: string[] }

/** To a worker thread: a text to redact, or, without an encoding, bytes to search. */
export type RedactionTask = { bytes: Uint8Array; encoding: TextEncoding | null }

export type Redactor = {
  /** Redacts text bytes; what cannot be redacted is withheld. Throws `rate_limited` when too many texts wait already. */
  redact: (bytes: Uint8Array, encoding: TextEncoding) => Promise<RedactedText>
  /** Searches what is no text; null: that failed, so nothing is known. Throws `rate_limited` like `redact`. */
  search: (bytes: Uint8Array) => Promise<FoundSecrets | null>
}

type Worked = RedactedText | FoundSecrets

type Lane = { limitMs: number; waitingLimit: number }

/**
 * A large text takes seconds, one made to be slow takes its whole limit: small ones pass it on a lane of their own. As many may wait as
 * are answered before an upload is given up, each of them at its worst.
 */
const smallBytes = MIB
const smallLane: Lane = { limitMs: 5_000, waitingLimit: 16 }
const largeLane: Lane = { limitMs: 20_000, waitingLimit: 5 }
const idleMs = 30_000
const withheld: RedactedText = { bytes: new Uint8Array(), line_marks: [0], count: 0, by_rule: {}, media_type: 'text/plain', withheld: true }

type Options = {
  log: Log
  readSecrets: () => Promise<RedactionSecrets>
  /** Instead of the limits of the lanes. */
  limitMs?: number
}

/** Redacts in worker threads, one file at a time in each of two lanes. */
export function createRedactor(options: Options): Redactor {
  const small = createLane(options, smallLane)
  const large = createLane(options, largeLane)
  const send = (task: RedactionTask) => (task.bytes.byteLength <= smallBytes ? small : large)(task)
  return {
    redact: async (bytes, encoding) => ((await send({ bytes, encoding })) as RedactedText | null) ?? withheld,
    search: async (bytes) => (await send({ bytes, encoding: null })) as FoundSecrets | null,
  }
}

/** One file at a time in one worker thread, which ends when nothing has come for a while. Null: it failed or took too long. */
function createLane(options: Options, lane: Lane): (task: RedactionTask) => Promise<Worked | null> {
  let worker: Worker | null = null
  let idle: NodeJS.Timeout | undefined
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0

  const stop = () => {
    void worker?.terminate()
    worker = null
  }
  const workNext = async (task: RedactionTask): Promise<Worked | null> => {
    clearTimeout(idle)
    try {
      worker ??= startWorker(await options.readSecrets(), (ended) => {
        if (worker === ended) worker = null
      })
      return await ask(worker, task, options.limitMs ?? lane.limitMs)
    } catch (error) {
      stop()
      options.log.error({ error, size_bytes: task.bytes.byteLength }, 'a file could not be redacted or searched; it is withheld')
      return null
    } finally {
      idle = setTimeout(stop, idleMs).unref()
    }
  }

  return async (task) => {
    if (waiting >= lane.waitingLimit)
      throw new ProblemError('rate_limited', 'Too many uploads are being redacted. Try again in a few seconds.', { retryAfterSeconds: 5 })
    waiting += 1
    const mine = last.then(() => workNext(task))
    last = mine
    try {
      return await mine
    } finally {
      waiting -= 1
    }
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
async function ask(worker: Worker, task: RedactionTask, limitMs: number): Promise<Worked> {
  const { promise, resolve, reject } = Promise.withResolvers<Worked>()
  const onExit = () => reject(new Error('the redaction worker ended'))
  const late = setTimeout(() => reject(new Error(`redaction took longer than ${limitMs} ms`)), limitMs)
  worker.on('message', resolve)
  worker.on('error', reject)
  worker.on('exit', onExit)
  worker.ref()
  worker.postMessage(task)
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

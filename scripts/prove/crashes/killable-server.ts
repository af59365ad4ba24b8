import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { within } from './within.ts'

const readyMs = 60_000
const stopMs = 15_000

/** One of the console's servers as a process of its own, which can be killed and started again with the same environment. */
export type KillableServer = {
  /** Where it listens since the last start. */
  port: () => number
  start: () => Promise<void>
  /** SIGKILL; answers once it is gone. */
  kill: () => Promise<void>
  /** It keeps its connections and does nothing until it is resumed. */
  pause: () => void
  resume: () => void
  stop: () => Promise<void>
  /** Rejects when it ends although nobody here asked it to. */
  failure: Promise<never>
}

export function openServer(options: { entry: string; environment: Record<string, string | undefined>; log: string }): KillableServer {
  const name = basename(dirname(dirname(options.entry)))
  const failed = Promise.withResolvers<never>()
  failed.promise.catch(() => undefined)
  let child: ChildProcess | null = null
  let port = 0

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = child
    child = null
    if (ending === null || ending.exitCode !== null || ending.signalCode !== null) return
    const gone = new Promise<void>((resolve) => ending.once('exit', () => resolve()))
    ending.kill(signal)
    await within(stopMs, `${name} to end`, gone).catch((error: unknown) => {
      ending.kill('SIGKILL')
      throw error
    })
  }

  return {
    port: () => port,
    async start() {
      const log = openSync(options.log, 'a', 0o600)
      const started = spawn(process.execPath, [options.entry], { env: options.environment, stdio: ['ignore', log, log, 'ipc'] })
      closeSync(log)
      child = started
      const ready = new Promise<void>((resolve) => {
        started.once('message', (message: { port: number }) => {
          port = message.port
          resolve()
        })
        started.once('exit', (status, signal) => {
          if (child === started) failed.reject(new Error(`${name} ended by itself (${signal ?? `status ${status}`}); its log is ${options.log}`))
        })
      })
      await within(readyMs, `${name} to get ready`, Promise.race([ready, failed.promise]))
    },
    kill: () => end('SIGKILL'),
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    stop: () => end('SIGTERM'),
    failure: failed.promise,
  }
}

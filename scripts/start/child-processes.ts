import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { readLogTail } from './log-tail.ts'

export type Ready = { port?: number; changed_passwords?: string[] }

/** A process that ended although nobody asked it to, or never got ready. */
class ChildFailed extends Error {
  override readonly name = 'ChildFailed'
  constructor(process: string, how: string, logPath: string) {
    super([`${process} ${how}. Everything is being stopped. Its last lines:`, '', ...readLogTail(logPath, 15), '', `Its log: ${logPath}`].join('\n'))
  }
}

export type Children = {
  /** Starts `entry` with exactly this environment and answers when it says that it is ready. Throws ChildFailed. */
  start: (name: string, entry: string, environment: Record<string, string | undefined>) => Promise<Ready>
  /** Rejects with ChildFailed when a process ends by itself. */
  failure: Promise<never>
  /** The agent first, so that it can still report; then the rest; after 5 s whatever is left is killed. */
  stop: () => Promise<void>
}

const readyTimeoutMs = 90_000
const stopTimeoutMs = 5_000

export function openChildren(root: string, logDir: string): Children {
  mkdirSync(logDir, { recursive: true, mode: 0o700 })
  const running = new Map<string, ChildProcess>()
  let stopping = false
  let fail: (error: ChildFailed) => void
  const failure = new Promise<never>((_, reject) => (fail = reject))
  failure.catch(() => undefined)

  function start(name: string, entry: string, environment: Record<string, string | undefined>): Promise<Ready> {
    const logPath = join(logDir, `${name}.log`)
    if (existsSync(logPath)) renameSync(logPath, join(logDir, `${name}.previous.log`))
    const log = openSync(logPath, 'w', 0o600)
    // A group of its own: Ctrl-C reaches this process only, which stops the others in order. They notice when it dies without that.
    const child = spawn(process.execPath, [join(root, entry)], { cwd: root, env: environment, detached: true, stdio: ['ignore', log, log, 'ipc'] })
    closeSync(log)
    running.set(name, child)
    return new Promise((resolve, reject) => {
      const give = (how: string) => {
        const error = new ChildFailed(name, how, logPath)
        reject(error)
        fail(error)
      }
      const timer = setTimeout(() => give(`did not get ready within ${readyTimeoutMs / 1000} s`), readyTimeoutMs)
      child.on('message', (message: { type?: string } & Ready) => {
        if (message.type !== 'ready') return
        clearTimeout(timer)
        resolve(message)
      })
      child.on('error', (error) => give(`cannot be started (${error.message})`))
      child.on('exit', (status, signal) => {
        clearTimeout(timer)
        running.delete(name)
        if (!stopping) give(signal === null ? `ended with status ${status}` : `was ended by ${signal}`)
      })
    })
  }

  async function end(names: readonly string[], timeoutMs: number): Promise<void> {
    const children = names.flatMap((name) => running.get(name) ?? [])
    const ended = children.map((child) => new Promise<void>((resolve) => child.once('exit', () => resolve())))
    for (const child of children) child.kill('SIGTERM')
    let timer: NodeJS.Timeout | undefined
    const timeout = new Promise<void>((resolve) => (timer = setTimeout(resolve, timeoutMs)))
    await Promise.race([Promise.all(ended), timeout])
    clearTimeout(timer)
  }

  return {
    start,
    failure,
    async stop() {
      stopping = true
      const startedAt = performance.now()
      await end(['demo-agent'], 2_500)
      await end(
        [...running.keys()].filter((name) => name !== 'demo-agent'),
        Math.max(500, stopTimeoutMs - (performance.now() - startedAt)),
      )
      for (const child of running.values()) child.kill('SIGKILL')
    },
  }
}

import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { readLogTail } from './log-tail.ts'

export type Ready = { port?: number; changed_passwords?: string[] }

/** A process that ended although nobody asked it to, or never got ready. */
class ChildFailed extends Error {
  override readonly name = 'ChildFailed'
}

type Log = { name: string; path: string }

function describeEnd({ name, path }: Log, how: string): string {
  return [`${name} ${how}. Everything is being stopped. Its last lines:`, '', ...readLogTail(path, 15), '', `Its log: ${path}`].join('\n')
}

function describeRefusals(logs: readonly Log[]): string {
  const lines = logs.flatMap(({ path }) => {
    const tail = readLogTail(path, 100)
    const problems = tail.filter((line) => line.includes(': configuration: '))
    return problems.length > 0 ? problems : tail.slice(-15)
  })
  const names = logs.map(({ name }) => name).join(' and ')
  const paths = logs.map(({ path }) => path).join(', ')
  return [
    `${names} refused the configuration. Everything is being stopped.`,
    '',
    ...lines,
    '',
    `${logs.length === 1 ? 'Its log' : 'Their logs'}: ${paths}`,
  ].join('\n')
}

export type Children = {
  /** Starts `entry` with exactly this environment and answers when it says that it is ready. Throws ChildFailed. */
  start: (name: string, entry: string, environment: Record<string, string | undefined>) => Promise<Ready>
  /** Rejects with ChildFailed when a process ends by itself; when it refused its configuration, with what the others refuse as well. */
  failure: Promise<never>
  /** The agent first, so that it can still report; then the rest; after 5 s whatever is left is killed. */
  stop: () => Promise<void>
}

const readyTimeoutMs = 90_000
const stopTimeoutMs = 5_000
/** EX_CONFIG of sysexits.h, with which our servers refuse their configuration. */
const refusedStatus = 78
/** From the first refusal on: nobody should correct one process's settings to hear of the next one's. */
const otherRefusalsMs = 1_500

export function openChildren(root: string, logDir: string): Children {
  mkdirSync(logDir, { recursive: true, mode: 0o700 })
  const running = new Map<string, ChildProcess>()
  let stopping = false
  let fail: (error: ChildFailed) => void
  const failure = new Promise<never>((_, reject) => (fail = reject))
  failure.catch(() => undefined)
  const refused: Log[] = []
  let allRefused: Promise<ChildFailed> | null = null

  function gatherRefusals(log: Log): Promise<ChildFailed> {
    refused.push(log)
    allRefused ??= delay(otherRefusalsMs).then(() => new ChildFailed(describeRefusals(refused.toSorted((a, b) => a.name.localeCompare(b.name)))))
    return allRefused
  }

  function start(name: string, entry: string, environment: Record<string, string | undefined>): Promise<Ready> {
    const logPath = join(logDir, `${name}.log`)
    if (existsSync(logPath)) renameSync(logPath, join(logDir, `${name}.previous.log`))
    const log = openSync(logPath, 'w', 0o600)
    // A group of its own: Ctrl-C reaches this process only, which stops the others in order. They notice when it dies without that.
    const child = spawn(process.execPath, [join(root, entry)], { cwd: root, env: environment, detached: true, stdio: ['ignore', log, log, 'ipc'] })
    closeSync(log)
    running.set(name, child)
    return new Promise((resolve, reject) => {
      const give = async (how: string, refusal = false) => {
        const written = { name, path: logPath }
        const error = await (refusal ? gatherRefusals(written) : (allRefused ?? new ChildFailed(describeEnd(written, how))))
        reject(error)
        fail(error)
      }
      const timer = setTimeout(() => void give(`did not get ready within ${readyTimeoutMs / 1000} s`), readyTimeoutMs)
      child.on('message', (message: { type?: string } & Ready) => {
        if (message.type !== 'ready') return
        clearTimeout(timer)
        resolve(message)
      })
      child.on('error', (error) => void give(`cannot be started (${error.message})`))
      child.on('exit', (status, signal) => {
        clearTimeout(timer)
        running.delete(name)
        if (!stopping) void give(signal === null ? `ended with status ${status}` : `was ended by ${signal}`, status === refusedStatus)
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

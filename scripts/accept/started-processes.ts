import { execFileSync, spawn } from 'node:child_process'
import { closeSync, openSync, writeSync } from 'node:fs'
import { waitUntil } from './wait-until.ts'

export type StartedProcess = {
  pid: number
  output: () => string
  /** The status; null: a signal ended it. */
  ended: Promise<number | null>
  hasEnded: () => boolean
  /** The process itself or one below it whose command line holds `words`. */
  findPid: (words: string) => number
  /** Tells it to stop as Ctrl-C would, and waits until everything below it is gone. */
  stop: () => Promise<void>
}

export type StartedProcesses = {
  start: (command: readonly [string, ...string[]], options: { cwd: string; env: Record<string, string | undefined>; log: string }) => StartedProcess
  /** Ends everything that was started here, by its id. */
  endAll: () => Promise<void>
}

type Listed = { pid: number; parent: number; command: string }

export function openStartedProcesses(): StartedProcesses {
  const started = new Set<StartedProcess>()
  let ending = false

  function start(
    command: readonly [string, ...string[]],
    options: { cwd: string; env: Record<string, string | undefined>; log: string },
  ): StartedProcess {
    if (ending) throw new Error('the acceptance is being stopped')
    const [program, ...parameters] = command
    // A group of its own: Ctrl-C reaches the acceptance only, which stops the others in order.
    const child = spawn(program, parameters, { cwd: options.cwd, env: options.env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    const log = openSync(options.log, 'a', 0o600)
    let output = ''
    let over = false
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (part: Buffer) => {
        output += part.toString()
        writeSync(log, part)
      })
    }
    const ended = new Promise<number | null>((resolve) => {
      child.once('error', (error) => {
        output += String(error)
        over = true
        resolve(127)
      })
      child.once('close', (status) => {
        over = true
        closeSync(log)
        resolve(status)
      })
    })
    const pid = child.pid ?? -1
    const family = (): Listed[] => (pid === -1 ? [] : listFamily(pid))
    const own: StartedProcess = {
      pid,
      output: () => output,
      ended,
      hasEnded: () => over,
      findPid(words) {
        // The deepest: `npm start` and the bootstrap hold the words of what they start.
        const found = family().findLast(({ command: line }) => line.includes(words))
        if (found === undefined) throw new Error(`no process of ${command.join(' ')} is ${words}`)
        return found.pid
      },
      async stop() {
        const before = family()
        signal(-pid, 'SIGTERM')
        await waitUntil('the processes to stop', 12_000, () => before.every(({ pid: id }) => !isAlive(id)), 100).catch(() => {
          const alive = listProcesses()
          for (const { pid: id, command: line } of before) if (alive.some((now) => now.pid === id && now.command === line)) signal(id, 'SIGKILL')
        })
        started.delete(own)
      },
    }
    started.add(own)
    return own
  }

  return {
    start,
    async endAll() {
      ending = true
      await Promise.all([...started].map((process) => process.stop()))
    },
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It is gone already.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

function listProcesses(): Listed[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8', maxBuffer: 16 * 1024 ** 2 }).split('\n')
  return lines.flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line)
    return match === null ? [] : [{ pid: Number(match[1]), parent: Number(match[2]), command: match[3]! }]
  })
}

/** The process and everything below it, parents first. */
function listFamily(pid: number): Listed[] {
  const all = listProcesses()
  const family = all.filter((entry) => entry.pid === pid)
  for (const member of family) family.push(...all.filter((entry) => entry.parent === member.pid))
  return family
}

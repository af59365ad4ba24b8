/** Starts the console from this checkout for a measurement, in a folder and on ports of its own. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

export type RunningConsole = {
  origin: string
  controlPlaneUrl: string
  dataDirectory: string
  readyMs: number
  process: ChildProcess
  stop: () => Promise<void>
}

export async function startConsole(options: {
  dataDirectory: string
  workspace: string
  cwd?: string
  extra?: string[]
  command?: [string, ...string[]]
}): Promise<RunningConsole> {
  const [port, controlPlanePort, shopPort] = [15_600, 15_601, 15_602]
  const [program, ...before] = options.command ?? [process.execPath, 'scripts/start.ts']
  const begun = performance.now()
  const child = spawn(
    program,
    [
      ...before,
      ...['--data-dir', options.dataDirectory, '--workspace', options.workspace],
      ...['--port', String(port), '--control-plane-port', String(controlPlanePort), '--shop-port', String(shopPort)],
      ...(options.extra ?? []),
    ],
    // A group of its own, so that stopping reaches the start behind npm the way Ctrl-C does.
    { cwd: options.cwd, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  )
  let output = ''
  const ready = new Promise<void>((resolve, reject) => {
    const take = (part: Buffer) => {
      output += part.toString()
      if (output.includes('Ctrl-C')) resolve()
    }
    child.stdout?.on('data', take)
    child.stderr?.on('data', take)
    child.once('close', () => reject(new Error(`the start ended:\n${output}`)))
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  await ready
  return {
    origin: `http://localhost:${port}`,
    controlPlaneUrl: `http://127.0.0.1:${controlPlanePort}`,
    dataDirectory: options.dataDirectory,
    readyMs: performance.now() - begun,
    process: child,
    stop: async () => {
      process.kill(-child.pid!, 'SIGINT')
      await ended
    },
  }
}

/** Signs in as a demo operator; the cookie header to send. */
export async function signIn(console_: RunningConsole, name: string): Promise<string> {
  const file = JSON.parse(readFileSync(join(console_.dataDirectory, 'secrets/demo.json'), 'utf8')) as {
    operators: { name: string; password: string }[]
  }
  const answer = await fetch(`${console_.origin}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: console_.origin, 'x-csrf': '1' },
    body: JSON.stringify({ name, password: file.operators.find((operator) => operator.name === name)?.password }),
  })
  if (!answer.ok) throw new Error(`sign-in failed: ${answer.status} ${await answer.text()}`)
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}

/** Proportional set size in MiB of each descendant that runs a server, by the name of its entry file (Linux only). */
export function memoryOf(root: number): { name: string; pssMib: number }[] {
  const parents = new Map<number, number>()
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8')
      parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
    } catch {
      continue
    }
  }
  const descends = (pid: number): boolean => pid === root || (parents.has(pid) && parents.get(pid)! > 1 && descends(parents.get(pid)!))
  const found: { name: string; pssMib: number }[] = []
  for (const pid of parents.keys()) {
    if (pid === root || !descends(pid)) continue
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    const entry = command.find((part) => /apps\/[a-z-]+\/src\//.test(part))
    const pss = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))
    if (entry && pss) found.push({ name: /apps\/([a-z-]+)\//.exec(entry)![1]!, pssMib: Math.round(Number(pss[1]) / 1024) })
  }
  return found.toSorted((a, b) => a.name.localeCompare(b.name, 'en'))
}

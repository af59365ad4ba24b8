import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StartedProcess, StartedProcesses } from './started-processes.ts'
import { waitUntil } from './wait-until.ts'

export type RoleName = 'admin' | 'approver' | 'viewer'
export type ServerName = 'bff' | 'control-plane' | 'demo-shop' | 'demo-agent'

/** One console with its data folder, started as the README says; after a kill it is started again on the same folder. */
export type ConsoleUnderTest = {
  name: string
  origin: string
  controlPlaneUrl: string
  shopUrl: string
  shopPort: number
  dataDir: string
  start: () => Promise<void>
  /** Sends a signal to one server of the console, found among what `npm start` started. */
  signal: (server: ServerName, signal: NodeJS.Signals) => void
  /** After a server died: the status with which the start ended. */
  ended: () => Promise<number | null>
  /** Everything that was printed by every start. */
  outputs: () => string[]
  /** A file of `.autopack/secrets`. */
  secret: (file: string) => string
  password: (name: RoleName) => string
  operatorId: (name: RoleName) => string
}

const readyMs = 120_000

export function describeConsole(
  processes: StartedProcesses,
  options: {
    name: string
    root: string
    dataDir: string
    firstPort: number
    flags: string[]
    env: Record<string, string | undefined>
    log: string
  },
): ConsoleUnderTest {
  const { name, root, dataDir, firstPort } = options
  const ports = ['--port', `${firstPort}`, '--control-plane-port', `${firstPort + 1}`, '--shop-port', `${firstPort + 2}`]
  const starts: StartedProcess[] = []
  const secret = (file: string) => readFileSync(join(dataDir, 'secrets', file), 'utf8').trim()
  type Demo = { operators: { operator_id: string; name: RoleName; password: string }[] }
  const operator = (role: RoleName) => (JSON.parse(secret('demo.json')) as Demo).operators.find((found) => found.name === role)!
  return {
    name,
    origin: `http://localhost:${firstPort}`,
    controlPlaneUrl: `http://127.0.0.1:${firstPort + 1}`,
    shopUrl: `http://127.0.0.1:${firstPort + 2}`,
    shopPort: firstPort + 2,
    dataDir,
    async start() {
      const command = ['npm', 'start', '--', '--data-dir', dataDir, ...ports, ...options.flags] as const
      const started = processes.start(command, { cwd: root, env: options.env, log: options.log })
      starts.push(started)
      await waitUntil(`the ${name} console to be ready`, readyMs, () => {
        if (started.hasEnded()) throw new Error(`npm start ended by itself:\n${started.output().slice(-2_000)}`)
        return started.output().includes('Ctrl-C stops everything.')
      })
    },
    signal: (server, signal) => void process.kill(starts.at(-1)!.findPid(`apps/${server}/src/`), signal),
    ended: () => starts.at(-1)!.ended,
    outputs: () => starts.map((started) => started.output()),
    secret,
    password: (role) => operator(role).password,
    operatorId: (role) => operator(role).operator_id,
  }
}

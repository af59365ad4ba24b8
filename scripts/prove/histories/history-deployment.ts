import { randomUUID } from 'node:crypto'
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createExecutorKey } from '@autopack/server-kit/executor-key'
import pg from 'pg'
import { createMigratedDatabase } from '../../../apps/control-plane/src/test/create-migrated-database.ts'
import { demoSwitches } from '../../start/child-environments.ts'
import { createDemoSecrets } from '../../start/demo-secrets.ts'
import { openConsoleHeaders } from '../console-headers.ts'
import type { ConsoleHeaders } from '../console-headers.ts'
import type { Effect } from './history-record.ts'

export type Person = { operator_id: string; role: 'admin' | 'approver' | 'viewer' }
export type Program = { executor_id: string; key: string }

/** A control plane on a database of its own and a shop, both as processes, with many people and executors. */
export type HistoryDeployment = {
  origin: string
  shopOrigin: string
  shopToken: string
  people: readonly Person[]
  programs: readonly Program[]
  headers: ConsoleHeaders
  owner: pg.Client
  readEffects: () => Effect[]
  close: () => Promise<void>
}

const root = resolve(import.meta.dirname, '../../..')
const readyMs = 60_000

export async function openDeployment(databaseUrl: string, size: { people: number; programs: number }): Promise<HistoryDeployment> {
  const folder = mkdtempSync(join(tmpdir(), 'autopack-histories-'))
  const secrets = createDemoSecrets(folder)
  const roles = ['admin', 'approver', 'approver', 'viewer', 'approver', 'admin'] as const
  const people = Array.from({ length: size.people }, (_, place) => ({ operator_id: `op_${randomUUID()}`, role: roles[place % roles.length]! }))
  const programs = Array.from({ length: size.programs }, () => ({ executor_id: `exr_${randomUUID()}`, key: createExecutorKey().text }))
  writeFileSync(
    secrets.demo,
    JSON.stringify({
      operators: people.map((person, place) => ({ ...person, name: `person-${place}` })),
      executors: programs.map((program, place) => ({
        ...program,
        name: `program-${place}`,
        owner_operator_id: people[0]!.operator_id,
        shared_with_everyone: true,
      })),
    }),
  )
  const database = await createMigratedDatabase(databaseUrl)
  const environment = { PATH: process.env['PATH'], HOME: process.env['HOME'], AUTOPACK_DATA_DIR: folder, AUTOPACK_LOG_LEVEL: 'warn' }
  const log = join(folder, 'servers.log')
  const processes: ChildProcess[] = []
  const close = async () => {
    await Promise.all(processes.map(end))
    await owner?.end()
    await database.drop()
    rmSync(folder, { recursive: true, force: true })
  }
  let owner: pg.Client | undefined
  try {
    const plane = start('apps/control-plane/src/server.ts', log, {
      ...environment,
      ...demoSwitches,
      // The server runs as the application, with its rights alone.
      DATABASE_URL: database.url,
      // Small enough to be reached again and again.
      AUTOPACK_MAX_ACTIONS_PER_DAY: '60',
      AUTOPACK_MAX_DAILY_SPEND_USD: '8.00',
      CONTROL_PLANE_PORT: '0',
      AUTOPACK_API_KEY_FILE: secrets.instanceKey,
      AUTOPACK_OPERATOR_ASSERTION_JWKS_FILE: secrets.assertionJwks,
      AUTOPACK_DEMO_FILE: secrets.demo,
    })
    const shop = start('apps/demo-shop/src/server.ts', log, { ...environment, DEMO_SHOP_PORT: '0', DEMO_SHOP_TOKEN_FILE: secrets.shopToken })
    processes.push(plane.process, shop.process)
    const [planePort, shopPort] = await Promise.all([plane.port, shop.port])
    owner = new pg.Client({ connectionString: database.ownerUrl })
    await owner.connect()
    return {
      origin: `http://127.0.0.1:${planePort}`,
      shopOrigin: `http://127.0.0.1:${shopPort}`,
      shopToken: readFileSync(secrets.shopToken, 'utf8').trim(),
      people,
      programs,
      headers: openConsoleHeaders(secrets),
      owner,
      readEffects: () => readJournal(join(folder, 'demo-shop', 'requests.jsonl')),
      close,
    }
  } catch (error) {
    const said = existsSync(log) ? readFileSync(log, 'utf8').slice(-2_000) : ''
    await close()
    throw new Error(`the deployment did not start: ${(error as Error).message}\n${said}`, { cause: error })
  }
}

/** A server as a process; its first message says on which port it listens. */
function start(entry: string, log: string, environment: Record<string, string | undefined>): { process: ChildProcess; port: Promise<number> } {
  const file = openSync(log, 'a', 0o600)
  const child = spawn(process.execPath, [join(root, entry)], { env: environment, stdio: ['ignore', file, file, 'ipc'] })
  closeSync(file)
  const port = new Promise<number>((resolvePort, reject) => {
    const timer = setTimeout(() => reject(new Error(`${entry} was not ready in ${readyMs / 1_000} s`)), readyMs)
    child.once('message', (message: { port: number }) => {
      clearTimeout(timer)
      resolvePort(message.port)
    })
    child.once('exit', () => {
      clearTimeout(timer)
      reject(new Error(`${entry} ended`))
    })
  })
  return { process: child, port }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise<void>((resolveGone) => child.once('exit', () => resolveGone()))
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), 15_000)
  await gone
  clearTimeout(late)
}

function readJournal(path: string): Effect[] {
  if (!existsSync(path)) return []
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  return lines.map((line) => {
    const { execution_id, received_at, sha256, status } = JSON.parse(line) as Omit<Effect, 'received'> & { received_at: string }
    return { execution_id, received: Date.parse(received_at), sha256, status }
  })
}

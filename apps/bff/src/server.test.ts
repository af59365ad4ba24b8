import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '@autopack/server-kit/open-database'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { signInTable } from './db/bff-tables.ts'
import { sendRequest } from './test/send-request.ts'

// Each test starts processes: minutes on a machine that is busy with something else, seconds otherwise.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const migrationsFolder = join(import.meta.dirname, 'db/migrations')
const folder = mkdtempSync(join(tmpdir(), 'bff-server-'))
const running: ChildProcess[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((child) => stop(child)))
})
afterAll(() => rmSync(folder, { recursive: true }))

type Ready = { type: 'ready'; port: number; changed_passwords: string[] }

function start(environment: Record<string, string>): {
  child: ChildProcess
  output: () => string
  ready: Promise<Ready>
  exit: Promise<number | null>
} {
  const child = fork(join(import.meta.dirname, 'server.ts'), {
    env: { PATH: process.env['PATH'], ...environment },
    cwd: folder,
    silent: true,
    execPath: process.execPath,
  })
  running.push(child)
  let output = ''
  child.stdout?.on('data', (part: Buffer) => (output += String(part)))
  child.stderr?.on('data', (part: Buffer) => (output += String(part)))
  const exit = new Promise<number | null>((resolve) => {
    child.on('close', (code) => resolve(code))
  })
  const ready = new Promise<Ready>((resolve, reject) => {
    child.on('message', (message) => resolve(message as Ready))
    void exit.then((code) => reject(new Error(`ended with ${code}: ${output}`)))
  })
  ready.catch(() => undefined)
  return { child, output: () => output, ready, exit }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = new Promise((resolve) => {
    child.on('close', resolve)
  })
  child.kill('SIGTERM')
  await exit
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => {
    server.close(resolve)
  })
  return port
}

// The first test makes the database that the later ones start on: making one takes longer than all else together.
const dataFolder = join(folder, 'data')

test('an almost empty environment serves on both loopback addresses and refuses everything upstream; a second process on its folder is refused; it stops with status 0', async () => {
  const port = await freePort()
  const server = start({
    CONSOLE_PORT: String(port),
    AUTOPACK_DATA_DIR: dataFolder,
    CONTROL_PLANE_URL: `http://127.0.0.1:${await freePort()}`,
  })
  expect(await server.ready).toEqual({ type: 'ready', port, changed_passwords: [] })
  const host = `localhost:${port}`
  expect((await sendRequest(port, { path: '/livez' })).status).toBe(200)
  expect((await sendRequest(port, { path: '/health' })).status).toBe(503)
  expect((await sendRequest(port, { path: '/api/control', headers: { host } })).status).toBe(401)
  const second = start({ CONSOLE_PORT: String(await freePort()), AUTOPACK_DATA_DIR: dataFolder })
  expect(await second.exit).toBe(1)
  expect(second.output()).toContain('in use by process')
  server.child.kill('SIGTERM')
  expect(await server.exit).toBe(0)
  expect(server.output()).toContain('JWT_PRIVATE_KEY is not set')
})

test('demo operators are inserted once with their generated passwords, hashed at full cost and in no log, and a second start keeps them', async () => {
  const operators = ['admin', 'approver'].map((name) => ({
    operator_id: `op_${randomUUID()}`,
    name,
    role: name,
    password: `generated-${randomUUID()}`,
  }))
  const demoFile = join(folder, 'demo.json')
  writeFileSync(demoFile, JSON.stringify({ operators, executors: [] }), { mode: 0o600 })
  const port = await freePort()
  const environment = { CONSOLE_PORT: String(port), AUTOPACK_DATA_DIR: dataFolder, AUTOPACK_DEMO_FILE: demoFile }
  const login = async (password: string) => {
    const origin = `http://localhost:${port}`
    const headers = { host: `localhost:${port}`, origin, 'x-csrf': '1', 'content-type': 'application/json' }
    const answer = await sendRequest(port, { method: 'POST', path: '/api/auth/login', headers, body: JSON.stringify({ name: 'admin', password }) })
    return (JSON.parse(answer.text) as { code: string }).code
  }
  const first = start(environment)
  await first.ready
  // Without an instance key the right password gets as far as the control plane, a wrong one does not.
  expect(await login(operators[0]!.password)).toBe('control_plane_refused_console')
  await stop(first.child)
  writeFileSync(
    demoFile,
    JSON.stringify({ operators: operators.map((operator) => ({ ...operator, password: `changed-${randomUUID()}` })), executors: [] }),
    { mode: 0o600 },
  )
  const second = start(environment)
  expect((await second.ready).changed_passwords).toEqual([])
  expect(await login(operators[0]!.password)).toBe('control_plane_refused_console')
  expect(await login('not the generated password')).toBe('wrong_credentials')
  await stop(second.child)
  const database = await openDatabase({ url: null, directory: join(dataFolder, 'bff'), migrationsFolder, schema: 'bff' })
  const kept = await database.db.select().from(signInTable)
  await database.close()
  expect(kept.map((row) => row.password_hash.split('$', 4).join('$'))).toEqual(operators.map(() => '$argon2id$v=19$m=65536,t=3,p=1'))
  for (const { password } of operators) expect(first.output() + second.output()).not.toContain(password)
})

test('production with a broken, otherwise empty environment ends with status 78, one line for each problem and no value', async () => {
  const server = start({ AUTOPACK_ENV: 'production', AUTOPACK_API_KEY: 'this-is-a-canary' })
  expect(await server.exit).toBe(78)
  const lines = server.output().trim().split('\n')
  expect(lines.map((line) => line.split(': ', 3).join(': '))).toEqual(
    ['AUTOPACK_API_KEY', 'CONSOLE_ORIGIN', 'AUTOPACK_TRUSTED_PROXIES', 'JWT_PRIVATE_KEY', 'BFF_DATABASE_URL'].map(
      (name) => `bff: configuration: ${name}`,
    ),
  )
  expect(server.output()).not.toContain('this-is-a-canary')
})

test('a busy port is said in one line', async () => {
  const port = await freePort()
  const other = createServer()
  await new Promise<void>((resolve) => {
    other.listen(port, '127.0.0.1', resolve)
  })
  const server = start({ CONSOLE_PORT: String(port), AUTOPACK_DATA_DIR: join(folder, 'busy') })
  expect(await server.exit).toBe(1)
  expect(server.output()).toContain(`bff: port ${port} is in use by another program; stop it, or set CONSOLE_PORT`)
  expect(server.output()).not.toContain('    at ')
  other.close()
})

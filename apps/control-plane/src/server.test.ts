/** The control plane as a process of its own, as it starts on a machine where nobody set anything. */
import { fork, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { controlInForceSchema } from '@autopack/contract/control'
import { scopes } from '@autopack/contract/scopes'
import { createExecutorKey, readExecutorKey } from '@autopack/server-kit/executor-key'
import { openDatabase } from '@autopack/server-kit/open-database'
import { sql } from 'drizzle-orm'
import * as z from 'zod/mini'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { databaseSchema, migrationsFolder } from './db/migrations-folder.ts'
import { readTestTemplate } from './test/open-test-database.ts'
import { executorKeyTable, executorTable, operatorTable } from './db/people-tables.ts'

// Whole processes on a busy machine take their time.
vi.setConfig({ testTimeout: 120_000 })

const serverFile = fileURLToPath(new URL('./server.ts', import.meta.url))
const children: ChildProcess[] = []
const folders: string[] = []

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'control-plane-process-'))
  folders.push(folder)
  return folder
}

type Running = { child: ChildProcess; output: () => string }

function start(folder: string, environment: Record<string, string>): Running {
  // Port 0, so that the test does not need a free 4601; nothing else is set.
  const child = fork(serverFile, {
    cwd: folder,
    env: { CONTROL_PLANE_PORT: '0', ...environment },
    silent: true,
    execPath: process.execPath,
    execArgv: [],
  })
  children.push(child)
  let output = ''
  child.stdout!.on('data', (part: Buffer) => (output += part.toString()))
  child.stderr!.on('data', (part: Buffer) => (output += part.toString()))
  return { child, output: () => output }
}

async function startReady(folder: string, environment: Record<string, string> = {}): Promise<Running & { port: number }> {
  const running = start(folder, environment)
  const ended = once(running.child, 'exit').then(([status]) => {
    throw new Error(`the server ended with ${status}: ${running.output()}`)
  })
  const [message] = (await Promise.race([once(running.child, 'message'), ended])) as [{ type: string; port: number }]
  expect(message.type).toBe('ready')
  return { ...running, port: message.port }
}

async function startRefused(folder: string, environment: Record<string, string>): Promise<{ status: number; output: string }> {
  const { child, output } = start(folder, environment)
  const [status] = (await once(child, 'close')) as [number]
  return { status, output: output() }
}

async function stop({ child }: Running): Promise<number> {
  child.kill('SIGTERM')
  const [status] = (await once(child, 'exit')) as [number]
  return status
}

/** The embedded database of a folder; a new one comes from the tests' template, which is much faster than making it. */
async function openFolderDatabase(folder: string) {
  const directory = join(folder, '.autopack', 'control-plane')
  const isNew = !existsSync(join(directory, 'pgdata'))
  return openDatabase({ url: null, directory, migrationsFolder, schema: databaseSchema, ...(isNew ? { template: await readTestTemplate() } : {}) })
}

async function makePreparedFolder(): Promise<string> {
  const folder = makeFolder()
  await (await openFolderDatabase(folder)).close()
  return folder
}

/** Puts an executor with a key into the embedded database of a folder, as an earlier start would have left it. */
async function plantExecutor(folder: string): Promise<string> {
  const database = await openFolderDatabase(folder)
  const operatorId = `op_${randomUUID()}`
  const executorId = `exr_${randomUUID()}`
  const { keyId, text } = createExecutorKey()
  await database.db.insert(operatorTable).values({ operator_id: operatorId, name: 'somebody', role: 'admin' })
  await database.db.insert(executorTable).values({ executor_id: executorId, name: 'planted', owner_operator_id: operatorId })
  await database.db.insert(executorKeyTable).values({
    key_id: keyId,
    executor_id: executorId,
    sha256: readExecutorKey(text)!.sha256,
    scopes: [...scopes],
    expires_at: sql`now() + interval '1 day'`,
  })
  await database.close()
  return text
}

/** The status line of a request whose target no client library would send as it is. */
async function requestRaw(port: number, target: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.end(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`)
  let text = ''
  for await (const part of socket) text += String(part)
  return text.slice(0, 12)
}

describe('with an empty environment', () => {
  test('everything is off and dry, nobody is served without a credential, and hostile paths are refused as they came', async () => {
    const folder = makeFolder()
    const key = await plantExecutor(folder)
    const server = await startReady(folder)
    const answer = await fetch(`http://127.0.0.1:${server.port}/control`, { headers: { 'x-api-key': key } })
    const control = z.parse(controlInForceSchema, await answer.json())
    expect(control.external_actions_enabled).toBe(false)
    expect(control.dry_run).toBe(true)
    expect(Object.values(control.kill_switches)).toEqual([false, false, false, false, false])
    expect(control.caps.map(({ cap }) => cap)).toEqual(control.caps.map(() => 0))
    expect(server.output()).toContain('external actions off; dry run on; kill switches all off; at most 0 actions, $0.00 a day')
    expect(server.output()).toContain('fsync is off')
    // Nobody said which console to trust.
    const asOperator = await fetch(`http://127.0.0.1:${server.port}/operator/operators/me`, { headers: { 'x-api-key': key } })
    expect(asOperator.status).toBe(403)
    expect((await fetch(`http://127.0.0.1:${server.port}/health`)).status).toBe(200)
    for (const target of ['/operator/../runs', '/operator//status', '/runs/%2e%2e/control', '/runs\\x', '/operator/%73tatus']) {
      expect([target, await requestRaw(server.port, target)]).toEqual([target, 'HTTP/1.1 400'])
    }
    expect(await stop(server)).toBe(0)
  })
})

describe('a start that cannot be', () => {
  test('a port that is in use is one clear line', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    try {
      const { status, output } = await startRefused(await makePreparedFolder(), { CONTROL_PLANE_PORT: String(port), AUTOPACK_LOG_LEVEL: 'silent' })
      expect(status).toBe(1)
      expect(output).toBe(`control-plane: port ${port} on 127.0.0.1 is in use; stop what uses it, or choose another with CONTROL_PLANE_PORT\n`)
    } finally {
      taken.close()
    }
  })

  test('a second server on the same folder is refused and the first goes on', async () => {
    const folder = await makePreparedFolder()
    const first = await startReady(folder)
    const { status, output } = await startRefused(folder, { AUTOPACK_LOG_LEVEL: 'silent' })
    expect(status).toBe(1)
    expect(output).toMatch(/^control-plane: .*control-plane is in use by process \d+/)
    expect((await fetch(`http://127.0.0.1:${first.port}/health`)).status).toBe(200)
  })

  test('a broken configuration is one line a problem, without a value, and exit 78', async () => {
    const { status, output } = await startRefused(makeFolder(), {
      AUTOPACK_SIDE_EFFECTS_DRY_RUN: 'no-secret-here',
      AUTOPACK_MAX_DAILY_SPEND_USD: '1e9',
      AUTOPACK_API_KEY_FILE: '/nowhere',
    })
    expect(status).toBe(78)
    expect(output.trim().split('\n').toSorted()).toEqual([
      'control-plane: configuration: AUTOPACK_API_KEY_FILE: the file does not exist',
      'control-plane: configuration: AUTOPACK_MAX_DAILY_SPEND_USD: must be an amount such as 12.50',
      'control-plane: configuration: AUTOPACK_SIDE_EFFECTS_DRY_RUN: must be 0 or 1',
    ])
  })

  test('a broken catalog of actions is one line a problem, with file and place', async () => {
    const breaking = `import { registerHooks } from 'node:module'
      registerHooks({ load: (url, context, next) => {
        const loaded = next(url, context)
        const change = (from, to) => ({ ...loaded, source: String(loaded.source).replace(from, to) })
        if (url.endsWith('/demo_shop.create_listing.json')) return change('"tier": "C"', '"tier": "D"')
        if (url.endsWith('/demo_shop.set_quantity.json')) return change('"operation": "demo_shop.set_quantity"', '"operation": "demo_shop.refund"')
        if (url.endsWith('/etsy.create_listing.json')) return change('"ETSY_PUBLISH"', '"ETSY_PUBLISHED"')
        return loaded
      } })`
    const { status, output } = await startRefused(makeFolder(), {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(breaking)}`,
      AUTOPACK_LOG_LEVEL: 'silent',
    })
    const switches = 'ETSY_PUBLISH, SHOPIFY_PUBLISH, YOUTUBE_PUBLISH, TRADING_ORDERS, DEMO_SHOP_PUBLISH'
    expect([status, output.split('\n')]).toEqual([
      78,
      [
        'control-plane: configuration: demo_shop.create_listing.json /tier: must be A or B or C',
        `control-plane: configuration: etsy.create_listing.json /kill_switch: must be a switch that exists: ${switches}`,
        'control-plane: configuration: demo_shop.set_quantity.json /undo/operation: must be described too: there is no demo_shop.refund.json',
        '',
      ],
    ])
  })

  test('a broken policy of protected paths is one line a problem, with file and place', async () => {
    const breaking = `import { registerHooks } from 'node:module'
      registerHooks({ load: (url, context, next) => {
        const loaded = next(url, context)
        if (!url.endsWith('/config/governance.json')) return loaded
        return { ...loaded, source: String(loaded.source).replace('"version": 1', '"version": 1.5').replace('"scripts/"]', '"docs/"]') }
      } })`
    const { status, output } = await startRefused(makeFolder(), {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(breaking)}`,
      AUTOPACK_LOG_LEVEL: 'silent',
    })
    expect([status, output.split('\n')]).toEqual([
      78,
      [
        'control-plane: configuration: config/governance.json /version: is missing or not of type int',
        'control-plane: configuration: config/governance.json /paths/automatic/1: must be examples/ or scripts/',
        '',
      ],
    ])
  })

  test('a database that cannot be reached is one line', async () => {
    const { status, output } = await startRefused(makeFolder(), { DATABASE_URL: 'postgresql://u:hidden@127.0.0.1:1/x', AUTOPACK_LOG_LEVEL: 'silent' })
    expect([status, output]).toEqual([1, 'control-plane: the database cannot be opened: ECONNREFUSED\n'])
  })
})

describe('the demo', () => {
  const operatorId = `op_${randomUUID()}`
  const { text: key } = createExecutorKey()
  const writeDemo = (folder: string, role: string) => {
    const file = join(folder, 'demo.json')
    const operators = [{ operator_id: operatorId, name: 'admin', role, password: 'correct horse battery staple' }]
    const executors = [
      { executor_id: 'exr_00000000-0000-4000-8000-000000000001', name: 'demo-agent', key, owner_operator_id: operatorId, shared_with_everyone: true },
    ]
    writeFileSync(file, JSON.stringify({ operators, executors }), { mode: 0o600 })
    return file
  }

  test('is inserted once and never overwritten, and its secrets stay out of the log', async () => {
    const folder = await makePreparedFolder()
    const first = await startReady(folder, { AUTOPACK_DEMO_FILE: writeDemo(folder, 'admin'), AUTOPACK_LOG_LEVEL: 'debug' })
    const open = () => fetch(`http://127.0.0.1:${first.port}/control`, { headers: { 'x-api-key': key } })
    expect((await open()).status).toBe(200)
    expect(first.output()).not.toContain('correct horse')
    expect(first.output()).not.toContain(key)
    expect(await stop(first)).toBe(0)
    const second = await startReady(folder, { AUTOPACK_DEMO_FILE: writeDemo(folder, 'viewer') })
    expect(await stop(second)).toBe(0)
    const database = await openFolderDatabase(folder)
    const operators = await database.db.select().from(operatorTable)
    const audited = await database.db.execute(sql`SELECT event_type FROM control_plane.audit_event ORDER BY seq`)
    await database.close()
    expect(operators).toMatchObject([{ name: 'admin', role: 'admin' }])
    expect(audited.rows).toEqual([{ event_type: 'operator.created' }, { event_type: 'executor_key.created' }])

    const exported = spawnSync(process.execPath, [fileURLToPath(new URL('./commands/export-audit.ts', import.meta.url))], { cwd: folder, env: {} })
    const lines = exported.stdout.toString().trim().split('\n')
    expect([exported.status, lines.map((line) => (JSON.parse(line) as { seq: number }).seq)]).toEqual([0, [1, 2]])
  })

  test('is refused from a file that others may write', async () => {
    const folder = makeFolder()
    const file = writeDemo(folder, 'admin')
    chmodSync(file, 0o620)
    const { status, output } = await startRefused(folder, { AUTOPACK_DEMO_FILE: file })
    expect(status).toBe(78)
    expect(output).toBe('control-plane: configuration: AUTOPACK_DEMO_FILE: the file is writable by its group or by everybody; chmod go-w it\n')
  })

  test('the export of a folder where nothing was started says so', () => {
    const exported = spawnSync(process.execPath, [fileURLToPath(new URL('./commands/export-audit.ts', import.meta.url))], {
      cwd: makeFolder(),
      env: {},
    })
    expect([exported.status, exported.stderr.toString()]).toEqual([1, 'There is no database in .autopack/control-plane.\n'])
  })
})

describe('the only approver there is', () => {
  const plantApprovers = async (folder: string, names: readonly string[]) => {
    const database = await openFolderDatabase(folder)
    for (const name of names) await database.db.insert(operatorTable).values({ operator_id: `op_${randomUUID()}`, name, role: 'approver' })
    await database.close()
  }

  test('is not let approve their own while there are two of them: the process does not start', async () => {
    const folder = makeFolder()
    await plantApprovers(folder, ['Ada', 'Bob'])
    const { status, output } = await startRefused(folder, { AUTOPACK_SOLE_OPERATOR: '1' })
    expect([status, output]).toEqual([78, expect.stringContaining('configuration: AUTOPACK_SOLE_OPERATOR: 2 people here may approve')])
  })

  test('is, when there is one, and the start warns of it', async () => {
    const folder = makeFolder()
    await plantApprovers(folder, ['Ada'])
    const running = await startReady(folder, { AUTOPACK_SOLE_OPERATOR: '1' })
    expect(running.output()).toContain('AUTOPACK_SOLE_OPERATOR=1: the only approver may approve what they asked for themselves')
  })
})

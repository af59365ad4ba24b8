/** The checkpoint writer and the real control plane, as processes that know each other by HTTP only; and a database that is really restored. */
import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readCheckpointNote } from '@autopack/checkpoint/checkpoint-note'
import { listNoteFiles } from '@autopack/checkpoint/note-files'
import { createPrivateKeyText, readPrivateKey } from '@autopack/checkpoint/note-keys'
import { readRotationNote } from '@autopack/checkpoint/rotation-note'
import { listSigners } from '@autopack/checkpoint/signed-note'
import { createExecutorKey } from '@autopack/server-kit/executor-key'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import pg from 'pg'

// Whole processes on a busy machine take their time.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 })

const controlPlane = '../../control-plane/src'
const apiKey = 'checkpoint-writer-key-0123456789abcdef'
const executorKey = createExecutorKey().text
const owner = 'op_00000000-0000-4000-8000-000000000001'
const demo = JSON.stringify({
  operators: [{ operator_id: owner, name: 'admin', role: 'admin', password: 'a password that is long enough' }],
  executors: [
    {
      executor_id: 'exr_00000000-0000-4000-8000-000000000001',
      name: 'demo-agent',
      key: executorKey,
      owner_operator_id: owner,
      shared_with_everyone: true,
    },
  ],
})
const privateKey = createPrivateKeyText('localhost:4600/audit')
const key = readPrivateKey(privateKey)!.verifierKey

let folder: string
let children: { child: ChildProcess; output: () => string }[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'checkpoint-writer-'))
  children = []
})
afterEach(async () => {
  await Promise.all(children.map(({ child }) => end(child, 'SIGKILL')))
  rmSync(folder, { recursive: true, force: true })
})

function start(file: string, environment: Record<string, string | undefined>, parameters: string[] = []) {
  const child = fork(join(import.meta.dirname, file), parameters, {
    env: { PATH: process.env['PATH'], ...environment },
    cwd: folder,
    silent: true,
    execArgv: [],
  })
  let output = ''
  child.stdout!.on('data', (part: Buffer) => (output += String(part)))
  child.stderr!.on('data', (part: Buffer) => (output += String(part)))
  const running = { child, output: () => output }
  children.push(running)
  return running
}

async function end(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  child.kill(signal)
  await once(child, 'exit')
  return child.exitCode
}

async function ready(running: ReturnType<typeof start>): Promise<{ port?: number }> {
  const ended = once(running.child, 'exit').then(([status]) => {
    throw new Error(`ended with ${status}: ${running.output()}`)
  })
  const [message] = (await Promise.race([once(running.child, 'message'), ended])) as [{ port?: number }]
  return message
}

async function run(file: string, environment: Record<string, string | undefined>, parameters: string[] = []) {
  const { child, output } = start(file, environment, parameters)
  await once(child, 'close')
  return { status: child.exitCode, output: output() }
}

const planeEnvironment = (databaseUrl?: string) => ({
  CONTROL_PLANE_PORT: '0',
  AUTOPACK_DATA_DIR: folder,
  AUTOPACK_DEMO: demo,
  AUTOPACK_CHECKPOINT_KEYS: key.text,
  AUTOPACK_CHECKPOINT_API_KEY: apiKey,
  DATABASE_URL: databaseUrl,
})
const writerEnvironment = (port: number, signer = privateKey) => ({
  CONTROL_PLANE_URL: `http://127.0.0.1:${port}`,
  AUTOPACK_DATA_DIR: folder,
  AUTOPACK_CHECKPOINT_API_KEY: apiKey,
  AUTOPACK_CHECKPOINT_PRIVATE_KEY: signer,
  AUTOPACK_CHECKPOINT_INTERVAL_SECONDS: '1',
})
const startPlane = async (databaseUrl?: string) => {
  const running = start(`${controlPlane}/server.ts`, planeEnvironment(databaseUrl))
  return { ...running, port: (await ready(running)).port! }
}
const startWriter = async (port: number, signer?: string) => {
  const running = start('writer.ts', writerEnvironment(port, signer))
  await ready(running)
  return running
}

const directory = () => join(folder, 'checkpoints')
const notes = () =>
  existsSync(directory())
    ? listNoteFiles(readdirSync(directory()), 'checkpoint').map(({ name }) => readFileSync(join(directory(), name), 'utf8'))
    : []
const newest = () => readCheckpointNote(notes().at(-1) ?? '')?.checkpoint
const until = (holds: () => boolean | Promise<boolean>) => vi.waitUntil(holds, { timeout: 60_000, interval: 100 })
/** Each is refused, which is an entry of the log; 503 while nothing can be written. */
const leaveTraces = async (port: number, count: number): Promise<string[]> => {
  const codes: string[] = []
  for (let time = 0; time < count; time += 1) {
    const answer = await fetch(`http://127.0.0.1:${port}/external-actions`, {
      method: 'POST',
      headers: { 'x-api-key': executorKey, 'content-type': 'application/json', 'idempotency-key': `${time}-${Math.random()}` },
      body: JSON.stringify({ payload: 'no payload' }),
    })
    codes.push(((await answer.json()) as { code: string }).code)
  }
  return codes
}
const sizeOfLog = async (port: number): Promise<number> => {
  const answer = await fetch(`http://127.0.0.1:${port}/checkpoint/entries?from=1`, { headers: { 'x-api-key': apiKey } })
  return (await answer.text()).split('\n').length - 1
}

/** The data folder of the embedded database, copied while nothing runs; a PostgreSQL database, copied by the server. */
type Store = { url?: string; backUp: () => Promise<void>; restore: () => Promise<void>; drop: () => Promise<void> }
const embedded = (): Store => ({
  backUp: async () => cpSync(join(folder, 'control-plane'), join(folder, 'backup'), { recursive: true }),
  restore: async () => {
    rmSync(join(folder, 'control-plane'), { recursive: true })
    cpSync(join(folder, 'backup'), join(folder, 'control-plane'), { recursive: true })
  },
  drop: async () => undefined,
})
const onServer = async (server: string): Promise<Store> => {
  const name = `checkpoints_${process.pid}_${Date.now()}`
  const ask = async (...statements: string[]) => {
    const client = new pg.Client({ connectionString: server })
    await client.connect()
    try {
      for (const statement of statements) await client.query(statement)
    } finally {
      await client.end()
    }
  }
  await ask(`CREATE DATABASE ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return {
    url: url.href,
    backUp: () => ask(`CREATE DATABASE ${name}_backup TEMPLATE ${name}`),
    restore: () => ask(`DROP DATABASE ${name} WITH (FORCE)`, `CREATE DATABASE ${name} TEMPLATE ${name}_backup`),
    drop: () => ask(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`, `DROP DATABASE IF EXISTS ${name}_backup WITH (FORCE)`),
  }
}

describe('a database that is restored from a backup', () => {
  const server = process.env['TEST_DATABASE_URL']
  test('is not written until both sides accepted it; what was signed before stays', async () => {
    const store = server === undefined ? embedded() : await onServer(server)
    try {
      let plane = await startPlane(store.url)
      let writer = await startWriter(plane.port)
      await until(() => newest() !== undefined)
      await end(plane.child)
      await end(writer.child)
      await store.backUp()
      const sizeAtBackup = newest()!.size

      plane = await startPlane(store.url)
      writer = await startWriter(plane.port)
      await leaveTraces(plane.port, 6)
      await until(() => newest()!.size > sizeAtBackup)
      await until(async () => newest()!.size === (await sizeOfLog(plane.port)))
      const lost = newest()!
      expect(await end(writer.child)).toBe(0)
      await end(plane.child)
      await store.restore()

      // The folder says it at the start, before anything is written.
      plane = await startPlane(store.url)
      expect(plane.output()).toContain('does not hold against a signed checkpoint')
      expect(await sizeOfLog(plane.port)).toBe(sizeAtBackup)
      expect(await leaveTraces(plane.port, 1)).toEqual(['audit_unavailable'])
      expect(await sizeOfLog(plane.port)).toBe(sizeAtBackup)
      // The writer signs nothing of it.
      writer = await startWriter(plane.port)
      await until(() => writer.output().includes('NOTHING IS SIGNED'))
      await end(plane.child)
      await end(writer.child)
      const before = notes()
      expect(newest()).toEqual(lost)

      // Nobody is there to ask, and the log does not say it yet: nothing is accepted.
      const alone = await run('commands/accept-restore.ts', writerEnvironment(plane.port))
      expect([alone.status, alone.output]).toEqual([1, expect.stringContaining('Nothing is changed: the control plane at')])
      expect((await run('commands/accept-restore.ts', writerEnvironment(plane.port), ['a', 'reason'])).status).toBe(2)
      const accepted = await run(`${controlPlane}/commands/accept-restore.ts`, planeEnvironment(store.url), ['the', 'disk', 'broke'])
      expect([accepted.status, accepted.output]).toEqual([0, expect.stringContaining(`the checkpoint of size ${lost.size} was given up`)])
      expect((await run(`${controlPlane}/commands/accept-restore.ts`, planeEnvironment(store.url), ['again'])).status).toBe(1)

      plane = await startPlane(store.url)
      expect(plane.output()).not.toContain('does not hold')
      const acceptedHere = await run('commands/accept-restore.ts', writerEnvironment(plane.port))
      expect([acceptedHere.status, acceptedHere.output]).toEqual([0, expect.stringContaining(`size ${lost.size}`)])
      const early = await run('commands/rotate-key.ts', writerEnvironment(plane.port), [join(folder, 'early-key')])
      expect([early.status, early.output]).toEqual([1, expect.stringContaining('start the writer with the old key')])
      expect(existsSync(join(folder, 'early-key'))).toBe(false)
      writer = await startWriter(plane.port)
      await until(() => notes().length > before.length)
      expect(notes().slice(0, before.length)).toEqual(before)
      expect(readdirSync(directory()).filter((name) => name.startsWith('given-up-'))).toHaveLength(1)
      expect(newest()!.size).toBeGreaterThan(sizeAtBackup)
      expect(await leaveTraces(plane.port, 1)).not.toContain('audit_unavailable')
      await until(async () => newest()!.size === (await sizeOfLog(plane.port)))
    } finally {
      await Promise.all(children.map(({ child }) => end(child, 'SIGKILL')))
      await store.drop()
    }
  })

  test('is found by the writer alone, too, where the control plane cannot see the folder', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'checkpoints-elsewhere-'))
    try {
      const withFolder = (port: number) => ({ ...writerEnvironment(port), AUTOPACK_CHECKPOINT_DIR: elsewhere })
      let plane = await startPlane()
      await end(plane.child)
      await embedded().backUp()
      plane = await startPlane()
      await leaveTraces(plane.port, 3)
      const writer = start('writer.ts', withFolder(plane.port))
      await ready(writer)
      await until(() => writer.output().includes('signed'))
      await end(writer.child)
      await end(plane.child)
      await embedded().restore()
      plane = await startPlane()
      expect(await leaveTraces(plane.port, 1)).not.toContain('audit_unavailable')
      const again = start('writer.ts', withFolder(plane.port))
      await ready(again)
      await until(() => again.output().includes('NOTHING IS SIGNED'))
      expect(await leaveTraces(plane.port, 1)).toEqual(['audit_unavailable'])
    } finally {
      rmSync(elsewhere, { recursive: true })
    }
  })
})

describe('rotate-key', () => {
  test('announces a key that it makes, which then signs; the old one writes here no more', async () => {
    const plane = await startPlane()
    let writer = await startWriter(plane.port)
    await until(() => newest() !== undefined)
    await end(writer.child)
    const signedByOld = newest()!.size
    const file = join(folder, 'new-key')
    const rotated = await run('commands/rotate-key.ts', writerEnvironment(plane.port), [file])
    expect([rotated.status, rotated.output]).toEqual([0, expect.stringContaining(`From size ${signedByOld + 1} on, this key signs`)])
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const newText = readFileSync(file, 'utf8').trim()
    const newKey = readPrivateKey(newText)!.verifierKey
    const announced = readRotationNote(readFileSync(join(directory(), 'rotation-000000000001.note'), 'utf8'))!
    expect(listSigners(announced.note, [key, newKey]).map(({ keyId }) => keyId)).toEqual([key.keyId, newKey.keyId])

    const old = await run('writer.ts', writerEnvironment(plane.port))
    expect([old.status, old.output]).toEqual([78, expect.stringContaining(`but key ${newKey.keyId} signs in`)])
    writer = await startWriter(plane.port, newText)
    // Accepting it is an entry of the log, and the first that the new key signs.
    await until(() => newest()!.size > signedByOld)
    expect(listSigners(readCheckpointNote(notes().at(-1)!)!.note, [key, newKey]).map(({ keyId }) => keyId)).toEqual([newKey.keyId])
    await leaveTraces(plane.port, 2)
    await until(async () => newest()!.size === (await sizeOfLog(plane.port)))
    expect(writer.output()).not.toContain('no checkpoint')
  })
})

describe('a start that cannot be', () => {
  test.each([
    ['without its keys', { AUTOPACK_CHECKPOINT_PRIVATE_KEY: undefined, AUTOPACK_CHECKPOINT_API_KEY: undefined }, 2],
    ['with a key that is none', { AUTOPACK_CHECKPOINT_PRIVATE_KEY: 'PRIVATE+KEY+name+00000000+AAAA' }, 1],
    ['with a public key', { AUTOPACK_CHECKPOINT_PRIVATE_KEY: key.text }, 1],
    ['with a folder that is a file', { AUTOPACK_CHECKPOINT_DIR: 'taken' }, 1],
  ])('%s ends with 78, a line for each problem and no value', async (_what, broken, lines) => {
    writeFileSync(join(folder, 'taken'), '')
    const { status, output } = await run('writer.ts', { ...writerEnvironment(1), ...broken })
    expect([status, output.trimEnd().split('\n').length]).toEqual([78, lines])
    expect(output).toMatch(/^checkpoint-writer: configuration: AUTOPACK_CHECKPOINT_/)
    expect(output).not.toContain(privateKey.slice(-40))
  })

  test('is no start beside another one: two would sign one folder', async () => {
    await startWriter(1)
    const { status, output } = await run('writer.ts', writerEnvironment(1))
    expect([status, output]).toEqual([1, expect.stringMatching(/^checkpoint-writer: .* is in use by process \d+/)])
  })

  test('an unreachable control plane is waited for, and said once', async () => {
    const writer = await startWriter(1)
    await until(() => writer.output().includes('cannot be reached'))
    await new Promise((resolve) => setTimeout(resolve, 3_500))
    expect(writer.output().match(/"msg":"no checkpoint: the control plane at [^"]* cannot be reached/g)).toHaveLength(1)
    expect(await end(writer.child)).toBe(0)
  })
})

import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo, Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { lockDirectory } from '@autopack/server-kit/directory-lock'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDataFolder } from './data-folder.ts'

const root = resolve(import.meta.dirname, '../..')
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'start-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

type Ended = { status: number | null; stdout: string; stderr: string }

function start(...parameters: string[]): Promise<Ended> {
  return run('scripts/start.ts', '--data-dir', join(folder, 'data'), ...parameters)
}

function run(script: string, ...parameters: string[]): Promise<Ended> {
  const environment = { PATH: process.env.PATH, HOME: folder }
  const child = spawn(process.execPath, [join(root, script), ...parameters], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended: Ended = { status: null, stdout: '', stderr: '' }
  child.stdout.on('data', (chunk: Buffer) => (ended.stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (ended.stderr += chunk.toString()))
  return new Promise((resolve) => child.on('close', (status) => resolve({ ...ended, status })))
}

async function occupy(host: string): Promise<{ server: Server; port: number }> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  return { server, port: (server.address() as AddressInfo).port }
}

test('a wrong argument ends the start in one line, before anything is made', async () => {
  const ended = await start('--prot', '4700')
  expect(ended).toEqual({ status: 1, stdout: '', stderr: "Unknown option '--prot'. See npm start -- --help\n" })
  expect(existsSync(join(folder, 'data'))).toBe(false)
})

test('a busy port is named, with whose it is and how to choose another', async () => {
  const { server, port } = await occupy('127.0.0.1')
  try {
    const ended = await start('--shop-port', String(port))
    expect(ended.status).toBe(1)
    expect(ended.stderr).toBe(`Port ${port} (the demo shop) is in use; choose another with --shop-port N or DEMO_SHOP_PORT=N.\n`)
    expect((await start('--port', String(port))).stderr).toContain(
      `Port ${port} (the console) is in use; choose another with --port N or CONSOLE_PORT=N.`,
    )
  } finally {
    server.close()
  }
})

test('a second copy with the same data folder is refused and names the process of the first, also with --fresh', async () => {
  const release = openDataFolder(join(folder, 'data'), false)
  try {
    for (const parameters of [[], ['--fresh']]) {
      const ended = await start(...parameters)
      expect(ended.status).toBe(1)
      expect(ended.stderr).toMatch(
        new RegExp(`^A copy of Autopack Console is running with .*/data \\(process ${process.pid}\\): stop it first.*\\n$`),
      )
    }
    expect(existsSync(join(folder, 'data/autopack-console.json'))).toBe(true)
  } finally {
    release()
  }
})

test('a workspace that is not a folder is refused', async () => {
  const ended = await start('--workspace', join(folder, 'nothing'))
  expect(ended).toMatchObject({ status: 1, stderr: `The workspace ${join(folder, 'nothing')} is not a folder.\n` })
})

test('a folder that somebody else made is neither used nor deleted', () => {
  writeFileSync(join(folder, 'thesis.odt'), 'years of work')
  for (const fresh of [false, true]) expect(() => openDataFolder(folder, fresh)).toThrow(/it holds thesis\.odt/)
  expect(existsSync(join(folder, 'thesis.odt'))).toBe(true)
})

test('a data folder that cannot be made is refused in one line, where a folder is only shown and where a file is in the way', async () => {
  writeFileSync(join(folder, 'file'), '')
  const places = [join(folder, 'file/data'), ...(process.platform === 'linux' ? ['/proc/autopack-data', '/proc/autopack/data'] : [])]
  for (const place of places) {
    const ended = await run('scripts/start.ts', '--data-dir', place)
    expect(ended).toMatchObject({ status: 1, stdout: '' })
    expect(ended.stderr).toMatch(/^.* cannot be made: .* takes no new folder \(E[A-Z]+\); choose another with --data-dir\.\n$/)
  }
})

test('a data folder is made with the folders above it', () => {
  const data = join(folder, 'a/b/data')
  openDataFolder(data, false)()
  expect(statSync(data).mode & 0o777).toBe(0o700)
})

test('--fresh deletes what an earlier start left, and nothing when it is still in use', () => {
  const data = join(folder, 'data')
  openDataFolder(data, false)()
  mkdirSync(join(data, 'control-plane'))
  writeFileSync(join(data, 'control-plane/PG_VERSION'), '17')
  openDataFolder(data, false)()
  expect(existsSync(join(data, 'control-plane/PG_VERSION'))).toBe(true)
  const letGo = lockDirectory(join(data, 'control-plane'))
  expect(() => openDataFolder(data, true)).toThrow(/The control-plane of an earlier start is still running/)
  expect(existsSync(join(data, 'control-plane/PG_VERSION'))).toBe(true)
  letGo()
  openDataFolder(data, true)()
  expect(existsSync(join(data, 'control-plane'))).toBe(false)
  expect(statSync(data).mode & 0o777).toBe(0o700)
})

test('the other commands refuse wrong arguments and a console that is not there in one line', async () => {
  expect(await run('scripts/keys.ts', 'create', 'Bad Name')).toMatchObject({ status: 1, stderr: expect.stringMatching(/^A name is 1 to 63/) })
  expect(await run('scripts/keys.ts', 'create', 'ci', '--scopes', 'all')).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^There is no scope "all"/),
  })
  for (const days of ['1e2', '0x10', ' 7', '366'])
    expect(await run('scripts/keys.ts', 'create', 'ci', '--days', days)).toMatchObject({
      status: 1,
      stderr: '--days is a whole number from 1 to 365.\n',
    })
  expect(await run('scripts/keys.ts', 'list', '--data-dir', folder)).toMatchObject({
    status: 1,
    stderr: `Nothing runs with ${folder}: start the console with npm start first.\n`,
  })
  expect(await run('scripts/demo-run.ts', '--data-dir', folder)).toMatchObject({ status: 1, stderr: expect.stringMatching(/^Nothing runs with/) })
  expect(await run('scripts/verify-audit.ts', '--data-dir', join(folder, 'none'))).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^The log cannot be read/),
  })
})

import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startTestBff } from '../../apps/bff/src/test/start-test-bff.ts'
import { answerJson, problem } from '../../apps/bff/src/test/start-test-upstream.ts'
import { openDataFolder } from '../start/data-folder.ts'
import { createDemoSecrets, readDemoFile } from '../start/demo-secrets.ts'
import { findConsole } from './find-console.ts'
import { writeRunningFile } from './running-file.ts'

const root = resolve(import.meta.dirname, '../..')
const explicit = { AUTOPACK_ADMIN_NAME: 'ada', AUTOPACK_ADMIN_PASSWORD: 'a password of her own' }
let folder: string
let release: () => void
let admin: { name: string; password: string }

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'find-console-'))
  release = openDataFolder(folder, false)
  const { name, password } = readDemoFile(createDemoSecrets(folder).demo).operators[0]!
  admin = { name, password }
})
afterEach(() => {
  release()
  rmSync(folder, { recursive: true })
})

function runHere(pid = process.pid): void {
  writeRunningFile(folder, {
    pid,
    console: 'http://localhost:4711',
    control_plane: 'http://127.0.0.1:1',
    shop: 'http://127.0.0.1:2',
    workspace: folder,
  })
}

function run(script: string, parameters: string[], environment: Record<string, string>): Promise<{ status: number | null; stderr: string }> {
  const child = spawn(process.execPath, [join(root, script), ...parameters], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  return new Promise((done) => child.on('close', (status) => done({ status, stderr })))
}

test('the demo admin signs in at the console that runs with the same data folder', () => {
  runHere()
  expect(findConsole(folder, {})).toEqual({ origin: 'http://localhost:4711', credentials: admin })
  expect(findConsole(folder, { CONSOLE_ORIGIN: 'http://localhost:4711' })).toEqual({ origin: 'http://localhost:4711', credentials: admin })
})

test('when nothing runs with the folder, there is no console, whatever listens on the usual port', () => {
  expect(findConsole(folder, {})).toBe(null)
  expect(findConsole(folder, { ...explicit, CONSOLE_PORT: '4600', CONSOLE_ORIGIN: '' })).toBe(null)
})

test('what a start left behind when it died does not count, although a later process may have its id', () => {
  runHere()
  release()
  expect(findConsole(folder, {})).toBe(null)
})

test('another console never gets the password of the demo, only what was given for it', () => {
  const other = { CONSOLE_ORIGIN: 'http://localhost:4600' }
  expect(() => findConsole(folder, other)).toThrow(/^Nothing runs with .* set AUTOPACK_ADMIN_NAME and AUTOPACK_ADMIN_PASSWORD/)
  runHere()
  expect(() => findConsole(folder, other)).toThrow(/ runs at http:\/\/localhost:4711, and CONSOLE_ORIGIN is http:\/\/localhost:4600: set /)
  expect(() => findConsole(folder, { ...other, AUTOPACK_ADMIN_NAME: 'ada' })).toThrow(/ set AUTOPACK_ADMIN_NAME and /)
  expect(findConsole(folder, { ...other, ...explicit })).toEqual({
    origin: 'http://localhost:4600',
    credentials: { name: 'ada', password: 'a password of her own' },
  })
})

test.each(['localhost:4600', 'console', 'http://localhost:4600/', 'http://ada:secret@localhost', 'ftp://localhost'])(
  'CONSOLE_ORIGIN=%s is refused as no origin',
  (text) => {
    expect(() => findConsole(folder, { ...explicit, CONSOLE_ORIGIN: text })).toThrow(/^CONSOLE_ORIGIN is not an origin: /)
  },
)

test('a damaged file of sign-ins ends a command in one line', async () => {
  runHere()
  const path = join(folder, 'secrets/demo.json')
  writeFileSync(path, '{"operators": [')
  const why = `${path} cannot be read as the sign-ins of the demo: npm start -- --fresh starts over.\n`
  expect(await run('scripts/keys.ts', ['list', '--data-dir', folder], {})).toEqual({ status: 1, stderr: why })
  expect(await run('scripts/verify-audit.ts', ['--data-dir', folder], {})).toEqual({ status: 2, stderr: `The log cannot be read. ${why}` })
})

test('demo:run refuses a workspace that is a file, before it announces a run', async () => {
  runHere()
  const file = join(folder, 'running.json')
  expect(await run('scripts/demo-run.ts', ['--data-dir', folder, '--workspace', file], {})).toEqual({
    status: 1,
    stderr: `The workspace ${file} is not a folder.\n`,
  })
})

test('verify:audit says that the export needs an admin to somebody who is none', async () => {
  const bff = await startTestBff()
  try {
    const person = await bff.addPerson('Vera', 'viewer')
    const environment = { CONSOLE_ORIGIN: bff.origin, AUTOPACK_ADMIN_NAME: person.name, AUTOPACK_ADMIN_PASSWORD: person.password }
    expect(await run('scripts/verify-audit.ts', ['--data-dir', folder], environment)).toEqual({
      status: 2,
      stderr: 'The log cannot be read. The export of the whole log needs an admin, and Vera is viewer.\n',
    })
  } finally {
    await bff.close()
  }
})

test('keys create says where a key is made to whoever needs a passkey for it, which no command has', async () => {
  const bff = await startTestBff()
  try {
    const person = await bff.addPerson('Vera', 'admin')
    const environment = { CONSOLE_ORIGIN: bff.origin, AUTOPACK_ADMIN_NAME: person.name, AUTOPACK_ADMIN_PASSWORD: person.password }
    const create = () => run('scripts/keys.ts', ['create', 'my-executor', '--data-dir', folder], environment)
    bff.upstream.answers.set('/operator/executor-keys', answerJson(403, { ...problem('step_up_required', 403), needs: 'passkey' }))
    const why = `A new key takes a passkey here, and a command has none. Create it in the console: ${bff.origin}/settings/keys\n`
    expect(await create()).toEqual({ status: 1, stderr: why })
    bff.upstream.answers.set('/operator/executor-keys', answerJson(403, { ...problem('step_up_required', 403), needs: 'password' }))
    expect(await create()).toEqual({ status: 1, stderr: 'This needs you to show again who you are: the words of step_up_required\n' })
  } finally {
    await bff.close()
  }
})

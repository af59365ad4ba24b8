/**
 * `npm run verify:audit`: the chain of the whole audit log, checked by the verifier, which shares no code with the servers. A running
 * console is asked for the export; otherwise the log is read from the database. The newest checkpoint of the data folder has to hold, too.
 * Exit 0: it holds, 1: it does not, 2: it cannot be read.
 */
import { spawn } from 'node:child_process'
import { hash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { exportAudit } from '@autopack/contract/audit'
import { consolePath } from '@autopack/contract/route'
import { readLines } from '@autopack/verifier/read-lines'
import { toLogLines } from '@autopack/verifier/verdict-lines'
import { verifyAuditLog } from '@autopack/verifier/verify-audit-log'
import { describeFailure, openConsoleSession } from './console/console-session.ts'
import { findDataDir } from './console/data-dir.ts'
import { findConsole } from './console/find-console.ts'
import type { ConsoleAccess } from './console/find-console.ts'
import { readOwnCheckpoints } from './console/own-checkpoints.ts'
import type { OwnCheckpoints } from './console/own-checkpoints.ts'
import { findRunning } from './console/running-file.ts'
import { readFlags } from './flags/read-flags.ts'

const root = resolve(import.meta.dirname, '..')
const usage = `npm run verify:audit -- [--data-dir DIR]

Checks the chain of the whole audit log: that of the running console, which is asked for it, else the one in the database; and holds it
against the newest checkpoint in DIR, where there is one. Somebody else's checkpoints: the page Audit, or the command of the README.
Status 0: it holds, 1: it does not, 2: it cannot be read. DIR is the data folder (AUTOPACK_DATA_DIR, .autopack).`
const dataDir = findDataDir(readFlags(usage, { 'data-dir': { type: 'string' } })['data-dir'], process.env)
// One call, and twice as fast as what runs in browsers, too.
const sha256 = (bytes: Uint8Array) => hash('sha256', bytes, 'buffer')
let origin = ''

try {
  const access = findConsole(dataDir, process.env)
  origin = access?.origin ?? ''
  process.exitCode = await (access === null ? verifyDatabase() : verifyConsole(access))
} catch (error) {
  console.error(`The log cannot be read. ${describeFailure(error, origin)}`)
  process.exitCode = 2
}

async function verifyConsole({ origin: consoleOrigin, credentials }: ConsoleAccess): Promise<number> {
  // Before the export, so that nothing was signed after its end. Another console than the one of this folder has another log.
  const own = findRunning(dataDir)?.console === consoleOrigin ? readOwnCheckpoints(dataDir) : null
  const session = await openConsoleSession(consoleOrigin, credentials)
  try {
    const { name, role } = session.operator
    if (role !== 'admin') throw new Error(`The export of the whole log needs an admin, and ${name} is ${role}.`)
    const response = await fetch(`${consoleOrigin}${consolePath(exportAudit.path)}`, {
      headers: { ...session.headers(), accept: 'application/x-ndjson' },
      redirect: 'manual',
      signal: AbortSignal.timeout(exportAudit.policy.timeout_ms),
    })
    if (response.status !== 200 || response.body === null) throw new Error(`The console answered ${response.status} to the export.`)
    console.log(`From the running console at ${consoleOrigin}:`)
    return await verify(response.body, own)
  } finally {
    await session.signOut()
  }
}

async function verifyDatabase(): Promise<number> {
  if (!existsSync(dataDir) && process.env.DATABASE_URL === undefined && process.env.DATABASE_URL_FILE === undefined) {
    throw new Error(`There is no data folder ${dataDir}; nothing was ever started with it.`)
  }
  const own = readOwnCheckpoints(dataDir)
  const names = ['PATH', 'HOME', 'DATABASE_URL', 'DATABASE_URL_FILE']
  const environment = { ...Object.fromEntries(names.map((name) => [name, process.env[name]])), AUTOPACK_DATA_DIR: dataDir }
  const child = spawn(process.execPath, [resolve(root, 'apps/control-plane/src/commands/export-audit.ts')], {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<number>((done, fail) => {
    child.on('error', fail)
    child.on('exit', (status) => done(status ?? 1))
  })
  const source = process.env.DATABASE_URL ?? process.env.DATABASE_URL_FILE
  console.log(`No console is running with ${dataDir}; reading ${source === undefined ? 'its database' : 'the database of DATABASE_URL'}:`)
  const { promise: verdict, lines } = collect(child.stdout, own)
  const status = await ended
  // A stream that was cut off verifies as far as it goes: only a whole export counts.
  if (status !== 0) throw new Error(`The export ended with status ${status}.`)
  const exitCode = await verdict
  for (const line of lines) console.log(line)
  return exitCode
}

function collect(stream: AsyncIterable<Uint8Array>, own: OwnCheckpoints | null): { promise: Promise<number>; lines: string[] } {
  const lines: string[] = []
  return { promise: verify(stream, own, (line) => lines.push(line)), lines }
}

type Say = (line: string) => void

async function verify(stream: AsyncIterable<Uint8Array>, own: OwnCheckpoints | null, say: Say = (line) => console.log(line)): Promise<number> {
  const verdict = await verifyAuditLog(readLines(stream), { ...own, sha256 })
  for (const line of toLogLines(verdict)) say(line)
  if (own !== null && verdict.ok)
    say(`That checkpoint is the newest in ${own.folder}. Whoever can write there and in the database can make both anew.`)
  if (own !== null && !verdict.ok)
    say(`The newest checkpoint in ${own.folder} counted. If that is not the folder of this log, name the right one with --data-dir.`)
  return verdict.ok ? 0 : 1
}

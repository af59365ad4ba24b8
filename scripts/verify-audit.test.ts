import { spawn } from 'node:child_process'
import { linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { toCheckpointText } from '@autopack/checkpoint/checkpoint-note'
import { readPrivateKey } from '@autopack/checkpoint/note-keys'
import { toNoteFileName } from '@autopack/checkpoint/note-files'
import { signNote } from '@autopack/checkpoint/signed-note'
import { chain, makeRoot, toLines } from '@autopack/verifier/make-log'
import type { MadeEntry } from '@autopack/verifier/make-log'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startTestBff } from '../apps/bff/src/test/start-test-bff.ts'
import { writeRunningFile } from './console/running-file.ts'
import { openDataFolder } from './start/data-folder.ts'
import { createDemoSecrets } from './start/demo-secrets.ts'

type TestBff = Awaited<ReturnType<typeof startTestBff>>

const words = (...texts: string[]) => chain(texts.map((payload_summary) => ({ event_type: 'request.refused', payload_summary })))
const log = words('one', 'two', 'three')
let dataDir: string
let release: () => void
let bff: TestBff
let credentials: Record<string, string>

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'verify-audit-'))
  release = openDataFolder(dataDir, false)
  createDemoSecrets(dataDir)
  mkdirSync(join(dataDir, 'checkpoints'))
  bff = await startTestBff()
  const { name, password } = await bff.addPerson('Ada', 'admin')
  credentials = { AUTOPACK_ADMIN_NAME: name, AUTOPACK_ADMIN_PASSWORD: password }
})
afterEach(async () => {
  await bff.close()
  release()
  rmSync(dataDir, { recursive: true })
})

test('the log of the console that runs with the folder is held against the newest checkpoint there', async () => {
  runHere()
  writeCheckpoint(1, log.slice(0, 2))
  expect(await verify(log)).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^VERIFIED the first 2 of 3 events[^]*No checkpoint covers the 1 after them[^]*The checkpoint holds/m),
  })
})

test('a log that was written anew as a whole is not the one that was signed, nor is one that was cut', async () => {
  runHere()
  writeCheckpoint(1, log.slice(0, 1))
  writeCheckpoint(2, log)
  const anew = await verify(words('one', 'another', 'three'))
  expect(anew).toMatchObject({ status: 1, stdout: expect.stringMatching(/^NOT VERIFIED/m) })
  expect(anew.stdout).toContain(join(dataDir, 'checkpoints'))
  expect(await verify(log.slice(0, 2))).toMatchObject({ status: 1, stdout: expect.stringMatching(/^NOT VERIFIED at seq 3: cut/m) })
})

test('what was given up with a newer database, all that was signed until then, does not count; what was signed since does', async () => {
  runHere()
  const lost = words('one', 'two', 'three', 'lost', 'with the newer database')
  writeCheckpoint(1, lost.slice(0, 4))
  linkSync(writeCheckpoint(2, lost), join(dataDir, 'checkpoints', `given-up-${toNoteFileName('checkpoint', 2)}`))
  expect(await verify(log)).toMatchObject({ status: 0, stdout: expect.stringContaining('NOT COMPARED') })
  writeCheckpoint(3, log)
  expect(await verify(log)).toMatchObject({ status: 0, stdout: expect.stringContaining('The checkpoint holds') })
})

test('without a checkpoint the log holds in itself, and that is what is said', async () => {
  runHere()
  expect(await verify(log)).toMatchObject({ status: 0, stdout: expect.stringMatching(/^HOLDS IN ITSELF, NOT COMPARED: 3 events/m) })
})

test('a checkpoint that another key signed does not count', async () => {
  runHere()
  const other = mkdtempSync(join(tmpdir(), 'verify-audit-other-'))
  const secrets = createDemoSecrets(other)
  writeCheckpoint(1, log, secrets.checkpointPrivateKey)
  rmSync(other, { recursive: true })
  expect(await verify(log)).toMatchObject({ status: 1, stdout: expect.stringMatching(/^NOT VERIFIED: checkpoint_key/m) })
})

test('the log of another console is not held against the checkpoints of this folder', async () => {
  writeCheckpoint(1, words('of this console'))
  expect(await verify(log)).toMatchObject({ status: 0, stdout: expect.stringMatching(/^HOLDS IN ITSELF, NOT COMPARED: 3 events/m) })
})

function runHere(): void {
  const { origin } = bff
  writeRunningFile(dataDir, {
    pid: process.pid,
    console: origin,
    control_plane: 'http://127.0.0.1:1',
    shop: 'http://127.0.0.1:2',
    workspace: dataDir,
  })
}

/** Of this whole log. Answers with the file. */
function writeCheckpoint(no: number, entries: readonly MadeEntry[], privateKeyFile = join(dataDir, 'secrets', 'checkpoint-private-key')): string {
  const key = readPrivateKey(readFileSync(privateKeyFile, 'utf8').trim())!
  const { length: size } = entries
  const head = entries.at(-1)!.hash
  const text = toCheckpointText({ origin: key.verifierKey.name, size, root: makeRoot(entries), head, time: '2026-03-01T12:00:00.000Z' })
  const file = join(dataDir, 'checkpoints', toNoteFileName('checkpoint', no))
  writeFileSync(file, signNote(text, [key]))
  return file
}

/** The command, while the console exports these entries. */
function verify(entries: readonly MadeEntry[]): Promise<{ status: number | null; stdout: string }> {
  bff.upstream.answers.set('/operator/audit/export', (_, response) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' })
    response.end(`${toLines(entries).join('\n')}\n`)
  })
  const child = spawn(process.execPath, [resolve(import.meta.dirname, 'verify-audit.ts'), '--data-dir', dataDir], {
    env: { PATH: process.env.PATH, CONSOLE_ORIGIN: bff.origin, ...credentials },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let stdout = ''
  child.stdout.on('data', (part: Buffer) => (stdout += part.toString()))
  return new Promise((done) => child.on('close', (status) => done({ status, stdout })))
}

/** The command as a process of its own, on an embedded database, as whoever runs the server types it. */
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verify } from '@node-rs/argon2'
import { openDatabase } from '@autopack/server-kit/open-database'
import type { OpenDatabase } from '@autopack/server-kit/open-database'
import { afterAll, expect, test, vi } from 'vitest'
import { outboxTable } from '../db/bff-tables.ts'
import { createPasswordHasher } from '../shared/password-hash.ts'
import { createSignIn, findSignIn } from '../shared/sign-in-rows.ts'
import { cheapPasswordCost } from '../test/start-test-bff.ts'

// Whole processes on a busy machine take their time.
vi.setConfig({ testTimeout: 120_000 })

const folder = mkdtempSync(join(tmpdir(), 'reset-password-'))
afterAll(() => rmSync(folder, { recursive: true }))

type Ended = { status: number | null; stdout: string; stderr: string }

function run(directory: string, ...names: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'reset-password.ts'), ...names], {
    env: { PATH: process.env['PATH'], AUTOPACK_DATA_DIR: directory },
  })
  const ended = { stdout: '', stderr: '' }
  child.stdout.on('data', (part: Buffer) => (ended.stdout += part.toString()))
  child.stderr.on('data', (part: Buffer) => (ended.stderr += part.toString()))
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, ...ended })))
}

const open = (): Promise<OpenDatabase> =>
  openDatabase({ url: null, directory: join(folder, 'bff'), migrationsFolder: join(import.meta.dirname, '../db/migrations'), schema: 'bff' })

test('prints a new password once, which is the one that works; while the server holds the database it says to stop it', async () => {
  const operator_id = `op_${randomUUID()}`
  const before = await (await createPasswordHasher(cheapPasswordCost)).hash('the old password of Ada')
  const server = await open()
  const row = { operator_id, name: 'Ada Lovelace', name_folded: 'ada lovelace', password_hash: before, generated: false, changed_at: new Date() }
  await createSignIn(server.db, row)
  const held = await run(folder, 'Ada Lovelace')
  expect(held).toEqual({
    status: 1,
    stdout: '',
    stderr: `The console is running with this database (process ${process.pid}). Stop it, run this again, then start it.\n`,
  })
  await server.close()

  const done = await run(folder, 'ada lovelace')
  expect(done.status, done.stderr).toBe(0)
  const password = /^The new password of Ada Lovelace; 0 sessions have ended\. It is shown this once:\n(\S{24})\n$/.exec(done.stdout)![1]!
  const again = await open()
  const { password_hash } = (await findSignIn(again.db, operator_id))!
  expect(await verify(password_hash, password)).toBe(true)
  expect(password_hash).toContain('$argon2id$v=19$m=65536,t=3,p=1$')
  expect((await again.db.select().from(outboxTable)).map(({ event }) => (event as { kind: string }).kind)).toEqual(['password_reset'])
  await again.close()
  expect(await run(folder, 'nobody')).toEqual({ status: 1, stdout: '', stderr: 'Nobody who can sign in is called nobody.\n' })
})

test('without a database, or without a name, it says so in one line', async () => {
  const nowhere = join(folder, 'nowhere')
  expect(await run(nowhere, 'Ada')).toEqual({ status: 1, stdout: '', stderr: `There is no database in ${join(nowhere, 'bff')}.\n` })
  expect(await run(nowhere)).toMatchObject({ status: 1, stderr: expect.stringContaining('Name one person') })
})

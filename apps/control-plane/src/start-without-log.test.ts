/** The control plane as a process that is started while its audit log cannot be written or asked: without a process there is no brake (I-19). */
import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toNoteFileName } from '@autopack/checkpoint/note-files'
import type { Database } from '@autopack/server-kit/open-database'
import { openDatabase } from '@autopack/server-kit/open-database'
import { sql } from 'drizzle-orm'
import pg from 'pg'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { databaseRoles } from './db/database-roles.ts'
import { databaseSchema, migrationsFolder } from './db/migrations-folder.ts'
import { operatorTable } from './db/people-tables.ts'
import { appendEvents, createTestNoteKey, readEntryHashes, signCheckpoint, testCheckpointApiKey } from './test/checkpoint-story.ts'
import { openTestDatabase, readTestTemplate } from './test/open-test-database.ts'
import { testInstanceKey } from './test/open-test-deps.ts'
import { signAssertion, testJwksText, toAssertionClaims } from './test/sign-assertion.ts'

// Whole processes on a busy machine take their time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

const onServer = process.env['TEST_DATABASE_URL'] !== undefined
const key = createTestNoteKey()
const operatorId = `op_${randomUUID()}`

let folder: string
let child: ChildProcess | null
let output: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'start-without-log-'))
  child = null
  output = ''
})
afterEach(async () => {
  if (child && child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  rmSync(folder, { recursive: true, force: true })
})

/** What comes with a database: where a process finds it, and what is left of the test's own hold on it. */
type Prepared = { url: string | null; ownerUrl: string | null; drop: () => Promise<void> }

/** Five entries, and in the folder a checkpoint of seven, which the database has not had. Then `spoil`, as the owner of the database. */
async function prepare(spoil: (ownerDb: Database) => Promise<unknown>): Promise<Prepared> {
  const directory = join(folder, 'control-plane')
  const opened = onServer ? await openTestDatabase() : null
  const embedded = opened
    ? null
    : await openDatabase({ url: null, directory, migrationsFolder, schema: databaseSchema, template: await readTestTemplate() })
  const db = opened?.db ?? embedded!.db
  await db.insert(operatorTable).values({ operator_id: operatorId, name: 'approver', role: 'approver' })
  await appendEvents(db, 5)
  const longer = [...(await readEntryHashes(db)), Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
  mkdirSync(join(folder, 'checkpoints'))
  writeFileSync(join(folder, 'checkpoints', toNoteFileName('checkpoint', 1)), signCheckpoint(key, longer))
  await spoil(opened?.ownerDb ?? db)
  await embedded?.close()
  return { url: opened?.url ?? null, ownerUrl: opened?.ownerUrl ?? null, drop: async () => opened?.close() }
}

async function start({ url }: Prepared, more: Record<string, string> = {}): Promise<number> {
  child = fork(join(import.meta.dirname, 'server.ts'), {
    cwd: folder,
    env: {
      CONTROL_PLANE_PORT: '0',
      AUTOPACK_DATA_DIR: folder,
      AUTOPACK_API_KEY: testInstanceKey,
      AUTOPACK_OPERATOR_ASSERTION_JWKS: testJwksText,
      AUTOPACK_CHECKPOINT_KEYS: key.verifierKey.text,
      AUTOPACK_CHECKPOINT_API_KEY: testCheckpointApiKey,
      ...(url === null ? {} : { DATABASE_URL: url }),
      ...more,
    },
    silent: true,
    execPath: process.execPath,
    execArgv: [],
  })
  child.stdout!.on('data', (part: Buffer) => (output += String(part)))
  child.stderr!.on('data', (part: Buffer) => (output += String(part)))
  const ended = once(child, 'exit').then(([status]) => {
    throw new Error(`the server ended with ${status}: ${output}`)
  })
  const [message] = (await Promise.race([once(child, 'message'), ended])) as [{ port: number }]
  return message.port
}

async function engageBrake(port: number): Promise<unknown> {
  const target = '/operator/control/brake'
  const body = new TextEncoder().encode(JSON.stringify({ scope: { kind: 'all', id: '' }, reason: 'It looks wrong.' }))
  const assertion = await signAssertion(toAssertionClaims({ sub: operatorId, method: 'POST', target, body }))
  const answer = await fetch(`http://127.0.0.1:${port}${target}`, {
    method: 'POST',
    headers: { 'x-api-key': testInstanceKey, 'x-operator-assertion': assertion, 'content-type': 'application/json' },
    body,
  })
  return { status: answer.status, ...((await answer.json()) as object) }
}

/** What a start in production wants beside what the others have. */
const production = {
  AUTOPACK_ENV: 'production',
  AUTOPACK_AUDIT_LOG_NAME: key.verifierKey.name,
  AUTOPACK_MAX_ACTIONS_PER_DAY: '1',
  AUTOPACK_MAX_DAILY_SPEND_USD: '1',
  CONSOLE_ORIGIN: 'https://console.example.org',
}

const full = `CREATE FUNCTION control_plane.broken() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$`
const refusing = (table: string) =>
  `CREATE TRIGGER broken BEFORE INSERT ON control_plane.${table} FOR EACH ROW EXECUTE FUNCTION control_plane.broken()`

test.each([
  ['has no room for anything', [full, refusing('audit_event'), refusing('audit_checkpoint')]],
  ['is damaged', ['ALTER TABLE control_plane.audit_event RENAME TO audit_event_gone']],
])('the control plane starts while the log %s, says so, and the brake works', async (_what, statements) => {
  const prepared = await prepare(async (db) => {
    for (const statement of statements) await db.execute(sql.raw(statement))
  })
  try {
    const port = await start(prepared)
    expect(await engageBrake(port)).toMatchObject({ status: 200, brake: { audited: false } })
    await vi.waitUntil(() => output.includes('cannot be held against the newest checkpoint'), { timeout: 30_000 })
  } finally {
    child?.kill('SIGKILL')
    await prepared.drop()
  }
})

// The embedded database has one connection: nobody else can hold anything there.
if (onServer) {
  test('the control plane starts while somebody holds the log, the brake works, and the first thing after it is the look at the folder', async () => {
    const prepared = await prepare(async () => undefined)
    const holder = new pg.Client({ connectionString: prepared.ownerUrl! })
    await holder.connect()
    try {
      await holder.query('BEGIN')
      await holder.query('SELECT 1 FROM control_plane.audit_head FOR UPDATE')
      const begun = Date.now()
      const port = await start(prepared)
      expect(await engageBrake(port)).toMatchObject({ status: 200, brake: { audited: false } })
      expect(Date.now() - begun).toBeLessThan(20_000)
      await holder.query('ROLLBACK')
      await vi.waitUntil(() => output.includes('does not hold against a signed checkpoint'), { timeout: 30_000 })
      const size = await holder.query('SELECT seq FROM control_plane.audit_head')
      expect(Number((size.rows[0] as { seq: string }).seq)).toBe(5)
    } finally {
      await holder.end()
      child?.kill('SIGKILL')
      await prepared.drop()
    }
  })

  test('in production the control plane starts without the right to write the log, says so, and the brake works', async () => {
    const prepared = await prepare(async () => undefined)
    const superuser = new pg.Client({ connectionString: prepared.ownerUrl! })
    await superuser.connect()
    try {
      await superuser.query(`REVOKE INSERT ON control_plane.audit_event, control_plane.audit_checkpoint FROM ${databaseRoles.application}`)
      const { rows } = await superuser.query(`SELECT setting FROM pg_settings WHERE name = 'unix_socket_directories'`)
      const overSocket = new URL(prepared.url!)
      overSocket.searchParams.set('host', (rows[0] as { setting: string }).setting.split(',')[0]!.trim())
      const port = await start(prepared, { ...production, DATABASE_URL: overSocket.href })
      expect(output).toContain('the audit log cannot be written: INSERT on')
      expect(await engageBrake(port)).toMatchObject({ status: 200, brake: { audited: false } })
    } finally {
      await superuser.end()
      child?.kill('SIGKILL')
      await prepared.drop()
    }
  })
}

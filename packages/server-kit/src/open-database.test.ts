import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { expect, it } from 'vitest'
import { classifyDatabaseError, giveBackWhatCannotBegin, isOverdue, MigrationsPending, openDatabase } from './open-database.ts'
import type { DatabaseOptions } from './open-database.ts'

async function openOne(url: string | null, options: Partial<DatabaseOptions> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'autopack-migrations-'))
  mkdirSync(join(folder, 'meta'))
  const entries = [{ idx: 0, version: '7', when: 1, tag: '0000_nothing', breakpoints: true }]
  writeFileSync(join(folder, 'meta/_journal.json'), JSON.stringify({ version: '7', dialect: 'postgresql', entries }))
  writeFileSync(join(folder, '0000_nothing.sql'), 'SELECT 1')
  const schema = `kit_${randomUUID().replaceAll('-', '')}`
  const opened = await openDatabase({ url, directory: null, migrationsFolder: folder, schema, ...options })
  return { ...opened, schema, remove: () => rmSync(folder, { recursive: true }) }
}

it('What is asked of an embedded database that is closed is answered as a database out of reach', async () => {
  const opened = await openOne(null)
  expect((await opened.db.execute('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
  await opened.close()
  opened.remove()
  const error: unknown = await opened.db.execute('SELECT 1').then(
    () => null,
    (failure: unknown) => failure,
  )
  expect(classifyDatabaseError(error)?.code).toBe('db_unavailable')
})

// Only a server has connections that can break. The suite runs on both databases.
if (process.env['TEST_DATABASE_URL']) {
  const url = process.env['TEST_DATABASE_URL']

  it('A process that runs no migrations opens nothing that lacks one, and makes nothing; nor does a role that may make nothing', async () => {
    const role = `kit_${randomUUID().replaceAll('-', '')}`
    const other = new pg.Client({ connectionString: url })
    await other.connect()
    const count = async () => (await other.query('SELECT count(*)::int AS count FROM pg_namespace')).rows
    try {
      await other.query(`CREATE ROLE ${role} LOGIN${new URL(url).password === '' ? '' : ` PASSWORD '${new URL(url).password}'`}`)
      const before = await count()
      await expect(openOne(url, { runsMigrations: false })).rejects.toBeInstanceOf(MigrationsPending)
      const asRole = new URL(url)
      asRole.username = role
      await expect(openOne(asRole.href)).rejects.toMatchObject({ name: 'MigrationsPending', message: 'the role may not run them' })
      expect(await count()).toEqual(before)
    } finally {
      await other.query(`DROP ROLE IF EXISTS ${role}`)
      await other.end()
    }
  })

  it('A statement that takes longer than it may ends, and its connection is as good as before', async () => {
    const opened = await openOne(url, { patience: { lockMs: 10_000, statementMs: 50 } })
    try {
      const error: unknown = await opened.db.execute('SELECT pg_sleep(60)').catch((failure: unknown) => failure)
      expect(isOverdue(error)).toBe(true)
      expect(classifyDatabaseError(error)?.code).toBe('db_unavailable')
      expect((await opened.db.execute('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
    } finally {
      await opened.close()
      opened.remove()
    }
  })

  it('A connection that breaks inside a transaction fails that transaction, and the process goes on with new ones', async () => {
    const other = new pg.Client({ connectionString: url })
    await other.connect()
    const opened = await openOne(url)
    try {
      const broken = opened.db.transaction(async (tx) => {
        const { rows } = await tx.execute('SELECT pg_backend_pid() AS pid')
        await other.query('SELECT pg_terminate_backend($1, 5000)', [(rows[0] as { pid: number }).pid])
        await tx.execute('SELECT 1')
      })
      const error: unknown = await broken.then(
        () => null,
        (failure: unknown) => failure,
      )
      expect(classifyDatabaseError(error)?.code).toBe('db_unavailable')
      expect((await opened.db.execute('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
    } finally {
      await opened.close()
      await other.query(`DROP SCHEMA ${opened.schema} CASCADE`)
      await other.end()
      opened.remove()
    }
  })

  it('Whoever waits too long for a lock is told so, as a database out of reach, and every connection has a bound for it', async () => {
    const opened = await openOne(url)
    const other = new pg.Client({ connectionString: url })
    await other.connect()
    try {
      // The pool's first connection is the one that migrated, which had no bound meanwhile.
      const { rows } = await opened.db.execute(
        `SELECT current_setting('lock_timeout') AS wait, current_setting('statement_timeout') AS whole, current_setting('idle_in_transaction_session_timeout') AS idle`,
      )
      expect(rows).toEqual([{ wait: '10s', whole: '30s', idle: '30s' }])
      await other.query('SELECT pg_advisory_lock(20261122)')
      const waiting = opened.db.transaction(async (tx) => {
        await tx.execute(`SET LOCAL lock_timeout = '20ms'`)
        await tx.execute('SELECT pg_advisory_xact_lock(20261122)')
      })
      const error: unknown = await waiting.then(
        () => null,
        (failure: unknown) => failure,
      )
      expect(isOverdue(error)).toBe(true)
      expect(classifyDatabaseError(error)).toMatchObject({ code: 'db_unavailable', extra: { retryAfterSeconds: 5 } })
      expect((await opened.db.execute('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
    } finally {
      await opened.close()
      await other.query(`DROP SCHEMA ${opened.schema} CASCADE`)
      await other.end()
      opened.remove()
    }
  })

  it('Who stands still in a transaction loses it, and is told that the database is out of reach', async () => {
    const opened = await openOne(url)
    try {
      const lost = opened.db.transaction(async (tx) => {
        const { rows } = await tx.execute(`SELECT pg_backend_pid() AS pid, set_config('idle_in_transaction_session_timeout', '20ms', true)`)
        for (let gone = false; !gone;) {
          const found = await opened.db.execute(`SELECT FROM pg_stat_activity WHERE pid = ${(rows[0] as { pid: number }).pid}`)
          gone = found.rows.length === 0
        }
        await tx.execute('SELECT 1')
      })
      const error: unknown = await lost.then(
        () => null,
        (failure: unknown) => failure,
      )
      expect(classifyDatabaseError(error)?.code).toBe('db_unavailable')
    } finally {
      await opened.db.execute(`DROP SCHEMA ${opened.schema} CASCADE`)
      await opened.close()
      opened.remove()
    }
  })

  it('A connection whose BEGIN fails is back in the pool, which drizzle alone would have lost', async () => {
    const pool = new pg.Pool({ connectionString: url, max: 1, connectionTimeoutMillis: 2_000 })
    pool.on('error', () => undefined)
    giveBackWhatCannotBegin(pool)
    const client = await pool.connect()
    await expect(client.query('BEGIN ISOLATION LEVEL never heard of')).rejects.toThrow()
    // With one connection in all, whoever asks next gets one only if the first was given back.
    const next = await pool.connect()
    expect((await next.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
    next.release()
    await pool.end()
  })
}

/**
 * PostgreSQL when a URL is given, PGlite in a directory otherwise: one dialect, the same migrations, the same queries.
 *
 * What differs, and must not be relied on: `rowCount` (PGlite has `affectedRows`; use RETURNING), raw `count(*)`
 * (a number on one, a string on the other; use `.mapWith(Number)` or `::int`), and concurrency (PGlite has one
 * connection: inside `db.transaction` use only the transaction, never `db`, or it waits for itself for ever).
 */
import { mkdirSync } from 'node:fs'
import { PGlite } from '@electric-sql/pglite'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { drizzle as drizzlePostgres } from 'drizzle-orm/node-postgres'
import type { NodePgDatabase } from 'drizzle-orm/node-postgres'
import { drizzle as drizzleEmbedded } from 'drizzle-orm/pglite'
import { migrate as migrateEmbedded } from 'drizzle-orm/pglite/migrator'
import pg from 'pg'
import { lockDirectory } from './directory-lock.ts'
import { findPendingMigrations, runMigrations } from './migrate-database.ts'
import { ProblemError } from './problem-error.ts'

export type Database = NodePgDatabase<Record<string, never>>
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0]
/** For queries that do not care which one they run in. */
export type Queryable = Database | Transaction

export type OpenDatabase = {
  kind: 'embedded' | 'postgresql'
  db: Database
  /** Connections of its own, for the one act that has to go on while whatever holds up the others has all of theirs; embedded: `db`. */
  reservedDb: Database
  /** Calls back after each commit that did `NOTIFY channel`; resolves to the function that stops it. */
  listen: (channel: string, onNotify: () => void) => Promise<() => Promise<void>>
  close: () => Promise<void>
}

export type DatabaseOptions = {
  /** Null: embedded. */
  url: string | null
  /** Of the embedded database; null keeps it in memory (tests). */
  directory: string | null
  /** Folder of drizzle migrations, and the schema that holds their record. */
  migrationsFolder: string
  schema: string
  /** A dumped data directory to start an in-memory database from (tests). */
  template?: Blob
  /** PostgreSQL as a superuser throws `ConnectsAsSuperuser`, before anything is made that only a superuser could use. */
  refuseSuperuser?: boolean
  /** False: migrations that PostgreSQL has not had yet throw `MigrationsPending`; a command of its own runs them, as another role. */
  runsMigrations?: boolean
  /** Of PostgreSQL (tests). */
  patience?: Patience
}

/** The role has every right there is, so that no trigger or grant could hold it back. */
export class ConnectsAsSuperuser extends Error {
  override readonly name = 'ConnectsAsSuperuser'
}

/** The database is older than the code, and this role or process is not the one to change that. */
export class MigrationsPending extends Error {
  override readonly name = 'MigrationsPending'
}

/** Whoever may not make what is missing needs somebody who may; everything else is what it is. */
function toPending(error: unknown): unknown {
  for (let at: unknown = error; at instanceof Error; at = at.cause)
    if ((at as { code?: unknown }).code === '42501') return new MigrationsPending('the role may not run them', { cause: error })
  return error
}

/** What `CREATE EXTENSION` finds in an embedded database; a dump can only be loaded with the same. */
export const embeddedExtensions = { pg_trgm }

const vacuumIntervalMs = 10 * 60_000

/** How long a statement may wait for a lock, and how long it may take altogether, in milliseconds. */
export type Patience = { lockMs: number; statementMs: number }

const defaultPatience: Patience = { lockMs: 10_000, statementMs: 30_000 }

/**
 * Of every connection to PostgreSQL. A process that stands still in the middle of a transaction holds its locks for so long and no longer;
 * who waits for one, or for a disk that answers nobody, gives its connection back before that, or those who wait would take all there are.
 */
function toLimits({ lockMs, statementMs }: Patience): string {
  // A role may set what its own later connections begin with, and be stopped for good by that.
  const limits = [
    'timezone=UTC',
    'default_transaction_read_only=off',
    'idle_in_transaction_session_timeout=30s',
    `lock_timeout=${lockMs}`,
    `statement_timeout=${statementMs}`,
  ]
  return limits.map((limit) => `-c ${limit}`).join(' ')
}

export async function openDatabase(options: DatabaseOptions): Promise<OpenDatabase> {
  return options.url === null ? openEmbedded(options) : openPostgres(options, options.url)
}

async function openEmbedded(options: DatabaseOptions): Promise<OpenDatabase> {
  if (options.directory !== null) mkdirSync(options.directory, { recursive: true, mode: 0o700 })
  const unlock = options.directory === null ? () => undefined : lockDirectory(options.directory)
  try {
    const client = await PGlite.create({
      extensions: embeddedExtensions,
      ...(options.directory === null ? {} : { dataDir: `${options.directory}/pgdata` }),
      ...(options.template ? { loadDataDir: options.template } : {}),
    })
    await client.exec(`SET TIME ZONE 'UTC'`)
    const embedded = drizzleEmbedded({ client })
    await migrateEmbedded(embedded, { migrationsFolder: options.migrationsFolder, migrationsSchema: options.schema, migrationsTable: 'migration' })
    // PGlite has no autovacuum; without this, tables that are updated often grow without end, and the planner guesses.
    const vacuum = setInterval(() => void client.exec('VACUUM (ANALYZE)').catch(() => undefined), vacuumIntervalMs)
    vacuum.unref()
    return {
      kind: 'embedded',
      db: embedded as unknown as Database,
      reservedDb: embedded as unknown as Database,
      listen: async (channel, onNotify) => {
        const stop = await client.listen(channel, onNotify)
        return async () => stop()
      },
      close: async () => {
        clearInterval(vacuum)
        await client.close()
        unlock()
      },
    }
  } catch (error) {
    unlock()
    throw error
  }
}

/**
 * A transaction whose BEGIN fails never gives its connection back: drizzle (0.45) releases only what has begun. One is lost each time, and
 * a pool of ten answers nobody any more after ten breaks at that moment. So what fails to begin is given back here.
 */
export function giveBackWhatCannotBegin(pool: pg.Pool): void {
  pool.on('connect', (client) => {
    const send = client.query.bind(client) as (...args: unknown[]) => unknown
    const watched = (...args: unknown[]): unknown => {
      const answer = send(...args)
      const text = typeof args[0] === 'string' ? args[0] : ((args[0] as { text?: string } | undefined)?.text ?? '')
      if (answer instanceof Promise && /^\s*begin\b/i.test(text)) answer.catch((error: Error) => client.release(error))
      return answer
    }
    client.query = watched as unknown as typeof client.query
  })
}

async function openPostgres(options: DatabaseOptions, url: string): Promise<OpenDatabase> {
  const pool = openPool(options, url, 10)
  const first = await pool.connect()
  try {
    if (options.refuseSuperuser) {
      const found = await first.query<{ rolsuper: boolean }>('SELECT rolsuper FROM pg_roles WHERE rolname = current_user')
      if (found.rows[0]?.rolsuper !== false) throw new ConnectsAsSuperuser('the role is a superuser')
    }
    // A role that may make nothing can start where there is nothing to make.
    const pending = await findPendingMigrations(first, options)
    if (pending > 0 && options.runsMigrations === false) throw new MigrationsPending(`${pending} migrations have not run`)
    if (pending > 0) await runMigrations(first, options).catch((error: unknown) => Promise.reject(toPending(error)))
    // Not back into the pool: what begins in there is watched from its first moment on.
    first.release(true)
  } catch (error) {
    first.release(true)
    await pool.end()
    throw error
  }
  giveBackWhatCannotBegin(pool)
  const reservedPool = openPool(options, url, 2)
  giveBackWhatCannotBegin(reservedPool)
  return {
    kind: 'postgresql',
    db: drizzlePostgres({ client: pool }) as unknown as Database,
    reservedDb: drizzlePostgres({ client: reservedPool }) as unknown as Database,
    listen: (channel, onNotify) => listenPostgres(url, channel, onNotify),
    close: async () => {
      await Promise.all([pool.end(), reservedPool.end()])
    },
  }
}

function openPool(options: DatabaseOptions, url: string, max: number): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max, connectionTimeoutMillis: 5_000, options: toLimits(options.patience ?? defaultPatience) })
  // An idle connection that breaks is replaced at the next query; without a listener it would end the process.
  pool.on('error', () => undefined)
  // The same for one that breaks while a transaction has it: the pool listens only to those that nobody uses.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** A connection of its own that comes back when it is lost; after coming back it calls once, for what was missed. */
async function listenPostgres(url: string, channel: string, onNotify: () => void): Promise<() => Promise<void>> {
  let stopped = false
  let client: pg.Client | null = null
  const connect = async (): Promise<void> => {
    const next = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
    next.on('notification', onNotify)
    next.on('error', () => undefined)
    next.on('end', () => {
      if (!stopped) setTimeout(() => void connect().then(onNotify, () => undefined), 1_000).unref()
    })
    await next.connect()
    await next.query(`LISTEN ${pg.escapeIdentifier(channel)}`)
    client = next
  }
  await connect()
  return async () => {
    stopped = true
    await client?.end()
  }
}

/** Whether a statement took longer than it may, waiting for a lock or for itself. It did nothing; the connection is as good as before. */
export function isOverdue(error: unknown): boolean {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    const { code } = at as { code?: unknown }
    if (code === '55P03' || code === '57014') return true
  }
  return false
}

/** The problem behind an error of the database, or null when it is something else. Use as `classifyError`. */
export function classifyDatabaseError(error: unknown): ProblemError | null {
  if (isOverdue(error)) {
    return new ProblemError(
      'db_unavailable',
      'Something else has held what this needs for too long, or the database took too long, so nothing was changed. Ask again in a few seconds, with the same key.',
      { retryAfterSeconds: 5 },
    )
  }
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    const code = (at as { code?: unknown }).code
    const lost = typeof code === 'string' && /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EPIPE|ETIMEDOUT|08...|25P03|57P0[123]|53300)$/.test(code)
    if (
      lost ||
      /timeout exceeded when trying to connect|Connection terminated|connection error and is not queryable|PGlite is closed/.test(at.message)
    ) {
      return new ProblemError(
        'db_unavailable',
        'The database cannot be reached at the moment, and whether the last change was kept is not known. Ask again in a few seconds, with the same key.',
        {
          retryAfterSeconds: 5,
        },
      )
    }
  }
  return null
}

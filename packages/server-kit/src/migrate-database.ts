import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import pg from 'pg'
import type { Database } from './open-database.ts'

export type Migrations = {
  /** Folder of drizzle migrations, and the schema that holds their record. */
  migrationsFolder: string
  schema: string
}

/** How many migrations of the folder this database has not had. Throws what the database says when the role may not even look. */
export async function findPendingMigrations(client: pg.ClientBase, { migrationsFolder, schema }: Migrations): Promise<number> {
  const files = readMigrationFiles({ migrationsFolder })
  const record = `${pg.escapeIdentifier(schema)}.migration`
  const made = await client.query<{ made: boolean }>(
    'SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2) AS made',
    [schema, 'migration'],
  )
  if (!made.rows[0]!.made) return files.length
  const { rows } = await client.query<{ last: number | null }>(`SELECT max(created_at)::float8 AS last FROM ${record}`)
  const last = rows[0]?.last ?? 0
  return files.filter(({ folderMillis }) => folderMillis > last).length
}

/** Runs what is missing, under a lock: those that start together must not migrate together. The connection is the caller's. */
export async function runMigrations(client: pg.ClientBase, { migrationsFolder, schema }: Migrations): Promise<void> {
  // As long as it takes: another replica may be migrating, and a table may be large.
  await client.query('SET lock_timeout = 0')
  await client.query('SET statement_timeout = 0')
  // The key is the schema's name, hashed by the database.
  await client.query('SELECT pg_advisory_lock(hashtext($1))', [`migrate ${schema}`])
  await migrate(drizzle({ client: client as pg.PoolClient }), { migrationsFolder, migrationsSchema: schema, migrationsTable: 'migration' })
  await client.query('SELECT pg_advisory_unlock(hashtext($1))', [`migrate ${schema}`])
}

/**
 * Migrates over a connection of its own, as `owner`, so that everything that is made belongs to that role; the role of the URL must be a
 * member of it. `afterwards` runs as the owner, too. Returns how many migrations ran. Throws what the database says.
 */
export async function migrateDatabase(
  options: Migrations & { url: string; owner: string; afterwards: (db: Database) => Promise<void> },
): Promise<number> {
  const client = new pg.Client({ connectionString: options.url, connectionTimeoutMillis: 5_000, options: '-c timezone=UTC' })
  // A connection that breaks rejects what waits for it; without a listener it would end the process as well.
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query(`SET ROLE ${pg.escapeIdentifier(options.owner)}`)
    const pending = await findPendingMigrations(client, options)
    await runMigrations(client, options)
    await options.afterwards(drizzle({ client }) as unknown as Database)
    return pending
  } finally {
    await client.end()
  }
}

/**
 * A database for one test file: embedded from a dumped template, or PostgreSQL when TEST_DATABASE_URL names a server. There, as it is
 * deployed: the migrator makes everything, and what is tested runs as the application, with its rights alone.
 */
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import { embeddedExtensions, openDatabase } from '@autopack/server-kit/open-database'
import type { Database, OpenDatabase, Patience } from '@autopack/server-kit/open-database'
import { drizzle as drizzlePostgres } from 'drizzle-orm/node-postgres'
import { drizzle } from 'drizzle-orm/pglite'
import { migrate } from 'drizzle-orm/pglite/migrator'
import pg from 'pg'
import { databaseSchema, migrationsFolder } from '../db/migrations-folder.ts'
import { createMigratedDatabase } from './create-migrated-database.ts'
import { migrationsDigest } from './migrations-digest.ts'

export type TestDatabase = OpenDatabase & {
  /** Of the application on PostgreSQL; null on the embedded database. */
  url: string | null
  /** As a superuser: for what a test does to the database that the application may not. */
  ownerDb: Database
  ownerUrl: string | null
}

/** `close` also drops the database. */
export async function openTestDatabase(patience?: Patience): Promise<TestDatabase> {
  const server = process.env['TEST_DATABASE_URL']
  return server ? openOnServer(server, patience) : openEmbedded()
}

async function openEmbedded(): Promise<TestDatabase> {
  const template = await readTestTemplate()
  const opened = await openDatabase({ url: null, directory: null, migrationsFolder, schema: databaseSchema, template })
  // Its one role is a superuser: triggers alone keep evidence there.
  return { ...opened, url: null, ownerDb: opened.db, ownerUrl: null }
}

/** Migrating takes 2 s, loading a dump of the migrated database half a second; the dump is kept until a migration changes. */
export async function readTestTemplate(): Promise<Blob> {
  const folder = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url))
  const file = join(folder, `control-plane-${migrationsDigest()}.tar`)
  if (existsSync(file)) return toBlob(readFileSync(file))
  mkdirSync(folder, { recursive: true })
  const client = await PGlite.create({ extensions: embeddedExtensions })
  await client.exec(`SET TIME ZONE 'UTC'`)
  await migrate(drizzle({ client }), { migrationsFolder, migrationsSchema: databaseSchema, migrationsTable: 'migration' })
  const dump = Buffer.from(await (await client.dumpDataDir('none')).arrayBuffer())
  await client.close()
  // Several workers may get here at once; a rename is never seen half done.
  const draft = `${file}.${randomUUID()}`
  writeFileSync(draft, dump)
  renameSync(draft, file)
  return toBlob(dump)
}

function toBlob(dump: Buffer): Blob {
  return new Blob([new Uint8Array(dump)])
}

async function openOnServer(server: string, patience: Patience | undefined): Promise<TestDatabase & { url: string }> {
  const made = await createMigratedDatabase(server)
  const opened = await openDatabase({
    url: made.url,
    directory: null,
    migrationsFolder,
    schema: databaseSchema,
    runsMigrations: false,
    ...(patience && { patience }),
  })
  const owner = new pg.Pool({ connectionString: made.ownerUrl, max: 2, options: '-c timezone=UTC' })
  owner.on('error', () => undefined)
  return {
    ...opened,
    url: made.url,
    ownerUrl: made.ownerUrl,
    ownerDb: drizzlePostgres({ client: owner }) as unknown as Database,
    close: async () => {
      await opened.close()
      await owner.end()
      await made.drop()
    },
  }
}

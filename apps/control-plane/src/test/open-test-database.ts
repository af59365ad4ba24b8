/** A database for one test file: embedded from a dumped template, or PostgreSQL when TEST_DATABASE_URL names a server. */
import { createHash, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import { embeddedExtensions, openDatabase } from '@autopack/server-kit/open-database'
import type { OpenDatabase } from '@autopack/server-kit/open-database'
import { drizzle } from 'drizzle-orm/pglite'
import { migrate } from 'drizzle-orm/pglite/migrator'
import pg from 'pg'
import { databaseSchema, migrationsFolder } from '../db/migrations-folder.ts'

/** `close` also drops the database. */
export async function openTestDatabase(): Promise<OpenDatabase & { url: string | null }> {
  const server = process.env['TEST_DATABASE_URL']
  return server ? openOnServer(server) : openEmbedded()
}

async function openEmbedded(): Promise<OpenDatabase & { url: null }> {
  const template = await readTestTemplate()
  const opened = await openDatabase({ url: null, directory: null, migrationsFolder, schema: databaseSchema, template })
  return { ...opened, url: null }
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

async function openOnServer(server: string): Promise<OpenDatabase & { url: string }> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const template = `template_control_plane_${migrationsDigest()}`
  await onServer(server, async (admin) => {
    await admin.query('SELECT pg_advisory_lock(hashtext($1))', [template])
    const { rows } = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [template])
    if (rows.length === 0) {
      const draft = `${template}_draft`
      await admin.query(`DROP DATABASE IF EXISTS ${draft}`)
      await admin.query(`CREATE DATABASE ${draft}`)
      const opened = await openDatabase({ url: withDatabase(server, draft), directory: null, migrationsFolder, schema: databaseSchema })
      await opened.close()
      await admin.query(`ALTER DATABASE ${draft} RENAME TO ${template}`)
    }
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`)
    await admin.query('SELECT pg_advisory_unlock(hashtext($1))', [template])
  })
  const url = withDatabase(server, name)
  const opened = await openDatabase({ url, directory: null, migrationsFolder, schema: databaseSchema })
  return {
    ...opened,
    url,
    close: async () => {
      await opened.close()
      await onServer(server, (admin) => admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))
    },
  }
}

async function onServer(server: string, act: (admin: pg.Client) => Promise<unknown>): Promise<void> {
  const admin = new pg.Client({ connectionString: server })
  await admin.connect()
  try {
    await act(admin)
  } finally {
    await admin.end()
  }
}

function withDatabase(server: string, name: string): string {
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}

function migrationsDigest(): string {
  const hash = createHash('sha256')
  for (const file of readdirSync(migrationsFolder).toSorted()) if (file.endsWith('.sql')) hash.update(readFileSync(join(migrationsFolder, file)))
  return hash.digest('hex').slice(0, 16)
}

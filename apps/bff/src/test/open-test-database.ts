/** A database for one test file: embedded and in memory, or a new one on the server that TEST_DATABASE_URL names. */
import { createHash, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { openDatabase } from '@autopack/server-kit/open-database'
import type { OpenDatabase } from '@autopack/server-kit/open-database'
import { drizzle } from 'drizzle-orm/pglite'
import { migrate } from 'drizzle-orm/pglite/migrator'
import pg from 'pg'

const migrationsFolder = join(import.meta.dirname, '../db/migrations')

/** `close` also drops the database. */
export async function openTestDatabase(): Promise<OpenDatabase> {
  const server = process.env['TEST_DATABASE_URL']
  if (!server) return openDatabase({ url: null, directory: null, migrationsFolder, schema: 'bff', template: new Blob([await readTemplate()]) })
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await onServer(server, `CREATE DATABASE ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  const opened = await openDatabase({ url: url.href, directory: null, migrationsFolder, schema: 'bff' })
  return {
    ...opened,
    close: async () => {
      await opened.close()
      await onServer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    },
  }
}

/** Loading a dump takes a fraction of migrating; it is kept until a migration changes. */
async function readTemplate(): Promise<Uint8Array<ArrayBuffer>> {
  const hash = createHash('sha256')
  for (const file of readdirSync(migrationsFolder).toSorted()) if (file.endsWith('.sql')) hash.update(readFileSync(join(migrationsFolder, file)))
  const folder = join(import.meta.dirname, '../../node_modules/.cache')
  const file = join(folder, `bff-${hash.digest('hex').slice(0, 16)}.tar`)
  if (existsSync(file)) return readFileSync(file)
  mkdirSync(folder, { recursive: true })
  const client = await PGlite.create()
  await client.exec(`SET TIME ZONE 'UTC'`)
  await migrate(drizzle({ client }), { migrationsFolder, migrationsSchema: 'bff', migrationsTable: 'migration' })
  const dump = new Uint8Array(await (await client.dumpDataDir('none')).arrayBuffer())
  await client.close()
  // Several workers may get here at once; a rename is never seen half done.
  const draft = `${file}.${randomUUID()}`
  writeFileSync(draft, dump)
  renameSync(draft, file)
  return dump
}

async function onServer(server: string, statement: string): Promise<void> {
  const admin = new pg.Client({ connectionString: server })
  await admin.connect()
  try {
    await admin.query(statement)
  } finally {
    await admin.end()
  }
}

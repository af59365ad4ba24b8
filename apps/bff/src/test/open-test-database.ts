/** A database for one test file: embedded and in memory, or a new one on the server that TEST_DATABASE_URL names. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { openDatabase } from '@autopack/server-kit/open-database'
import type { OpenDatabase } from '@autopack/server-kit/open-database'
import pg from 'pg'

const migrationsFolder = join(import.meta.dirname, '../db/migrations')

/** `close` also drops the database. */
export async function openTestDatabase(): Promise<OpenDatabase> {
  const server = process.env['TEST_DATABASE_URL']
  if (!server) return openDatabase({ url: null, directory: null, migrationsFolder, schema: 'bff' })
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

async function onServer(server: string, statement: string): Promise<void> {
  const admin = new pg.Client({ connectionString: server })
  await admin.connect()
  try {
    await admin.query(statement)
  } finally {
    await admin.end()
  }
}

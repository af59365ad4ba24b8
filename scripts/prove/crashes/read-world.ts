import { openDatabase } from '@autopack/server-kit/open-database'
import { resolve } from 'node:path'
import pg from 'pg'
import type { CrashWorld } from './crash-world.ts'
import { readLedger } from './ledger-record.ts'
import type { LedgerRecord } from './ledger-record.ts'

const migrationsFolder = resolve(import.meta.dirname, '../../../apps/control-plane/src/db/migrations')

/** The ledger of a world at one moment. That of an embedded database is read once its process has stopped. */
export async function readWorld(world: CrashWorld): Promise<LedgerRecord> {
  return world.postgres === null ? readEmbedded(world) : readPostgres(world)
}

async function readPostgres(world: CrashWorld): Promise<LedgerRecord> {
  const client = new pg.Client(world.owner)
  await client.connect()
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    return await readLedger(async (statement) => (await client.query<Record<string, unknown>>(statement)).rows)
  } finally {
    await client.end()
  }
}

async function readEmbedded(world: CrashWorld): Promise<LedgerRecord> {
  await world.controlPlane.stop()
  const database = await openDatabase({ url: null, directory: world.databaseDirectory, migrationsFolder, schema: 'control_plane' })
  try {
    return await readLedger(async (statement) => (await database.db.execute(statement)).rows as Record<string, unknown>[])
  } finally {
    await database.close()
  }
}

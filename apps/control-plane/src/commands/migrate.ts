/**
 * `node migrate.ts`: brings the PostgreSQL database that MIGRATOR_DATABASE_URL names up to date, and gives the application the rights that it
 * needs and no others. To be run before the servers; again does nothing. Exit 0: done, 1: not possible, 78: configuration.
 */
import { refuseToStart } from '@autopack/server-kit/environment'
import { migrateAsOwner } from '../db/migrate-as-owner.ts'
import { readMigratorUrl } from './migrator-environment.ts'

const reading = readMigratorUrl(process.env)
if (!reading.ok) refuseToStart('migrate', reading.problems)
for (const warning of reading.warnings) console.warn(`migrate: ${warning}`)
try {
  const ran = await migrateAsOwner(reading.url)
  console.log(`${ran === 0 ? 'No migration was missing' : `${ran} migrations ran`}; the application has its rights.`)
} catch (error) {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  console.error(`The database cannot be migrated: ${(cause instanceof Error ? cause.message : String(cause)).split('\n')[0]}`)
  process.exitCode = 1
}

/**
 * `node accept-clock.ts REASON`: from now on the clock of the database counts as right, although the audit log has a later entry; that
 * goes into the log, with the reason. Works on the database that DATABASE_URL or AUTOPACK_DATA_DIR names. Exit 0: accepted, 1: not
 * possible, 2: no reason, 78: configuration.
 */
import { existsSync } from 'node:fs'
import { DirectoryLocked } from '@autopack/server-kit/directory-lock'
import { refuseToStart } from '@autopack/server-kit/environment'
import { acceptClock } from '../audit/accept-clock.ts'
import { readSettings } from '../environment.ts'
import { openConfiguredDatabase } from './open-configured-database.ts'

const reason = process.argv.slice(2).join(' ').trim()
if (reason === '' || reason.length > 1_000) {
  console.error('node accept-clock.ts REASON\n\nSay in up to 1000 characters why the clock is right now; it goes into the audit log.')
  process.exit(2)
}
const reading = readSettings(process.env)
if (!reading.ok) refuseToStart('accept-clock', reading.problems)
const { databaseUrl, databaseDir } = reading.settings
if (databaseUrl === null && !existsSync(databaseDir)) stopWith(`There is no database in ${databaseDir}.`)

try {
  const database = await openConfiguredDatabase(reading.settings)
  try {
    await acceptClock(database.db, reason)
    console.log('The clock of the database is accepted as it is; the audit log says so.')
  } finally {
    await database.close()
  }
} catch (error) {
  if (error instanceof DirectoryLocked)
    stopWith(`The control plane is running with this database (process ${error.pid}). Stop it and run this again.`)
  stopWith(`The clock cannot be accepted: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`)
}

function stopWith(sentence: string): never {
  console.error(sentence)
  process.exit(1)
}

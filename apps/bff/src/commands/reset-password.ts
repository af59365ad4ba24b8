/**
 * `node reset-password.ts NAME`: a new generated password for one person, printed once; their sessions end. Writes to the
 * database that BFF_DATABASE_URL or AUTOPACK_DATA_DIR names. Exit 0: done, 1: not done, 78: configuration.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DirectoryLocked } from '@autopack/server-kit/directory-lock'
import { refuseToStart } from '@autopack/server-kit/environment'
import { openDatabase } from '@autopack/server-kit/open-database'
import { readConfiguration } from '../environment.ts'
import { resetPassword } from '../features/password/reset-password.ts'
import { createPasswordHasher } from '../shared/password-hash.ts'

const [name, ...more] = process.argv.slice(2)
if (name === undefined || name === '' || more.length > 0) stopWith('Name one person: reset-password.ts NAME (in quotes when it has spaces).')
const reading = await readConfiguration(process.env)
if (!reading.ok) refuseToStart('reset-password', reading.problems)
const { databaseUrl, databaseDirectory } = reading.configuration
if (databaseUrl === null && !existsSync(databaseDirectory)) stopWith(`There is no database in ${databaseDirectory}.`)

try {
  const database = await openDatabase({
    url: databaseUrl,
    directory: databaseDirectory,
    migrationsFolder: join(import.meta.dirname, '../db/migrations'),
    schema: 'bff',
  })
  try {
    const reset = await resetPassword(database.db, await createPasswordHasher(), name, new Date())
    if (reset === null) {
      console.error(`Nobody who can sign in is called ${name}.`)
      process.exitCode = 1
    } else {
      const ended = reset.endedSessions === 1 ? '1 session has' : `${reset.endedSessions} sessions have`
      console.log(`The new password of ${reset.name}; ${ended} ended. It is shown this once:`)
      console.log(reset.password)
    }
  } finally {
    await database.close()
  }
} catch (error) {
  // The embedded database belongs to one process at a time; a PostgreSQL is shared with the running server.
  if (error instanceof DirectoryLocked)
    stopWith(`The console is running with this database (process ${error.pid}). Stop it, run this again, then start it.`)
  stopWith(`The password cannot be reset: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`)
}

function stopWith(sentence: string): never {
  console.error(sentence)
  process.exit(1)
}

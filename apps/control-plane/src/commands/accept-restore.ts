/**
 * `node accept-restore.ts REASON`: goes on with the database as it is, although a signed checkpoint says that its audit log was longer, or other.
 * That goes into the log, with the reason, and the checkpoint is given up. Works on the database that DATABASE_URL or AUTOPACK_DATA_DIR names.
 * Exit 0: accepted, 1: not possible, or nothing is stopped, 2: no reason, 78: configuration.
 */
import { existsSync } from 'node:fs'
import { DirectoryLocked } from '@autopack/server-kit/directory-lock'
import { refuseToStart } from '@autopack/server-kit/environment'
import { createLog } from '@autopack/server-kit/log'
import { acceptRestore } from '../audit/accept-restore.ts'
import { takeOverCheckpoints } from '../audit/take-over-checkpoints.ts'
import { readSettings } from '../environment.ts'
import { openConfiguredDatabase } from './open-configured-database.ts'

const reason = process.argv.slice(2).join(' ').trim()
if (reason === '' || reason.length > 1_000) {
  console.error('node accept-restore.ts REASON\n\nSay in up to 1000 characters why this database is the right one now; it goes into the audit log.')
  process.exit(2)
}
const reading = readSettings(process.env)
if (!reading.ok) refuseToStart('accept-restore', reading.problems)
const { databaseUrl, databaseDir, checkpoints } = reading.settings
if (databaseUrl === null && !existsSync(databaseDir)) stopWith(`There is no database in ${databaseDir}.`)
const log = createLog({ name: 'accept-restore', level: 'warn', secrets: reading.secrets })

try {
  const database = await openConfiguredDatabase(reading.settings)
  try {
    // What the folder has and the database does not know yet would stop it again at its next start.
    await takeOverCheckpoints(database.db, checkpoints, log)
    const stopped = await acceptRestore(database.db, reason)
    if (stopped === null) {
      console.error('Nothing stops the audit log: it holds against every checkpoint that this database and the folder know.')
      process.exitCode = 1
    } else {
      console.log(
        `The audit log goes on from entry ${stopped.log_size}; it says that the checkpoint of size ${stopped.checkpoint.size} was given up.`,
      )
      console.log('Start the control plane. Then, with the checkpoint writer stopped, run its own accept-restore, and start it, too.')
    }
  } finally {
    await database.close()
  }
} catch (error) {
  if (error instanceof DirectoryLocked)
    stopWith(`The control plane is running with this database (process ${error.pid}). Stop it and run this again.`)
  stopWith(`The restore cannot be accepted: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`)
}

function stopWith(sentence: string): never {
  console.error(sentence)
  process.exit(1)
}

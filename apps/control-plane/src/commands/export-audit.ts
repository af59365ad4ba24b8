/**
 * `node export-audit.ts`: the whole audit log on standard output, one entry a line, ready for the verifier, and safe for a terminal. Reads the
 * database that DATABASE_URL or AUTOPACK_DATA_DIR names. Exit 0: complete, 1: not readable, 78: configuration.
 */
import { existsSync } from 'node:fs'
import { once } from 'node:events'
import { DirectoryLocked } from '@autopack/server-kit/directory-lock'
import { refuseToStart } from '@autopack/server-kit/environment'
import { readSettings } from '../environment.ts'
import { toTerminalJson } from '../features/audit/to-terminal-json.ts'
import { exportAuditLog } from '../features/audit/export-audit-log.ts'
import { openConfiguredDatabase } from './open-configured-database.ts'

const reading = readSettings(process.env)
if (!reading.ok) refuseToStart('export-audit', reading.problems)
const { databaseUrl, databaseDir } = reading.settings

if (databaseUrl === null && !existsSync(databaseDir)) {
  console.error(`There is no database in ${databaseDir}.`)
  process.exit(1)
}
try {
  const database = await openConfiguredDatabase(reading.settings)
  try {
    for await (const lines of exportAuditLog(database.db)) {
      // A reader slower than the database decides the pace; otherwise the whole log would wait in memory.
      if (!process.stdout.write(toTerminalJson(lines))) await once(process.stdout, 'drain')
    }
  } finally {
    await database.close()
  }
} catch (error) {
  const why = error instanceof DirectoryLocked ? error.message : error instanceof Error ? error.message.split('\n')[0] : String(error)
  console.error(`The audit log cannot be read: ${why}`)
  process.exitCode = 1
}

/**
 * `node list-operators.ts`: everybody who may sign in, one a line. Reads the database that DATABASE_URL or
 * AUTOPACK_DATA_DIR names. Exit 0: listed, 1: not readable, 78: configuration.
 */
import { existsSync } from 'node:fs'
import { DirectoryLocked } from '@autopack/server-kit/directory-lock'
import { refuseToStart } from '@autopack/server-kit/environment'
import { readSettings } from '../environment.ts'
import { listOperatorRows } from '../features/operators/operator-rows.ts'
import { openConfiguredDatabase } from './open-configured-database.ts'

const reading = readSettings(process.env)
if (!reading.ok) refuseToStart('list-operators', reading.problems)
const { databaseUrl, databaseDir } = reading.settings
if (databaseUrl === null && !existsSync(databaseDir)) stopWith(`There is no database in ${databaseDir}.`)

try {
  const database = await openConfiguredDatabase(reading.settings)
  try {
    const operators = await listOperatorRows(database.db)
    if (operators.length === 0) console.log('Nobody yet: start the control plane and open the set-up link that it prints.')
    const width = Math.max(0, ...operators.map(({ name }) => name.length))
    for (const { operator_id, name, role, enabled } of operators)
      console.log(`${name.padEnd(width)}  ${role.padEnd(8)}  ${enabled ? 'enabled ' : 'disabled'}  ${operator_id}`)
  } finally {
    await database.close()
  }
} catch (error) {
  if (error instanceof DirectoryLocked)
    stopWith(`The control plane is running with this database (process ${error.pid}). Stop it and run this again.`)
  stopWith(`The operators cannot be listed: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`)
}

function stopWith(sentence: string): never {
  console.error(sentence)
  process.exit(1)
}

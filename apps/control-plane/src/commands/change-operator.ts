/**
 * `node change-operator.ts invite NAME ROLE | disable NAME REASON | enable NAME REASON | allow-passkey NAME REASON`: people, for whoever
 * runs the server, on the database that DATABASE_URL or AUTOPACK_DATA_DIR names. Everything goes into the audit log. Exit 0: done,
 * 1: not possible, 2: typed wrong, 78: configuration.
 */
import { existsSync } from 'node:fs'
import { DirectoryLocked } from '@autopack/server-kit/directory-lock'
import { refuseToStart } from '@autopack/server-kit/environment'
import { ProblemError } from '@autopack/server-kit/problem-error'
import { databaseClock } from '../db/database-rows.ts'
import { readSettings } from '../environment.ts'
import { changeOperator, changeVerbs, NotChanged } from '../features/operators/change-operator.ts'
import { openConfiguredDatabase } from './open-configured-database.ts'

const [typed, ...words] = process.argv.slice(2)
const verb = changeVerbs.find((known) => known === typed)
if (verb === undefined) stopWith(`node change-operator.ts ${changeVerbs.join(' | ')} NAME …`, 2)
const reading = readSettings(process.env)
if (!reading.ok) refuseToStart('change-operator', reading.problems)
const { settings } = reading
const { databaseUrl, databaseDir, consoleOrigin } = settings
if (databaseUrl === null && !existsSync(databaseDir)) stopWith(`There is no database in ${databaseDir}.`, 1)

try {
  const database = await openConfiguredDatabase(settings)
  try {
    for (const line of await changeOperator({ db: database.db, now: databaseClock, settings }, verb, words, consoleOrigin)) console.log(line)
  } finally {
    await database.close()
  }
} catch (error) {
  if (error instanceof NotChanged) stopWith(error.message, 2)
  if (error instanceof ProblemError) stopWith(error.detail, 1)
  if (error instanceof DirectoryLocked)
    stopWith(`The control plane is running with this database (process ${error.pid}). Stop it and run this again.`, 1)
  stopWith(`Nothing was changed: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`, 1)
}

function stopWith(sentence: string, status: number): never {
  console.error(sentence)
  process.exit(status)
}

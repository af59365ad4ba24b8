/** `npm run operators -- list | reset-password NAME`: people, straight in the databases, for whoever runs the server. */
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { findDataDir } from './console/data-dir.ts'

const usage = `npm run operators -- list
npm run operators -- reset-password NAME

Works on the databases that DATABASE_URL and BFF_DATABASE_URL (or …_FILE) name, beside the running servers; without them on the embedded
ones of the data folder (--data-dir DIR, AUTOPACK_DATA_DIR, else .autopack), while nothing runs with it.`

const root = resolve(import.meta.dirname, '..')
const { values, positionals } = readCommand()
const [verb, name] = positionals

// Only what leads to the database: the command needs none of what a server needs.
const passedOn = ['PATH', 'HOME', 'DATABASE_URL', 'DATABASE_URL_FILE', 'BFF_DATABASE_URL', 'BFF_DATABASE_URL_FILE']
const environment = {
  ...Object.fromEntries(passedOn.map((variable) => [variable, process.env[variable]])),
  AUTOPACK_DATA_DIR: findDataDir(values['data-dir'], process.env),
}
const command = verb === 'list' ? ['apps/control-plane/src/commands/list-operators.ts'] : ['apps/bff/src/commands/reset-password.ts', name!]
const ended = spawnSync(process.execPath, command, { cwd: root, env: environment, stdio: 'inherit' })
process.exitCode = ended.status ?? 1

function readCommand() {
  try {
    const parsed = parseArgs({
      args: process.argv.slice(2),
      allowPositionals: true,
      options: { 'data-dir': { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
    })
    const [verb, name, ...rest] = parsed.positionals
    if (parsed.values.help) {
      console.log(usage)
      process.exit(0)
    }
    const complete = verb === 'list' ? name === undefined : verb === 'reset-password' && name !== undefined
    if (!complete || rest.length > 0) stopWith(usage)
    return parsed
  } catch (error) {
    return stopWith(`${(error as Error).message.split('. ')[0]}.\n\n${usage}`)
  }
}

function stopWith(sentence: string): never {
  console.error(sentence)
  process.exit(1)
}

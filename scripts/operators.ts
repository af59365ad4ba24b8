/** `npm run operators -- VERB …`: people, straight in the databases, for whoever runs the server. */
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { findDataDir } from './console/data-dir.ts'

const usage = `npm run operators -- list
npm run operators -- invite NAME ROLE             prints a link; again for whoever has never come in
npm run operators -- disable NAME REASON
npm run operators -- enable NAME REASON
npm run operators -- allow-passkey NAME REASON    every passkey out of use, a first one within a day
npm run operators -- reset-password NAME          prints a new one
npm run operators -- accept-clock REASON          the clock of the database is right

Works on the databases that DATABASE_URL and BFF_DATABASE_URL (or …_FILE) name, beside the running servers; without them on the embedded
ones of the data folder (--data-dir DIR, AUTOPACK_DATA_DIR, else .autopack), while nothing runs with it. Set CONSOLE_ORIGIN for links.`

type Verb = { file: string; leastWords: number; mostWords: number; passesVerb?: boolean }
const commands = 'apps/control-plane/src/commands'
const change = { file: `${commands}/change-operator.ts`, leastWords: 2, mostWords: 1_000, passesVerb: true }
const verbs: Readonly<Record<string, Verb>> = {
  list: { file: `${commands}/list-operators.ts`, leastWords: 0, mostWords: 0 },
  invite: { ...change, mostWords: 2 },
  disable: change,
  enable: change,
  'allow-passkey': change,
  'reset-password': { file: 'apps/bff/src/commands/reset-password.ts', leastWords: 1, mostWords: 1 },
  'accept-clock': { file: `${commands}/accept-clock.ts`, leastWords: 1, mostWords: 1_000 },
}

const root = resolve(import.meta.dirname, '..')
const { values, verb, words } = readCommand()

// Only what leads to the database: the command needs none of what a server needs.
const passedOn = ['PATH', 'HOME', 'DATABASE_URL', 'DATABASE_URL_FILE', 'BFF_DATABASE_URL', 'BFF_DATABASE_URL_FILE', 'CONSOLE_ORIGIN']
const environment = {
  ...Object.fromEntries(passedOn.map((variable) => [variable, process.env[variable]])),
  AUTOPACK_DATA_DIR: findDataDir(values['data-dir'], process.env),
}
const { file, passesVerb } = verbs[verb]!
const command = [file, ...(passesVerb ? [verb] : []), ...words]
const ended = spawnSync(process.execPath, command, { cwd: root, env: environment, stdio: 'inherit' })
process.exitCode = ended.status ?? 1

function readCommand() {
  try {
    const parsed = parseArgs({
      args: process.argv.slice(2),
      allowPositionals: true,
      options: { 'data-dir': { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
    })
    const [verb = '', ...words] = parsed.positionals
    if (parsed.values.help) {
      console.log(usage)
      process.exit(0)
    }
    const known = Object.hasOwn(verbs, verb) ? verbs[verb]! : null
    if (known === null || words.length < known.leastWords || words.length > known.mostWords) stopWith(usage)
    return { values: parsed.values, verb, words }
  } catch (error) {
    return stopWith(`${(error as Error).message.split('. ')[0]}.\n\n${usage}`)
  }
}

function stopWith(sentence: string): never {
  console.error(sentence)
  process.exit(1)
}

/** `npm run keys -- create NAME | list | revoke KEY_ID`: executor keys, through the running console. */
import { parseArgs } from 'node:util'
import { createExecutorKey, listExecutorKeys, revokeExecutorKey } from '@autopack/contract/executor-keys'
import { scopes as allScopes } from '@autopack/contract/scopes'
import type { Scope } from '@autopack/contract/scopes'
import { ApiProblem } from '@autopack/api-client/errors'
import { withAskedPassword } from './console/ask-password.ts'
import { describeFailure, openConsoleSession } from './console/console-session.ts'
import type { ConsoleSession } from './console/console-session.ts'
import { findDataDir } from './console/data-dir.ts'
import { findConsole } from './console/find-console.ts'
import type { ConsoleAccess } from './console/find-console.ts'

const usage = `npm run keys -- create NAME [--scopes ${allScopes.join(',')}] [--days 90] [--shared]
npm run keys -- list
npm run keys -- revoke KEY_ID

Signs in as AUTOPACK_ADMIN_NAME with AUTOPACK_ADMIN_PASSWORD, else as the demo's admin; --data-dir DIR finds another start.
CONSOLE_ORIGIN names a console that npm start did not start; it needs AUTOPACK_ADMIN_NAME. A password that is not set is asked for.

Where AUTOPACK_STEP_UP=passkey, as in production, a new key takes a signature with a passkey, which no command can give: create is
refused, and the page "Executor keys" of the console makes it. list and revoke work everywhere.`

const { values, positionals } = readCommand()
const [verb, subject] = positionals
const dataDir = findDataDir(values['data-dir'], process.env)
const { origin, credentials } = await findAccess()

try {
  const session = await openConsoleSession(origin, credentials)
  try {
    if (verb === 'create') await create(session, subject!)
    else if (verb === 'list') await list(session)
    else await revoke(session, subject!)
  } finally {
    await session.signOut()
  }
} catch (error) {
  const needs = error instanceof ApiProblem && error.problem.code === 'step_up_required' ? error.problem.needs : undefined
  stopWith(
    needs === 'passkey'
      ? `A new key takes a passkey here, and a command has none. Create it in the console: ${origin}/settings/keys`
      : describeFailure(error, origin),
  )
}

async function findAccess(): Promise<ConsoleAccess> {
  try {
    return (
      findConsole(dataDir, await withAskedPassword(process.env)) ?? stopWith(`Nothing runs with ${dataDir}: start the console with npm start first.`)
    )
  } catch (error) {
    return stopWith((error as Error).message)
  }
}

async function create(session: ConsoleSession, name: string): Promise<void> {
  const body = {
    executor_name: name,
    scopes: values.scopes === undefined ? [...allScopes] : (values.scopes.split(',') as Scope[]),
    expires_in_days: Number(values.days),
    shared_with_everyone: values.shared,
  }
  const { key, secret } = await session.call(createExecutorKey, { body })
  console.log(`${key.key_id} for ${key.executor.name}, until ${key.expires_at.slice(0, 10)}, may ${key.scopes.join(', ')}`)
  console.log('It is shown this once; keep it where only the executor can read it:')
  console.log(secret)
}

async function list(session: ConsoleSession): Promise<void> {
  const { items } = await session.call(listExecutorKeys, {})
  if (items.length === 0) console.log('There are no executor keys.')
  for (const key of items) {
    const state = key.revoked_at === null ? `until ${key.expires_at.slice(0, 10)}` : `revoked ${key.revoked_at.slice(0, 10)}`
    const used = key.last_used_at === null ? 'never used' : `last used ${key.last_used_at.slice(0, 16).replace('T', ' ')}`
    console.log(`${key.key_id}  ${key.executor.name.padEnd(24)} ${state}, ${used}, of ${key.owner.name}: ${key.scopes.join(' ')}`)
  }
}

async function revoke(session: ConsoleSession, keyId: string): Promise<void> {
  const key = await session.call(revokeExecutorKey, { params: { key_id: keyId }, body: {} })
  console.log(`${key.key_id} of ${key.executor.name} is revoked; it is refused from now on.`)
}

function readCommand() {
  try {
    const parsed = parseArgs({
      args: process.argv.slice(2),
      allowPositionals: true,
      options: {
        scopes: { type: 'string' },
        days: { type: 'string', default: '90' },
        shared: { type: 'boolean', default: false },
        'data-dir': { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    const [verb, subject, ...rest] = parsed.positionals
    if (parsed.values.help) {
      console.log(usage)
      process.exit(0)
    }
    const complete = verb === 'list' ? subject === undefined : (verb === 'create' || verb === 'revoke') && subject !== undefined
    if (!complete || rest.length > 0) stopWith(usage)
    const days = Number(parsed.values.days)
    if (!/^\d{1,3}$/.test(parsed.values.days) || days < 1 || days > 365) stopWith('--days is a whole number from 1 to 365.')
    const unknown = parsed.values.scopes?.split(',').find((scope) => !(allScopes as readonly string[]).includes(scope))
    if (unknown !== undefined) stopWith(`There is no scope "${unknown}"; there are ${allScopes.join(', ')}.`)
    if (verb === 'create' && !/^[a-z0-9][a-z0-9-]{0,62}$/.test(subject!))
      stopWith('A name is 1 to 63 of a-z, 0-9 and -, and starts with a letter or digit.')
    if (verb === 'revoke' && !/^key_[0-9a-z]{12}$/.test(subject!))
      stopWith('A key id looks like key_ and 12 letters and digits; npm run keys -- list shows them.')
    return parsed
  } catch (error) {
    return stopWith(`${(error as Error).message.split('. ')[0]}.\n\n${usage}`)
  }
}

function stopWith(sentence: string): never {
  console.error(sentence)
  process.exit(1)
}

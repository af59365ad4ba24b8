import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createDemoOnlySecrets } from '../start/demo-secrets.ts'
import { createCheckpointSecrets } from './checkpoint-secrets.ts'
import { createConsoleSecrets } from './console-secrets.ts'
import { keepSecret } from './keep-secret.ts'

/**
 * Compose mounts a secret with the owner and mode that it has on the host, and the processes run as users of their own: the files are
 * readable by everybody, and the folder by its owner alone.
 */
const fileMode = 0o444
const folderMode = 0o700

/** As `deploy/postgres/roles-and-schemas.sh` makes them. */
const databaseName = 'autopack'
const socketFolder = '/var/run/postgresql'

/**
 * Makes what is missing of a deployment's secrets in `folder`, one file each, and never overwrites one. Answers with the names of the
 * files. Each database URL holds the password that stands in the file beside it. The audit log is named after `consoleOrigin`.
 */
export function createDeploymentSecrets(folder: string, options: { demo: boolean; consoleOrigin: string | null }): string[] {
  mkdirSync(folder, { recursive: true, mode: folderMode })
  chmodSync(folder, folderMode)
  const files = [
    ...Object.values(createConsoleSecrets(folder, fileMode)),
    ...Object.values(createCheckpointSecrets(folder, fileMode, options.consoleOrigin)),
    ...createDatabaseSecrets(folder),
  ]
  if (options.demo) files.push(...Object.values(createDemoOnlySecrets(folder, fileMode)))
  return files
}

function createDatabaseSecrets(folder: string): string[] {
  const superuser = join(folder, 'postgres-password')
  keepSecret(superuser, fileMode, createPassword)
  const roles = (['control-plane', 'migrator', 'bff'] as const).flatMap((name) => {
    const password = join(folder, `${name}-database-password`)
    const url = join(folder, `${name}-database-url`)
    keepSecret(password, fileMode, createPassword)
    keepSecret(url, fileMode, () => buildUrl(`autopack_${name.replace('-', '_')}`, readFileSync(password, 'utf8').trim()))
    return [password, url]
  })
  return [superuser, ...roles]
}

/** Over the socket that the database and the servers share, so that nothing of it is ever on a network. */
function buildUrl(role: string, password: string): string {
  return `postgresql://${role}:${password}@${encodeURIComponent(socketFolder)}/${databaseName}`
}

/** 256 bits in characters that need no escaping in a URL, in SQL or in a shell. */
function createPassword(): string {
  return randomBytes(32).toString('base64url')
}

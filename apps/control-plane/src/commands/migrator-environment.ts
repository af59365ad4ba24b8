import { choiceVariable, readEnvironment, requireSecretFilesVariable, secretVariable } from '@autopack/server-kit/environment'
import type { Environment } from '@autopack/server-kit/environment'
import { isProtectedConnection } from '@autopack/server-kit/production-problems'

/** What the command reads that runs migrations; the URL is its own, so that no server ever has it. */
export const variables = {
  mode: choiceVariable('AUTOPACK_ENV', {
    default: 'development',
    choices: ['development', 'production'],
    description: 'production takes a connection over TLS or a socket only',
  }),
  migratorDatabaseUrl: secretVariable('MIGRATOR_DATABASE_URL', {
    pattern: /^postgres(ql)?:\/\//,
    expected: 'must be a URL that starts with postgresql://',
    description: 'PostgreSQL of the control plane, as the role that may become the owner of its tables',
  }),
  requireSecretFiles: requireSecretFilesVariable,
}

/** The URL, or one line a problem, never with a value. */
export function readMigratorUrl(environment: Environment): { ok: true; url: string; warnings: string[] } | { ok: false; problems: string[] } {
  const reading = readEnvironment(variables, environment)
  if (!reading.ok) return reading
  const { migratorDatabaseUrl: url, mode } = reading.values
  if (url === null) return { ok: false, problems: ['MIGRATOR_DATABASE_URL: is not set; the embedded database migrates when it is opened'] }
  if (mode === 'production' && !isProtectedConnection(url))
    return { ok: false, problems: ['MIGRATOR_DATABASE_URL: must use TLS (sslmode=verify-full) or a unix socket in production'] }
  return { ok: true, url, warnings: reading.warnings }
}

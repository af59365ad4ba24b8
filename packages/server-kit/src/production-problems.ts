/** What both servers refuse in production although it parses (security.md, "Configuration"). */
import type { Environment } from './environment.ts'

/** One line a problem, never with a value. */
export function findProductionProblems(environment: Environment): string[] {
  const problems: string[] = []
  if (environment['AUTO_APPROVE_BUILD113'] === 'true')
    problems.push('AUTO_APPROVE_BUILD113: is true; nothing is approved automatically here, unset it')
  if (environment['AUTOPACK_PUBLIC_READ'] === '1') problems.push('AUTOPACK_PUBLIC_READ: is 1; reading without a credential is not for production')
  if (environment['AUTOPACK_OAUTH_ALLOW_PLAINTEXT_PERSISTENCE'] !== undefined)
    problems.push('AUTOPACK_OAUTH_ALLOW_PLAINTEXT_PERSISTENCE: is set; unset it')
  for (const name of ['NODE_DEBUG', 'NODE_INSPECT_RESUME_ON_START']) if (environment[name]) problems.push(`${name}: is set; it is a debug flag`)
  if (/--inspect/.test(environment['NODE_OPTIONS'] ?? '')) problems.push('NODE_OPTIONS: opens a debugger')
  return problems
}

/**
 * Whether a connection to PostgreSQL goes over a socket of this machine, or over TLS that the driver insists on. A URL
 * without a host is neither: the driver would take PGHOST, or TCP.
 */
export function isProtectedConnection(url: string): boolean {
  try {
    const { hostname, searchParams } = new URL(url)
    const host = searchParams.get('host') ?? decodeURIComponent(hostname)
    return host.startsWith('/') || ['require', 'verify-ca', 'verify-full'].includes(searchParams.get('sslmode') ?? '')
  } catch {
    return false
  }
}

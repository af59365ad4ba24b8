/** What both servers refuse in production although it parses (security.md, "Configuration"). */
import type { Environment } from './environment.ts'

/** One line a problem, never with a value. `nodeOptions`: those that Node itself was started with. */
export function findProductionProblems(environment: Environment, nodeOptions: readonly string[] = process.execArgv): string[] {
  const problems: string[] = []
  if (environment['AUTO_APPROVE_BUILD113'] === 'true')
    problems.push('AUTO_APPROVE_BUILD113: is true; nothing is approved automatically here, unset it')
  if (environment['AUTOPACK_PUBLIC_READ'] === '1') problems.push('AUTOPACK_PUBLIC_READ: is 1; reading without a credential is not for production')
  if (environment['AUTOPACK_OAUTH_ALLOW_PLAINTEXT_PERSISTENCE'] !== undefined)
    problems.push('AUTOPACK_OAUTH_ALLOW_PLAINTEXT_PERSISTENCE: is set; unset it')
  for (const name of ['NODE_DEBUG', 'NODE_INSPECT_RESUME_ON_START']) if (environment[name]) problems.push(`${name}: is set; it is a debug flag`)
  if (/--inspect/.test(environment['NODE_OPTIONS'] ?? '')) problems.push('NODE_OPTIONS: opens a debugger')
  if (nodeOptions.some((option) => option.startsWith('--inspect'))) problems.push('--inspect: opens a debugger; start without it')
  if (environment['NODE_TLS_REJECT_UNAUTHORIZED'] === '0')
    problems.push('NODE_TLS_REJECT_UNAUTHORIZED: is 0; TLS would believe anybody, give the CA as NODE_EXTRA_CA_CERTS')
  return problems
}

/**
 * Whether a connection to PostgreSQL goes over a socket of this machine, or over TLS with a server that the driver verifies:
 * `require` does so too, unless `uselibpqcompat` gives it the meaning it has elsewhere. A URL without a host is neither: the
 * driver would take PGHOST, or TCP. What stands twice is neither: the driver takes the other one.
 */
export function isProtectedConnection(url: string): boolean {
  try {
    const { hostname, searchParams } = new URL(url)
    if (['host', 'sslmode'].some((name) => searchParams.getAll(name).length > 1)) return false
    const host = searchParams.get('host') ?? decodeURIComponent(hostname)
    const verified = searchParams.has('uselibpqcompat') ? ['verify-full'] : ['require', 'verify-ca', 'verify-full']
    return host.startsWith('/') || verified.includes(searchParams.get('sslmode') ?? '')
  } catch {
    return false
  }
}

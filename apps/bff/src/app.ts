/** Puts the BFF together: the guard, the console's own routes, the operator plane through the route table, the pages. */
import { consolePath } from '@autopack/contract/route'
import { consoleRoutes, operatorRoutes, publicRoutes } from '@autopack/contract/routes'
import { apiHeaders, createApp, refuseOtherMethods, wirePath } from '@autopack/server-kit/create-app'
import type { App } from '@autopack/server-kit/create-app'
import type { Log } from '@autopack/server-kit/log'
import { classifyDatabaseError } from '@autopack/server-kit/open-database'
import type { OpenDatabase } from '@autopack/server-kit/open-database'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Deps } from './deps.ts'
import type { Configuration } from './environment.ts'
import { mountEventRelay } from './features/event-relay/event-relay-routes.ts'
import { mountHealth } from './features/health/health-routes.ts'
import { mountInvites } from './features/invites/invite-routes.ts'
import { mountOperatorPlane } from './features/operator-plane/operator-plane-routes.ts'
import { commonHeaders } from './features/pages/page-headers.ts'
import { mountPages } from './features/pages/page-routes.ts'
import { mountPassword } from './features/password/password-routes.ts'
import { mountPlainBrake, showPlainProblems } from './features/plain-brake/plain-brake-routes.ts'
import { mountSessions } from './features/sessions/session-routes.ts'
import { mountSetUp } from './features/set-up/set-up-routes.ts'
import { mountSignIn } from './features/sign-in/sign-in-routes.ts'
import { mountStepUp } from './features/step-up/step-up-routes.ts'
import { cookieNames } from './shared/cookies.ts'
import { createPasswordHasher } from './shared/password-hash.ts'
import type { PasswordHasher } from './shared/password-hash.ts'
import { plainBrakePath } from './shared/plain-brake-path.ts'
import { createRateLimits } from './shared/rate-limits.ts'
import { recordRefusedMutation } from './shared/record-refused-mutation.ts'
import { createRefusals } from './shared/refusals.ts'
import { refusedRequest } from './shared/refused-request.ts'
import { createStreamRegistry } from './shared/stream-registry.ts'
import { createThrottle } from './shared/throttle.ts'
import { createControlPlane } from './upstream/control-plane.ts'
import type { Timing } from './upstream/control-plane.ts'

export async function createDeps(
  configuration: Configuration,
  database: OpenDatabase,
  log: Log,
  options: { now?: () => Date; timing?: Partial<Timing>; passwords?: PasswordHasher } = {},
): Promise<Deps> {
  const now = options.now ?? (() => new Date())
  const { signingKey } = configuration
  return {
    configuration,
    database,
    db: database.db,
    log,
    now,
    signingKey,
    cookies: cookieNames(configuration.origin),
    passwords: options.passwords ?? (await createPasswordHasher()),
    throttle: createThrottle(database.db),
    rateLimits: createRateLimits(database.db),
    refusals: createRefusals(database.db, now),
    streams: createStreamRegistry(),
    controlPlane: createControlPlane({
      origin: configuration.controlPlaneUrl,
      apiKey: configuration.apiKey,
      signingKey,
      now,
      log,
      timing: options.timing,
    }),
  }
}

export function createBffApp(deps: Deps): App {
  const app = createApp({
    log: deps.log,
    namedPaths: ['/api/auth/.well-known/jwks.json'],
    covers: isServerPath,
    headers: { ...apiHeaders, ...commonHeaders(deps.configuration.origin) },
    classifyError: (error) => classifyDatabaseError(error),
  })
  showPlainProblems(app)
  app.use(async (c, next) => {
    const path = wirePath(c)
    const isGuarded = path === '/api' || path.startsWith('/api/') || path === plainBrakePath
    if (!isGuarded) return next()
    const { method } = c.req
    const refused = refusedRequest({ method, path, header: (name) => c.req.header(name) }, deps.configuration.origin)
    if (!refused) await next()
    await recordRefusedMutation(deps, { method, path, cookie: c.req.header('cookie'), requestId: c.get('requestId') }, refused ?? c.error)
    if (refused) throw refused
  })

  mountHealth(app, deps)
  mountSetUp(app, deps)
  mountInvites(app, deps)
  mountSignIn(app, deps)
  mountSessions(app, deps)
  mountPassword(app, deps)
  mountStepUp(app, deps)
  mountEventRelay(app, deps)
  mountOperatorPlane(app, deps)
  mountPlainBrake(app, deps)
  refuseOtherMethods(app, [...consoleRoutes, ...operatorRoutes, ...publicRoutes], consolePath)
  app.use(async (c, next) => {
    if (isServerPath(wirePath(c))) throw new ProblemError('not_found', 'The console has no such route.')
    await next()
  })
  mountPages(app, deps)
  return app
}

/** Paths of the server rather than of the pages, however they are written: these must be written plainly. */
function isServerPath(path: string): boolean {
  let decoded: string
  try {
    decoded = decodeURIComponent(path)
  } catch {
    return true
  }
  return (
    /^[/\\]+(api|health|livez|nginx-health|brake[/\\]+plain)([/\\;]|$)/i.test(decoded) ||
    /[/\\]\.\.?([/\\]|$)/.test(decoded) ||
    /[\\\u0000-\u001f\u007f]/.test(decoded)
  )
}

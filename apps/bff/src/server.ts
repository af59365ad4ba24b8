/** The process of the BFF: reads the environment, opens its store, serves, and stops in order. */
import { join } from 'node:path'
import { apiHeaders, problemOutsideApp } from '@autopack/server-kit/create-app'
import { refuseToStart } from '@autopack/server-kit/environment'
import { createLog } from '@autopack/server-kit/log'
import { ConnectsAsSuperuser, openDatabase } from '@autopack/server-kit/open-database'
import { ProblemError } from '@autopack/server-kit/problem-error'
import { serve, stopOnSignals } from '@autopack/server-kit/serve'
import type { Serving } from '@autopack/server-kit/serve'
import { createBffApp, createDeps } from './app.ts'
import { readConfiguration } from './environment.ts'
import type { Configuration } from './environment.ts'
import { insertDemoOperators } from './features/demo/insert-demo-operators.ts'
import { startEndingStaleStreams } from './features/event-relay/end-stale-streams.ts'
import { commonHeaders } from './features/pages/page-headers.ts'
import { startDelivery } from './features/sign-in-events/deliver-sign-in-events.ts'
import { startEndingChangedSessions } from './features/standings/end-changed-sessions.ts'
import { startUpkeep } from './shared/upkeep.ts'

type Fetch = ReturnType<typeof createBffApp>['fetch']

const reading = await readConfiguration(process.env)
if (!reading.ok) refuseToStart('bff', reading.problems)
const { configuration } = reading
const log = createLog({ name: 'bff', level: configuration.logLevel, secrets: configuration.secrets })
for (const warning of reading.warnings) log.warn(warning)

// The port first: whoever starts a second copy hears it at once, and until everything is there the answer is 503.
const headers = { ...apiHeaders, ...commonHeaders(configuration.origin) }
let answer: Fetch = () =>
  problemOutsideApp(new ProblemError('not_ready', 'The console is starting. Try again in a moment.', { retryAfterSeconds: 2 }), headers)
const serving = await listen((...given) => answer(...given), configuration)

const database = await openDatabase({
  url: configuration.databaseUrl,
  directory: configuration.databaseDirectory,
  migrationsFolder: join(import.meta.dirname, 'db/migrations'),
  schema: 'bff',
  refuseSuperuser: configuration.production,
}).catch((error: unknown) => {
  if (error instanceof ConnectsAsSuperuser) refuseToStart('bff', ['BFF_DATABASE_URL: connects as a superuser; use a role of its own for the BFF'])
  return failToStart(`the database cannot be opened: ${(error as Error).message}`)
})

const deps = await createDeps(configuration, database, log)
const changedPasswords = await insertDemoOperators(database.db, deps.passwords, configuration.demoOperators, new Date()).catch((error: unknown) =>
  refuseToStart('bff', [(error as Error).message]),
)
answer = createBffApp(deps).fetch
const stopUpkeep = startUpkeep(deps)
const stopDelivery = startDelivery(deps)
const stopEnding = startEndingStaleStreams(deps)
const stopWatchingPeople = startEndingChangedSessions(deps)
const port = serving[0]!.port
log.info({ port, origin: configuration.origin, database: database.kind }, 'ready')

stopOnSignals(log, async () => {
  stopEnding()
  await stopWatchingPeople()
  deps.streams.endAll('shutdown')
  await Promise.all(serving.map((each) => each.stop()))
  await stopUpkeep()
  await stopDelivery()
  await deps.controlPlane.close()
  await database.close()
})
// Only now: whoever waits for this may stop the process at once.
process.send?.({ type: 'ready', port, changed_passwords: changedPasswords })

/** On both loopback addresses, so that `localhost` works whatever it resolves to; a machine without IPv6 has one. */
async function listen(fetch: Fetch, { host, port: wanted }: Configuration): Promise<Serving[]> {
  try {
    const first = await serve({ fetch, host: host ?? '127.0.0.1', port: wanted, headers, log })
    if (host !== null) return [first]
    try {
      return [first, await serve({ fetch, host: '::1', port: first.port, headers, log })]
    } catch (error) {
      if (!['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
      return [first]
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'EADDRINUSE') failToStart(`port ${wanted} is in use by another program; stop it, or set CONSOLE_PORT`)
    if (code === 'EACCES') failToStart(`port ${wanted} needs more rights than this process has; set CONSOLE_PORT`)
    throw error
  }
}

function failToStart(why: string): never {
  process.stderr.write(`bff: ${why}\n`)
  process.exit(1)
}

/** The control plane as a process. */
import { setTimeout as delay } from 'node:timers/promises'
import { catalogFiles } from '@autopack/action-catalog/catalog'
import { governanceFile } from '@autopack/action-catalog/governance-policy'
import { readCatalog } from '@autopack/action-catalog/read-catalog'
import { readGovernancePolicy } from '@autopack/action-catalog/read-governance-policy'
import { formatMoney } from '@autopack/approval-proof/format-money'
import { killSwitches } from '@autopack/contract/control'
import { sweepIntervalMs } from '@autopack/contract/limits'
import { refuseToStart } from '@autopack/server-kit/environment'
import { createLog } from '@autopack/server-kit/log'
import type { Log } from '@autopack/server-kit/log'
import { DirectoryLocked } from '@autopack/server-kit/directory-lock'
import { ConnectsAsSuperuser, MigrationsPending, openDatabase } from '@autopack/server-kit/open-database'
import type { OpenDatabase } from '@autopack/server-kit/open-database'
import { ProblemError } from '@autopack/server-kit/problem-error'
import { serve, stopOnSignals } from '@autopack/server-kit/serve'
import type { Serving } from '@autopack/server-kit/serve'
import { createControlPlaneApp } from './app.ts'
import { createRefusalTally } from './audit/refusal-tally.ts'
import { isOutOfReach, takeOverCheckpoints } from './audit/take-over-checkpoints.ts'
import { databaseClock } from './db/database-rows.ts'
import { findEvidenceProblems } from './db/find-evidence-problems.ts'
import { databaseSchema, migrationsFolder } from './db/migrations-folder.ts'
import { sweepRows } from './db/sweep-rows.ts'
import { listEnabledApprovers } from './ledger/approver-rows.ts'
import type { Deps } from './deps.ts'
import { readSettings } from './environment.ts'
import type { Settings } from './environment.ts'
import { openEventFeed } from './events/event-feed.ts'
import { sweepRequests } from './features/approvals/sweep-requests.ts'
import { auditLateBrakes } from './features/control/audit-late-brakes.ts'
import { createDiskArtifactStore } from './features/artifacts/disk-artifact-store.ts'
import { seedDemo } from './features/demo/seed-demo.ts'
import { sweepActions } from './features/external-actions/sweep-actions.ts'
import { issueSetUpLink } from './features/set-up/issue-set-up-link.ts'
import type { DemoSeed } from './shared/demo-seed.ts'
import { createRateLimits } from './shared/rate-limits.ts'

const name = 'control-plane'
const rowSweepIntervalMs = 60_000
/** Longer than the look at a log that nobody holds. */
const startPatienceMs = 2_000

const reading = readSettings(process.env)
if (!reading.ok) refuseToStart(name, reading.problems)
for (const policyReading of [readCatalog(catalogFiles, killSwitches), readGovernancePolicy(governanceFile.file, governanceFile.value)]) {
  if (policyReading.ok) continue
  refuseToStart(
    name,
    policyReading.problems.map(({ file, path, reason }) => `${file} ${path}: ${reason}`),
  )
}
const settings: Settings = reading.settings
const log = createLog({ name, level: settings.logLevel, secrets: reading.secrets })
for (const warning of reading.warnings) log.warn(warning)

const database = await openOrExit(settings)
const saysIndependent = settings.checkpoints.independent
await weighIndependence()
if (settings.checkpoints.keys.length === 0) log.warn('no checkpoint of the audit log is believed: set AUTOPACK_CHECKPOINT_KEYS')
let isFolderKnown = lookAtCheckpoints()
// Who holds the log holds back no start: without one there is no brake. The look goes on meanwhile, and stands first in line for the log.
await Promise.race([isFolderKnown, delay(startPatienceMs, undefined, { ref: false })])
if (settings.demo) await seedDemoIfWritten(settings.demo)
if (settings.soleOperator) await allowSoleOperator()

const deps: Deps = {
  database,
  db: database.db,
  log,
  settings,
  artifactStore: createDiskArtifactStore(settings.artifactDir),
  feed: await openEventFeed(database, log),
  rateLimits: createRateLimits(),
  refusals: createRefusalTally(database.db, log),
  now: databaseClock,
}
const stopActionSweep = repeat(log, 'actions', sweepIntervalMs, () => sweepActions(deps))
const stopRequestSweep = repeat(log, 'requests', sweepIntervalMs, () => sweepRequests(deps))
const stopBrakeSweep = repeat(log, 'brakes for the audit log', sweepIntervalMs, () => auditLateBrakes(deps))
const stopCheckpointSweep = repeat(log, 'the folder of checkpoints', sweepIntervalMs, async () => {
  await weighIndependence()
  if (!(await isFolderKnown)) isFolderKnown = lookAtCheckpoints()
  await isFolderKnown
})
const stopRowSweep = repeat(log, 'rows', rowSweepIntervalMs, () => sweepRows(deps.db))
const serving = await listenOrExit(deps)
sayWhatMayHappen(settings, log)
log.info({ port: serving.port, host: settings.host, database: database.kind }, 'serving')
await sayHowToSetUp(deps)

stopOnSignals(log, async () => {
  await Promise.all([stopActionSweep(), stopRequestSweep(), stopBrakeSweep(), stopCheckpointSweep(), stopRowSweep()])
  // Streams first: a server that waits for them to end by themselves would wait for a quarter of an hour.
  await deps.feed.close()
  await serving.stop()
  await deps.refusals.close()
  await database.close()
})
// Only now: whoever waits for this may stop the process at once.
process.send?.({ type: 'ready', port: serving.port })

async function openOrExit({ databaseUrl, databaseDir, production }: Settings): Promise<OpenDatabase> {
  try {
    const opened = await openDatabase({
      url: databaseUrl,
      directory: databaseDir,
      migrationsFolder,
      schema: databaseSchema,
      refuseSuperuser: production,
      runsMigrations: !production,
    })
    if (opened.kind === 'postgresql') await checkEvidence(opened, production)
    if (opened.kind === 'embedded')
      log.warn(`embedded database in ${databaseDir}: it does not wait for the disk (fsync is off); use PostgreSQL for what must not be lost`)
    return opened
  } catch (error) {
    if (error instanceof ConnectsAsSuperuser)
      refuseToStart(name, ['DATABASE_URL: connects as a superuser; use a role of its own for the control plane'])
    if (error instanceof MigrationsPending)
      refuseToStart(name, [`DATABASE_URL: migrations are pending (${error.message}); run apps/control-plane/src/commands/migrate.ts first`])
    return exitWith(error instanceof DirectoryLocked ? error.message : `the database cannot be opened: ${describe(error)}`)
  }
}

/** Production starts only as a role that cannot rewrite what it wrote (safety.md, I-21). Elsewhere triggers alone may have to do. */
async function checkEvidence(opened: OpenDatabase, production: boolean): Promise<void> {
  const { dangers, missing, unwritable, surplus } = await findEvidenceProblems(opened.db)
  // No reason to end: without a process there is no brake (I-19), and every write answers for itself.
  for (const line of unwritable) log.error(`the audit log cannot be written: ${line}; run apps/control-plane/src/commands/migrate.ts`)
  if (!production) {
    if (dangers.length > 0) log.warn('the role of DATABASE_URL could rewrite evidence: triggers alone keep it (docs/deployment.md, Database)')
    return
  }
  if (dangers.length + missing.length > 0) {
    await opened.close()
    refuseToStart(name, [
      ...dangers.map((line) => `DATABASE_URL: the role could rewrite evidence: ${line}`),
      ...missing.map((line) => `DATABASE_URL: ${line}; run apps/control-plane/src/commands/migrate.ts`),
    ])
  }
  for (const line of surplus) log.warn(`the role of DATABASE_URL has rights that this version does not know: ${line}`)
}

/**
 * Before anything is written: whether this database is older than what was signed of it (docs/evidence.md). Then reads go on, and the brake works.
 * So they do while the log cannot be asked: false, and it is asked again. Never rejects.
 */
async function lookAtCheckpoints(): Promise<boolean> {
  try {
    const stopped = await takeOverCheckpoints(database.db, settings.checkpoints, log)
    if (stopped)
      log.error(
        { stopped },
        'the audit log does not hold against a signed checkpoint: nothing is written (docs/deployment.md, "A restored database")',
      )
    return true
  } catch (error) {
    log.error({ error }, 'the audit log cannot be held against the newest checkpoint of the folder yet')
    return false
  }
}

/** The deployment says that the folder is out of our reach; what this process can write, or what is not there, is not. */
async function weighIndependence(): Promise<void> {
  const { checkpoints } = settings
  const before = checkpoints.independent
  checkpoints.independent = saysIndependent && (await isOutOfReach(checkpoints.directory))
  if (before && !checkpoints.independent)
    log.warn(
      `AUTOPACK_CHECKPOINT_INDEPENDENT=1, but ${checkpoints.directory} is not there, or this process can write into it: the pages say that it is not independent`,
    )
}

async function seedDemoIfWritten(seed: DemoSeed): Promise<void> {
  try {
    await seedDemo(database.db, seed)
  } catch (error) {
    if (!(error instanceof ProblemError) || error.code !== 'audit_unavailable') throw error
    log.warn({ error }, 'the demo’s people and executors were not inserted')
  }
}

async function allowSoleOperator(): Promise<void> {
  const approvers = await listEnabledApprovers(database.db)
  if (approvers.length > 1) {
    await database.close()
    refuseToStart(name, [`AUTOPACK_SOLE_OPERATOR: ${approvers.length} people here may approve; whoever asked for something is not one of them`])
  }
  log.warn('AUTOPACK_SOLE_OPERATOR=1: the only approver may approve what they asked for themselves; each such approval is marked in the audit log')
}

async function listenOrExit(deps: Deps): Promise<Serving> {
  const { host, port } = settings
  try {
    return await serve({ fetch: createControlPlaneApp(deps).fetch, host, port, log: deps.log })
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    await database.close()
    if (code === 'EADDRINUSE') return exitWith(`port ${port} on ${host} is in use; stop what uses it, or choose another with CONTROL_PLANE_PORT`)
    return exitWith(`cannot listen on ${host}:${port}: ${describe(error)}`)
  }
}

/** To the terminal of whoever starts this, past the log, whatever its level: the one line that makes the first admin. */
async function sayHowToSetUp(deps: Deps): Promise<void> {
  if (settings.instanceKey === null || settings.assertionJwks === null) {
    log.warn('no console can be served, so nobody can sign in: set AUTOPACK_API_KEY and AUTOPACK_OPERATOR_ASSERTION_JWKS')
    return
  }
  const line = await issueSetUpLink(deps)
  if (line !== null) process.stdout.write(`${line}\n`)
}

/** One line, so that nobody has to guess whether this process can touch the outside world. */
function sayWhatMayHappen({ ceiling }: Settings, log: Log): void {
  const on = Object.entries(ceiling.killSwitches).flatMap(([name, enabled]) => (enabled ? [name] : []))
  const line = [
    `external actions ${ceiling.externalActionsEnabled ? 'ENABLED' : 'off'}`,
    `dry run ${ceiling.dryRun ? 'on' : 'OFF'}`,
    `kill switches ${on.length > 0 ? `ON: ${on.join(', ')}` : 'all off'}`,
    `at most ${[`${ceiling.maxActionsPerDay} actions`, ...Object.entries(ceiling.maxDailySpendMinor).map(([currency, minor]) => formatMoney(minor, currency))].join(', ')} a day`,
  ].join('; ')
  if (ceiling.externalActionsEnabled && !ceiling.dryRun) log.warn(line)
  else log.info(line)
}

/** Runs `act` again and again, never twice at once. Returns the function that stops it and waits for the last run. */
function repeat(log: Log, what: string, intervalMs: number, act: () => Promise<unknown>): () => Promise<void> {
  let running: Promise<void> = Promise.resolve()
  let busy = false
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    running = act()
      .then(
        () => undefined,
        (error: unknown) => log.error({ error }, `sweeping ${what} failed`),
      )
      .finally(() => {
        busy = false
      })
  }, intervalMs)
  return async () => {
    clearInterval(timer)
    await running
  }
}

function exitWith(line: string): never {
  process.stderr.write(`${name}: ${line}\n`)
  process.exit(1)
}

function describe(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const { code, message } = cause as NodeJS.ErrnoException
  return (code ?? message ?? 'unknown').split('\n')[0]!.slice(0, 200)
}

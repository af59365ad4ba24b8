/** The real control plane on a real database, with three operators and one executor, for tests. */
import { randomUUID } from 'node:crypto'
import type { RateClass } from '@autopack/contract/route'
import type { Role } from '@autopack/contract/roles'
import type { Scope } from '@autopack/contract/scopes'
import { scopes as allScopes } from '@autopack/contract/scopes'
import type { App } from '@autopack/server-kit/create-app'
import { createExecutorKey, readExecutorKey } from '@autopack/server-kit/executor-key'
import { createLog } from '@autopack/server-kit/log'
import type { Database, Patience } from '@autopack/server-kit/open-database'
import type { SQL } from 'drizzle-orm'
import { sql } from 'drizzle-orm'
import { createControlPlaneApp } from '../app.ts'
import { createRefusalTally } from '../audit/refusal-tally.ts'
import { executorKeyTable, executorTable, operatorTable } from '../db/people-tables.ts'
import type { Deps } from '../deps.ts'
import type { ControlCeiling, Settings } from '../environment.ts'
import { readSettings } from '../environment.ts'
import { openEventFeed } from '../events/event-feed.ts'
import { createRateLimits } from '../shared/rate-limits.ts'
import { checkAuditEvents } from './check-audit-events.ts'
import { openTestArtifactStore } from './open-test-artifact-store.ts'
import { openTestDatabase } from './open-test-database.ts'
import { signAssertion, testJwks, toAssertionClaims } from './sign-assertion.ts'

export const testInstanceKey = 'test-instance-key-0123456789abcdef'

export type TestOptions = {
  /** What the environment allows; default: nothing, dry run on, no caps. */
  ceiling?: Partial<ControlCeiling>
  settings?: Partial<Settings>
  /** The database clock; `shiftedClock` moves it. */
  now?: SQL
  /** Default: none, so that a test may send as much as it needs. */
  rateLimits?: Readonly<Partial<Record<RateClass, number>>>
  /** Of statements on PostgreSQL; default: as it is deployed. */
  patience?: Patience
  /** Lines of the log; default: nowhere. */
  onLogLine?: (line: string) => void
}

export type SentBody = object | Uint8Array<ArrayBuffer> | string | undefined
export type Caller = {
  get: (target: string, headers?: Record<string, string>) => Promise<Response>
  post: (target: string, body?: SentBody, headers?: Record<string, string>) => Promise<Response>
  put: (target: string, body?: SentBody, headers?: Record<string, string>) => Promise<Response>
}

export type TestExecutor = { executorId: string; name: string; keyId: string; key: string }
export type TestDeps = Deps & {
  app: App
  /** Of the application on PostgreSQL; null on the embedded database. */
  databaseUrl: string | null
  /** For what a test does to the database that the application may not; on the embedded database, `db` again. */
  ownerDb: Database
  ownerUrl: string | null
  operatorIds: Readonly<Record<Role, string>>
  /** `demo-agent`, shared with everyone, owned by admin, with all scopes. */
  executor: TestExecutor
  /** By role, or by the id of any operator; through the real app with a real assertion. */
  asOperator: (who: Role | string, options?: { authAgeSeconds: number }) => Caller
  /** With the key of `demo-agent` unless another is given. */
  asExecutor: (key?: string) => Caller
  addOperator: (operator: { name: string; role: Role; enabled?: boolean }) => Promise<string>
  addExecutor: (executor: { name: string; ownerOperatorId?: string; sharedWithEveryone?: boolean; scopes?: Scope[] }) => Promise<TestExecutor>
  close: () => Promise<void>
}

/** A database clock that runs ahead by `seconds()`; change what it returns to move time. */
export function shiftedClock(seconds: () => number): SQL {
  // Built anew with every query, so that the clock moves between two queries of one test.
  const shift = { getSQL: () => sql`${seconds()}::float8` }
  return sql`(clock_timestamp() + make_interval(secs => ${shift}))`
}

export async function openTestDeps(options: TestOptions = {}): Promise<TestDeps> {
  const database = await openTestDatabase(options.patience)
  const log = createLog({
    name: 'control-plane',
    level: options.onLogLine ? 'debug' : 'silent',
    secrets: [],
    destination: { write: options.onLogLine ?? (() => undefined) },
  })
  const store = await openTestArtifactStore()
  const deps: Deps = {
    database,
    db: database.db,
    log,
    settings: { ...toTestSettings(options), artifactDir: store.directory },
    artifactStore: store.artifactStore,
    feed: await openEventFeed(database, log),
    rateLimits: createRateLimits(options.rateLimits ?? {}),
    refusals: createRefusalTally(database.db, log),
    now: options.now ?? sql`clock_timestamp()`,
  }

  const addOperator: TestDeps['addOperator'] = async ({ name, role, enabled = true }) => {
    const operatorId = `op_${randomUUID()}`
    await deps.db
      .insert(operatorTable)
      .values({ operator_id: operatorId, name, role, enabled, may_enrol_until: sql`clock_timestamp() + interval '10 years'` })
    return operatorId
  }
  const operatorIds = {
    admin: await addOperator({ name: 'admin', role: 'admin' }),
    approver: await addOperator({ name: 'approver', role: 'approver' }),
    viewer: await addOperator({ name: 'viewer', role: 'viewer' }),
  }
  const addExecutor: TestDeps['addExecutor'] = async ({ name, ownerOperatorId, sharedWithEveryone = false, scopes = [...allScopes] }) => {
    const executorId = `exr_${randomUUID()}`
    const { keyId, text } = createExecutorKey()
    await deps.db
      .insert(executorTable)
      .values({ executor_id: executorId, name, owner_operator_id: ownerOperatorId ?? operatorIds.admin, shared_with_everyone: sharedWithEveryone })
    await deps.db.insert(executorKeyTable).values({
      key_id: keyId,
      executor_id: executorId,
      sha256: readExecutorKey(text)!.sha256,
      scopes,
      expires_at: sql`clock_timestamp() + interval '90 days'`,
    })
    return { executorId, name, keyId, key: text }
  }
  const executor = await addExecutor({ name: 'demo-agent', sharedWithEveryone: true })
  const app = createControlPlaneApp(deps)

  return {
    ...deps,
    app,
    databaseUrl: database.url,
    ownerDb: database.ownerDb,
    ownerUrl: database.ownerUrl,
    operatorIds,
    executor,
    addOperator,
    addExecutor,
    asExecutor: (key = executor.key) => toCaller(app, async () => ({ 'x-api-key': key })),
    asOperator: (who, { authAgeSeconds } = { authAgeSeconds: 10 }) => {
      const sub = (operatorIds as Record<string, string>)[who] ?? who
      return toCaller(app, async (method, target, body) => ({
        'x-api-key': testInstanceKey,
        'x-operator-assertion': await signAssertion(toAssertionClaims({ sub, method, target, body, authAgeSeconds })),
      }))
    },
    close: async () => {
      await deps.feed.close()
      await deps.refusals.close()
      try {
        await checkAuditEvents(database.ownerDb)
      } finally {
        await store.close()
        await database.close()
      }
    },
  }
}

function toTestSettings(options: TestOptions): Settings {
  const reading = readSettings({})
  if (!reading.ok) throw new Error(reading.problems.join('; '))
  const { settings } = reading
  return {
    ...settings,
    instanceKey: testInstanceKey,
    assertionJwks: testJwks,
    ...options.settings,
    ceiling: { ...settings.ceiling, ...options.ceiling },
  }
}

type Credentials = (method: string, target: string, body: Uint8Array) => Promise<Record<string, string>>

function toCaller(app: App, credentials: Credentials): Caller {
  const send = async (method: string, target: string, body: SentBody, headers: Record<string, string>) => {
    const bytes = toBytes(body)
    return app.request(`http://control-plane.test${target}`, {
      method,
      headers: {
        ...(await credentials(method, target, bytes)),
        ...(body === undefined ? {} : { 'content-type': body instanceof Uint8Array ? 'application/octet-stream' : 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: bytes }),
    })
  }
  return {
    get: (target, headers = {}) => send('GET', target, undefined, headers),
    post: (target, body, headers = {}) => send('POST', target, body, headers),
    put: (target, body, headers = {}) => send('PUT', target, body, headers),
  }
}

function toBytes(body: SentBody): Uint8Array<ArrayBuffer> {
  if (body === undefined) return new Uint8Array()
  if (body instanceof Uint8Array) return body
  return new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body))
}

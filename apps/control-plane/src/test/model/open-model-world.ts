/** The real ledger that histories are taken in: a database of its own, every statement behind a gate, and a clock that stands still. */
import { randomUUID } from 'node:crypto'
import type { Database } from '@autopack/server-kit/open-database'
import { sql } from 'drizzle-orm'
import { drizzle as drizzlePostgres } from 'drizzle-orm/node-postgres'
import { drizzle as drizzleEmbedded } from 'drizzle-orm/pglite'
import type { PGlite } from '@electric-sql/pglite'
import type { Deps } from '../../deps.ts'
import type { ExecutorPrincipal, OperatorPrincipal } from '../../shared/principal.ts'
import { everythingOn } from '../ledger-story.ts'
import { openTestDeps } from '../open-test-deps.ts'
import { enrol, makeAuthenticator } from '../passkey-story.ts'
import type { SoftwareAuthenticator } from '../software-authenticator.ts'
import { buildStartBody } from '../start-body.ts'
import { openGatedPool } from './gated-pool.ts'
import { ceilingCaps } from './ledger-model.ts'
import { people } from './steps.ts'
import type { Who } from './steps.ts'
import { createStatementGate } from './statement-gate.ts'
import type { StatementGate } from './statement-gate.ts'

export type World = {
  deps: Deps
  gate: StatementGate
  /** Whether a process that dies breaks its connection; else its statement fails. The embedded database has no connection to break. */
  breakConnections: (breaks: boolean) => void
  /** A moment that no history was at yet. */
  nextMoment: (first: number, apart: number) => number
  embedded: boolean
  setNow: (seconds: number) => void
  people: Record<Who, OperatorPrincipal>
  /** They do not count: a history that is rolled back would leave the ledger behind them. */
  passkeys: Record<Who, SoftwareAuthenticator>
  /** New ones, each with a run that `second` asked for. */
  addExecutors: () => Promise<WorldExecutor[]>
  close: () => Promise<void>
}
export type WorldExecutor = { principal: ExecutorPrincipal; runId: string }

export async function openModelWorld(): Promise<World> {
  let now = 0
  let moments = 0
  const gate = createStatementGate()
  const clock = { getSQL: () => sql`to_timestamp(${now}::float8)` }
  const opened = await openTestDeps({
    now: clock.getSQL(),
    ceiling: {
      ...everythingOn,
      killSwitches: { ...everythingOn.killSwitches, ETSY_PUBLISH: true },
      maxActionsPerDay: ceilingCaps[''],
      maxDailySpendMinor: { USD: ceilingCaps.USD },
    },
  })
  const pool = opened.databaseUrl === null ? null : openGatedPool(opened.databaseUrl, gate)
  const db: Database =
    pool === null
      ? (drizzleEmbedded({
          client: gateTransactions((opened.db as unknown as { $client: PGlite }).$client, gate),
          logger: { logQuery: (text) => gate.beforeStatement(text) },
        }) as unknown as Database)
      : (drizzlePostgres({ client: pool.pool }) as unknown as Database)
  const deps: Deps = { ...opened, db, database: { ...opened.database, db, reservedDb: db }, now: sql`${clock}` }
  const operatorIds: Record<Who, string> = {
    approver: opened.operatorIds.approver,
    second: await opened.addOperator({ name: 'second', role: 'approver' }),
    admin: opened.operatorIds.admin,
    viewer: opened.operatorIds.viewer,
  }
  const roles = { approver: 'approver', second: 'approver', admin: 'admin', viewer: 'viewer' } as const
  const principals = Object.fromEntries(
    people.map((who): [Who, OperatorPrincipal] => [
      who,
      {
        kind: 'operator',
        operatorId: operatorIds[who],
        name: who,
        role: roles[who],
        sidHash: 'a'.repeat(64),
        keyId: 'model',
        amr: ['pwd'],
        authAgeSeconds: 0,
      },
    ]),
  ) as Record<Who, OperatorPrincipal>

  const passkeys = Object.fromEntries(
    await Promise.all(
      people.map(
        async (who) => [who, await enrol(opened, operatorIds[who], { authenticator: makeAuthenticator(opened, { counts: false }) })] as const,
      ),
    ),
  ) as Record<Who, SoftwareAuthenticator>

  const addExecutor = async (): Promise<WorldExecutor> => {
    const made = await opened.addExecutor({ name: `x-${randomUUID()}`, sharedWithEveryone: true })
    const runId = `run-${randomUUID()}`
    const started = await opened.asExecutor(made.key).post('/runs/start', buildStartBody(runId, { run: { started_by: operatorIds.second } }))
    if (started.status !== 201) throw new Error(`the run was not started: ${await started.text()}`)
    return {
      runId,
      principal: {
        kind: 'executor',
        keyId: made.keyId,
        executorId: made.executorId,
        name: made.name,
        ownerOperatorId: operatorIds.admin,
        ownerEnabled: true,
        sharedWithEveryone: true,
        scopes: [],
      },
    }
  }
  return {
    deps,
    gate,
    embedded: pool === null,
    breakConnections: (breaks) => pool?.breakConnections(breaks),
    nextMoment: (first, apart) => {
      moments += 1
      return first + moments * apart
    },
    setNow: (seconds) => {
      now = seconds
    },
    people: principals,
    passkeys,
    addExecutors: async () => [await addExecutor(), await addExecutor()],
    close: async () => {
      // Not waited for: a client whose connection was broken off never says that it has ended. The database is dropped by force.
      pool?.pool.end().catch(() => undefined)
      await opened.close()
    },
  }
}

/** The embedded database begins and commits where no logger sees it. */
function gateTransactions(client: PGlite, gate: StatementGate): PGlite {
  const transaction: PGlite['transaction'] = (act) =>
    client.transaction(async (tx) => {
      gate.beforeStatement('begin')
      const result = await act(tx)
      gate.beforeStatement('commit')
      return result
    })
  return new Proxy(client, {
    get: (target, name) => {
      if (name === 'transaction') return transaction
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
}

import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { ClientConfig } from 'pg'
import { databaseRoles } from '../../../apps/control-plane/src/db/database-roles.ts'
import { createMigratedDatabase } from '../../../apps/control-plane/src/test/create-migrated-database.ts'
import { demoSwitches } from '../../start/child-environments.ts'
import { createDemoSecrets, readDemoFile } from '../../start/demo-secrets.ts'
import { openPerson } from './deciding-person.ts'
import type { DecidingPerson } from './deciding-person.ts'
import { openDurablePostgres } from './durable-postgres.ts'
import type { DurablePostgres } from './durable-postgres.ts'
import { openExecutor } from './killable-executor.ts'
import type { KillableExecutor } from './killable-executor.ts'
import { openServer } from './killable-server.ts'
import type { KillableServer } from './killable-server.ts'
import { openTcpGate } from './tcp-gate.ts'
import type { TcpGate } from './tcp-gate.ts'

/** A POST whose body the shop received, as its own journal on the disk has it. */
export type ShopEffect = { received_at: string; execution_id: string; sha256: string; status: number; listing_id: string | null }

/** Real processes on a folder of their own: database, control plane, shop, executor, and gates on the wires between them. */
export type CrashWorld = {
  /** Null: the control plane has its embedded database. */
  postgres: DurablePostgres | null
  /** As the owner of the database. */
  owner: ClientConfig
  controlPlane: KillableServer & { restart: () => Promise<void> }
  shop: KillableServer
  executor: KillableExecutor
  approver: DecidingPerson
  admin: DecidingPerson
  gates: { controlPlane: TcpGate; database: TcpGate; shop: TcpGate }
  /** Of the embedded database. */
  databaseDirectory: string
  readEffects: () => ShopEffect[]
  /** Ends every process. The folder stays for whoever wants to look when something went wrong. */
  close: (options: { keepsFolder: boolean }) => Promise<void>
}

const root = resolve(import.meta.dirname, '../../..')

export async function openCrashWorld(database: 'postgresql' | 'embedded'): Promise<CrashWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'autopack-crashes-'))
  // The database runs as somebody else, who has to get through.
  chmodSync(folder, 0o755)
  const logs = join(folder, 'logs')
  mkdirSync(logs)
  const secrets = createDemoSecrets(folder)
  const postgres = database === 'embedded' ? null : openDurablePostgres(join(folder, 'postgres'))
  const gates = {
    controlPlane: await openTcpGate({ patienceMs: 20_000, keepsServer: true }),
    database: await openTcpGate({ patienceMs: 0, keepsServer: false }),
    shop: await openTcpGate({ patienceMs: 0, keepsServer: true }),
  }
  const environment = { PATH: process.env['PATH'], HOME: process.env['HOME'], AUTOPACK_DATA_DIR: folder }
  // As it is deployed: what the server runs as owns nothing.
  const made = postgres === null ? null : await makeDatabase(postgres)
  if (postgres !== null) gates.database.leadTo({ path: postgres.socketFile })
  const server = openServer({
    entry: join(root, 'apps/control-plane/src/server.ts'),
    log: join(logs, 'control-plane.log'),
    environment: {
      ...environment,
      ...demoSwitches,
      ...(made === null ? {} : { DATABASE_URL: `postgresql://${databaseRoles.application}@127.0.0.1:${gates.database.port}/${made.name}` }),
      AUTOPACK_MAX_ACTIONS_PER_DAY: '1000',
      AUTOPACK_MAX_DAILY_SPEND_USD: '1000.00',
      CONTROL_PLANE_PORT: '0',
      AUTOPACK_API_KEY_FILE: secrets.instanceKey,
      AUTOPACK_OPERATOR_ASSERTION_JWKS_FILE: secrets.assertionJwks,
      AUTOPACK_DEMO_FILE: secrets.demo,
    },
  })
  const controlPlane = {
    ...server,
    async restart() {
      await server.start()
      gates.controlPlane.leadTo({ port: server.port(), host: '127.0.0.1' })
    },
  }
  const shop = openServer({
    entry: join(root, 'apps/demo-shop/src/server.ts'),
    log: join(logs, 'demo-shop.log'),
    environment: { ...environment, DEMO_SHOP_PORT: '0', DEMO_SHOP_TOKEN_FILE: secrets.shopToken },
  })
  const owner: ClientConfig = { host: postgres?.socketDirectory, user: postgres?.superuser, database: made?.name }
  await Promise.all([controlPlane.restart(), shop.start()])
  gates.shop.leadTo({ port: shop.port(), host: '127.0.0.1' })
  const executor = await openExecutor({
    PATH: process.env['PATH'],
    AUTOPACK_URL: `http://127.0.0.1:${gates.controlPlane.port}`,
    AUTOPACK_EXECUTOR_KEY: readFileSync(secrets.agentKey, 'utf8').trim(),
    DEMO_SHOP_URL: `http://127.0.0.1:${gates.shop.port}`,
    DEMO_SHOP_TOKEN: readFileSync(secrets.shopToken, 'utf8').trim(),
  })
  const { operators } = readDemoFile(secrets.demo)
  const toPerson = (role: 'approver' | 'admin') =>
    openPerson({
      origin: `http://127.0.0.1:${gates.controlPlane.port}`,
      operatorId: operators.find((operator) => operator.role === role)!.operator_id,
      secrets,
    })
  return {
    postgres,
    owner,
    controlPlane,
    shop,
    executor,
    approver: toPerson('approver'),
    admin: toPerson('admin'),
    gates,
    databaseDirectory: join(folder, 'control-plane'),
    readEffects: () => readJournal(join(folder, 'demo-shop', 'requests.jsonl')),
    async close({ keepsFolder }) {
      // Whatever state they are in, all have to go.
      await Promise.allSettled([executor.stop(), controlPlane.kill(), shop.kill(), ...Object.values(gates).map((gate) => gate.close())])
      await postgres?.kill()
      if (!keepsFolder) rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function makeDatabase(postgres: DurablePostgres): Promise<{ name: string }> {
  await postgres.start()
  const { ownerUrl } = await createMigratedDatabase(`postgresql://${postgres.superuser}@${encodeURIComponent(postgres.socketDirectory)}/postgres`)
  return { name: new URL(ownerUrl).pathname.slice(1) }
}

function readJournal(path: string): ShopEffect[] {
  if (!existsSync(path)) return []
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  return lines.map((line) => JSON.parse(line) as ShopEffect)
}

/** docker-compose.prod.example.yml, started as it stands but for ports and folders; and refused with each single thing that is not right. */
import { chmodSync, chownSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { buildImageTree } from './build-image-tree.ts'
import type { ImageTree } from './build-image-tree.ts'
import { openDeployment, superuserPassword } from './open-deployment.ts'
import type { Deployment } from './open-deployment.ts'
import { productionAnswers } from './production-answers.ts'
import { runRolesAndSchemas } from './run-roles-and-schemas.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })

const root = join(import.meta.dirname, '../../..')
let image: ImageTree
let deployment: Deployment
beforeAll(async () => {
  image = buildImageTree(root)
  deployment = await openDeployment(root, 'docker-compose.prod.example.yml', image, { demo: false, answers: productionAnswers })
})
afterAll(async () => {
  await deployment?.close()
  image?.remove()
})

type Broken = { service: 'control-plane' | 'bff'; name: string; value: string | undefined; why: string; with?: string }

/** What the environment says instead; undefined: nothing. `with` is what makes no sense without it, and goes too. */
const broken: readonly Broken[] = [
  { service: 'control-plane', name: 'DATABASE_URL_FILE', value: undefined, why: 'DATABASE_URL: is not set' },
  { service: 'control-plane', name: 'DATABASE_URL', value: 'postgresql:///autopack?host=/run/postgresql', why: 'DATABASE_URL: must come from' },
  { service: 'control-plane', name: 'AUTOPACK_API_KEY', value: 'k'.repeat(40), why: 'AUTOPACK_API_KEY: must come from' },
  { service: 'control-plane', name: 'AUTOPACK_API_KEY_FILE', value: undefined, why: 'AUTOPACK_API_KEY: is not set' },
  { service: 'control-plane', name: 'AUTOPACK_OPERATOR_ASSERTION_JWKS_FILE', value: undefined, why: 'AUTOPACK_OPERATOR_ASSERTION_JWKS: is not set' },
  { service: 'control-plane', name: 'AUTOPACK_MAX_DAILY_SPEND_USD', value: undefined, why: 'AUTOPACK_MAX_DAILY_SPEND_USD: is not set' },
  { service: 'control-plane', name: 'AUTOPACK_MAX_ACTIONS_PER_DAY', value: undefined, why: 'AUTOPACK_MAX_ACTIONS_PER_DAY: is not set' },
  { service: 'control-plane', name: 'AUTOPACK_EXTERNAL_ACTIONS_ENABLED', value: 'yes', why: 'AUTOPACK_EXTERNAL_ACTIONS_ENABLED: must be' },
  { service: 'control-plane', name: 'AUTOPACK_PUBLIC_READ', value: '1', why: 'AUTOPACK_PUBLIC_READ: is 1' },
  { service: 'control-plane', name: 'AUTO_APPROVE_BUILD113', value: 'true', why: 'AUTO_APPROVE_BUILD113: is true' },
  { service: 'control-plane', name: 'NODE_DEBUG', value: 'none', why: 'NODE_DEBUG: is set' },
  { service: 'control-plane', name: 'CONSOLE_ORIGIN', value: 'http://console.example.org', why: 'CONSOLE_ORIGIN: must be https' },
  { service: 'bff', name: 'CONSOLE_ORIGIN', value: 'http://console.example.org', why: 'CONSOLE_ORIGIN: must be https' },
  { service: 'bff', name: 'AUTOPACK_TRUSTED_PROXIES', value: undefined, why: 'AUTOPACK_TRUSTED_PROXIES: must be set' },
  { service: 'bff', name: 'JWT_PRIVATE_KEY_FILE', value: undefined, why: 'JWT_PRIVATE_KEY: must be set', with: 'JWT_PUBLIC_KEY_FILE' },
  { service: 'bff', name: 'AUTOPACK_API_KEY_FILE', value: undefined, why: 'AUTOPACK_API_KEY: must be set' },
  { service: 'bff', name: 'BFF_DATABASE_URL_FILE', value: undefined, why: 'BFF_DATABASE_URL: must be set' },
  { service: 'bff', name: 'AUTOPACK_OAUTH_ALLOW_PLAINTEXT_PERSISTENCE', value: '1', why: 'AUTOPACK_OAUTH_ALLOW_PLAINTEXT_PERSISTENCE: is set' },
]

/** Starts a service with one thing changed, and answers with its end: status, and the lines it wrote. */
async function startBroken(service: string, change: Readonly<Record<string, string | undefined>>) {
  const started = deployment.start(service, (found) => {
    const environment = { ...found.environment, ...change }
    // A secret said in two ways takes the file; what is tested here is the one without it.
    for (const name of Object.keys(change)) if (`${name}_FILE` in environment && change[name] !== undefined) delete environment[`${name}_FILE`]
    for (const [name, value] of Object.entries(environment)) if (value === undefined) delete environment[name]
    return { ...found, environment: environment as Record<string, string> }
  })
  const { status } = await started.ended
  // Warnings are of the log, which a refused start has not got yet.
  return { status, lines: started.output().trimEnd().split('\n') }
}

describe.each(broken)('$service with $name=$value', ({ service, name, value, why, with: other }) => {
  test('refuses to start with status 78 and one line that names the variable', async () => {
    const change = { [name]: value, ...(other === undefined ? {} : { [other]: undefined }) }
    expect(await startBroken(service, change)).toEqual({
      status: 78,
      lines: [expect.stringContaining(`${service}: configuration: ${why}`)],
    })
  })
})

function secretFile(service: string, name: string, text: string, mode: number): string {
  const path = join(deployment.secrets.folder, service, name)
  writeFileSync(path, `${text}\n`)
  chmodSync(path, mode)
  return `/run/secrets/${name}`
}

describe.each([
  { service: 'control-plane', name: 'DATABASE_URL' },
  { service: 'bff', name: 'BFF_DATABASE_URL' },
])('the database of the $service', ({ service, name }) => {
  test('is refused over TCP without TLS, and the address is not repeated', async () => {
    const file = secretFile(service, 'tcp', 'postgresql://autopack:canary@127.0.0.1/autopack', 0o444)
    const ended = await startBroken(service, { [`${name}_FILE`]: file })
    expect(ended).toEqual({ status: 78, lines: [expect.stringContaining(`${service}: configuration: ${name}: must use TLS`)] })
    expect(ended.lines[0]).not.toContain('canary')
  })

  test('is refused as a superuser, before anything is made that the right role could not use', async () => {
    const url = deployment.postgres.url.replace(/\/postgres$/, '/autopack')
    const { status, lines } = await startBroken(service, { [`${name}_FILE`]: secretFile(service, 'superuser', url, 0o444) })
    expect(status).toBe(78)
    expect(lines.at(-1)).toMatch(new RegExp(`^${service}: configuration: ${name}: .*superuser`))
    expect(await asSuperuser("SELECT tablename FROM pg_tables WHERE schemaname IN ('control_plane', 'bff')")).toEqual([])
  })
})

test.each(['control-plane', 'bff'])('the %s cannot start with secrets that it may not read: one line for each', async (service) => {
  const { environment, secrets } = deployment.compose.services[service]!
  const changed = Object.fromEntries(
    Object.entries(environment!).flatMap(([name, value]) => {
      const secret = secrets!.find((each) => value === `/run/secrets/${each}`)
      if (secret === undefined) return []
      const path = secretFile(service, `${secret}.closed`, deployment.secrets.read(service, secret), 0o000)
      if (process.getuid!() === 0) chownSync(join(deployment.secrets.folder, service, `${secret}.closed`), 0, 0)
      return [[name, path]]
    }),
  )
  const { status, lines } = await startBroken(service, changed)
  expect(status).toBe(78)
  expect(lines.toSorted()).toEqual(
    Object.keys(changed)
      .map((name) => `${service}: configuration: ${name}: the file cannot be read`)
      .toSorted(),
  )
})

test('the control plane does not start before its migrations, and makes nothing by itself', async () => {
  const { status, lines } = await startBroken('control-plane', {})
  expect([status, lines.at(-1)]).toEqual([78, expect.stringMatching(/^control-plane: configuration: DATABASE_URL: migrations are pending/)])
  expect(await asSuperuser("SELECT tablename FROM pg_tables WHERE schemaname = 'control_plane'")).toEqual([])
})

test('migrations run once, as a role of their own, and end; what they made belongs to nobody who signs in', async () => {
  for (const says of [/^\d+ migrations ran; the application has its rights\.$/, /^No migration was missing; the application has its rights\.$/]) {
    const { status, lines } = await startBroken('migrate', {})
    expect([status, lines.at(-1)]).toEqual([0, expect.stringMatching(says)])
  }
  const owners = "SELECT DISTINCT tableowner AS owner FROM pg_tables WHERE schemaname = 'control_plane'"
  expect(await asSuperuser(owners)).toEqual([{ owner: 'autopack_owner' }])
  expect(await asSuperuser("SELECT rolcanlogin FROM pg_roles WHERE rolname = 'autopack_owner'")).toEqual([{ rolcanlogin: false }])
})

test('over TCP without TLS the migrator is refused, too', async () => {
  const file = secretFile('migrate', 'tcp', 'postgresql://autopack_migrator:canary@127.0.0.1/autopack', 0o444)
  const ended = await startBroken('migrate', { MIGRATOR_DATABASE_URL_FILE: file })
  expect(ended).toEqual({ status: 78, lines: [expect.stringContaining('migrate: configuration: MIGRATOR_DATABASE_URL: must use TLS')] })
  expect(ended.lines[0]).not.toContain('canary')
})

test('a right too many over evidence, and one too few over anything, refuse the start by name', async () => {
  await asSuperuser(
    'GRANT DELETE ON control_plane.decision TO autopack_control_plane; REVOKE INSERT ON control_plane.run FROM autopack_control_plane',
  )
  const { status, lines } = await startBroken('control-plane', {})
  expect([status, lines.slice(-2)]).toEqual([
    78,
    [
      'control-plane: configuration: DATABASE_URL: the role could rewrite evidence: DELETE on decision: is not said',
      expect.stringMatching(/^control-plane: configuration: DATABASE_URL: INSERT on run: is missing; run /),
    ],
  ])
  expect((await startBroken('migrate', {})).status).toBe(0)
})

test('a deployment whose control plane owned everything is refused, and moves over with the script and the migrations', async () => {
  await asSuperuser(
    'GRANT CREATE ON DATABASE autopack TO autopack_control_plane; REASSIGN OWNED BY autopack_owner TO autopack_control_plane; DROP OWNED BY autopack_owner',
  )
  await asSuperuser(
    'REVOKE autopack_owner FROM autopack_migrator; DROP ROLE autopack_owner; DROP OWNED BY autopack_migrator; DROP ROLE autopack_migrator',
  )
  const refused = await startBroken('control-plane', {})
  expect(refused.status).toBe(78)
  expect(refused.lines.join('\n')).toContain('DATABASE_URL: the role could rewrite evidence: owning')
  runRolesAndSchemas(root, deployment.postgres, join(deployment.secrets.folder, 'postgres'), superuserPassword)
  expect((await startBroken('migrate', {})).status).toBe(0)
  expect(await asSuperuser("SELECT DISTINCT tableowner AS owner FROM pg_tables WHERE schemaname = 'control_plane'")).toEqual([
    { owner: 'autopack_owner' },
  ])
})

test('with nothing broken both servers get ready, as themselves and not as root, and say only what they must', async () => {
  const controlPlane = deployment.start('control-plane')
  await controlPlane.waitUntilHealthy()
  const bff = deployment.start('bff')
  await bff.waitUntilHealthy()
  expect([controlPlane.uid, bff.uid]).not.toContain(0)
  for (const port of [deployment.ports.controlPlane, deployment.ports.bff]) {
    expect([port, await ask(port, '/livez'), await ask(port, '/health')]).toEqual([port, 200, 200])
  }
  expect(await ask(deployment.ports.bff, '/api/auth/me', 'console.example.org')).toBe(401)
  expect(controlPlane.output()).toContain('external actions off; dry run on; kill switches all off; at most 0 actions, $0.00 a day')

  await roleSeesOnly('autopack_control_plane', 'control_plane', 'bff')
  await roleSeesOnly('autopack_bff', 'bff', 'control_plane')
  expect(await bff.stop()).toEqual({ status: 0, signal: null })
  expect(await controlPlane.stop()).toEqual({ status: 0, signal: null })
})

/** What the script gives to a role: its own schema, nothing of the other's, and none of the rights that no trigger could hold back. */
async function roleSeesOnly(role: string, own: string, other: string): Promise<void> {
  const secret =
    role === 'autopack_bff'
      ? deployment.secrets.read('bff', 'bff_database_url')
      : deployment.secrets.read('control-plane', 'control_plane_database_url')
  const client = new pg.Client({ connectionString: secret })
  await client.connect()
  try {
    const rights = await client.query(
      `SELECT r.rolname, r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls AS dangerous,
         has_schema_privilege($1, 'USAGE') AS own, has_schema_privilege($2, 'USAGE') AS other, has_schema_privilege('public', 'CREATE') AS public
       FROM pg_roles r WHERE r.rolname = current_user`,
      [own, other],
    )
    expect(rights.rows).toEqual([{ rolname: role, dangerous: false, own: true, other: false, public: false }])
    expect((await client.query(`SELECT count(*)::int AS n FROM ${own}.migration`)).rows[0].n).toBeGreaterThan(0)
    await expect(client.query(`SELECT count(*) FROM ${other}.migration`)).rejects.toThrow(/permission denied/)
  } finally {
    await client.end()
  }
}

test('the socket alone lets nobody in: the superuser needs a password, and the wrong one is refused', async () => {
  for (const password of ['', ':wrong']) {
    const url = `postgresql://postgres${password}@${encodeURIComponent(deployment.postgres.socketDirectory)}/postgres`
    const client = new pg.Client({ connectionString: url })
    await expect(client.connect()).rejects.toThrow(/password/i)
  }
})

async function asSuperuser(sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: deployment.postgres.url.replace(/\/postgres$/, '/autopack') })
  await client.connect()
  const { rows } = await client.query(sql)
  await client.end()
  return rows
}

function ask(port: number, path: string, host = `127.0.0.1:${port}`): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, headers: { host } }, (answer) => {
      answer.resume()
      answer.once('end', () => resolve(answer.statusCode!))
    })
    asked.once('error', reject)
    asked.end()
  })
}

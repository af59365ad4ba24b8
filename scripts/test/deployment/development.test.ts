/** docker-compose.yml, started as it stands but for ports and folders: from its secrets, through nginx, to a listing in the shop. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { findDescriptor } from '@autopack/action-catalog/catalog'
import { descriptorSha256 } from '@autopack/action-catalog/descriptor-sha256'
import { readPayload } from '@autopack/approval-proof/payload'
import { renderAction } from '@autopack/approval-proof/render-action'
import { decideExternalAction, getExternalAction, listExternalActions } from '@autopack/contract/operator-actions'
import pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openConsoleSession } from '../../console/console-session.ts'
import type { ConsoleSession } from '../../console/console-session.ts'
import type { DemoFile } from '../../start/demo-secrets.ts'
import { startNginx } from '../start-nginx.ts'
import type { RunningNginx } from '../start-nginx.ts'
import { buildImageTree } from './build-image-tree.ts'
import type { ImageTree } from './build-image-tree.ts'
import { openDeployment } from './open-deployment.ts'
import type { Deployment } from './open-deployment.ts'
import type { StartedService } from './start-service.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })

const root = join(import.meta.dirname, '../../..')
const names = ['control-plane', 'checkpoint-writer', 'bff', 'demo-shop', 'demo-agent'] as const
let image: ImageTree
let deployment: Deployment
let nginx: RunningNginx | undefined
let session: ConsoleSession
let migrated: { status: number | null; signal: string | null }
const services = new Map<string, StartedService>()

beforeAll(async () => {
  image = buildImageTree(root)
  deployment = await openDeployment(root, 'docker-compose.yml', image, { demo: true, answers: {} })
  migrated = await deployment.start('migrate').ended
  for (const name of names) {
    const service = deployment.start(name)
    services.set(name, service)
    if (!deployment.compose.services[name]!.healthcheck!.disable) await service.waitUntilHealthy()
  }
  nginx = await startNginx(root, { port: deployment.ports.console, upstreamPort: deployment.ports.bff, webDirectory: null })
  const { operators } = JSON.parse(deployment.secrets.read('bff', 'demo')) as DemoFile
  const { name, password } = operators.find(({ role }) => role === 'approver')!
  session = await openConsoleSession(`http://localhost:${deployment.ports.console}`, { name, password })
})

afterAll(async () => {
  await nginx?.stop()
  await deployment?.close()
  image?.remove()
})

async function until<T>(what: string, find: () => Promise<T | undefined>): Promise<T> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await delay(100)) {
    const found = await find()
    if (found !== undefined) return found
  }
  throw new Error(`${what} did not happen:\n${[...services].map(([name, service]) => `${name}: ${service.output()}`).join('\n')}`)
}

test('every process of the compose file that is ours is started here, and none runs as root', () => {
  const ours = Object.entries(deployment.compose.services).flatMap(([name, { command }]) => (command?.[0]?.startsWith('apps/') ? [name] : []))
  expect(ours.toSorted()).toEqual([...names, 'migrate'].toSorted())
  expect(migrated).toEqual({ status: 0, signal: null })
  for (const service of services.values()) expect(service.uid).not.toBe(0)
})

test('both servers are alive and ready', async () => {
  for (const port of [deployment.ports.bff, deployment.ports.controlPlane]) {
    for (const path of ['/livez', '/health']) expect([port, path, (await fetch(`http://127.0.0.1:${port}${path}`)).status]).toEqual([port, path, 200])
  }
})

test('nginx stands in front with its own files: the console is ready through it, and what is for inside stays inside', async () => {
  const console_ = `http://localhost:${deployment.ports.console}`
  expect((await fetch(`${console_}/nginx-health`)).status).toBe(200)
  expect((await fetch(`${console_}/health`)).status).toBe(200)
  expect(await (await fetch(`${console_}/livez`, { headers: { accept: 'application/json' } })).text()).not.toContain('alive')
})

test('the image has nothing that only tests and builds need, no second Node, and no test', () => {
  const ours = ['apps', 'packages', 'deploy'].flatMap((room) => readdirSync(join(image.app, room), { recursive: true }) as string[])
  expect(ours.length).toBeGreaterThan(300)
  expect(ours.filter((path) => path.endsWith('.test.ts') && !path.includes('node_modules'))).toEqual([])
  const installed = readdirSync(join(image.app, 'node_modules/.pnpm'))
  expect(installed.filter((name) => /^(vite|vitest|typescript|oxlint|oxfmt|knip|dclint|node-)/.test(name))).toEqual([])
  expect(installed.some((name) => name.startsWith('@node-rs+argon2-'))).toBe(true)
})

test('the agent proposes, a person approves, and exactly that reaches the shop', async () => {
  const { call } = session
  const pending = await until('a proposal', async () => (await call(listExternalActions, { query: { state: 'PENDING' } })).items[0])
  const params = { action_id: pending.action_id }
  const action = await call(getExternalAction, { params })
  const payload = await fetch(`${session.origin}/api/external-actions/${action.action_id}/payload`, { headers: session.headers() })
  const read = readPayload(new Uint8Array(await payload.arrayBuffer()))
  if (!read.ok) throw new Error('the payload is not canonical')
  const descriptor = findDescriptor(read.payload.provider, read.payload.operation)!
  await call(decideExternalAction, {
    params,
    body: {
      kind: 'approve',
      revision: action.revision,
      payload_hash: read.hash,
      descriptor: { id: descriptor.id, version: descriptor.version, sha256: descriptorSha256(descriptor) },
      display_sha256: renderAction(read.payload, descriptor).display_sha256,
      reason: 'a report from a container',
    },
  })
  const done = await until('the execution', async () => {
    const found = await call(getExternalAction, { params })
    return found.state === 'COMPLETED' ? found : undefined
  })
  expect(done.execution).toMatchObject({ sent: 'yes', sent_sha256: done.execution!.expected_sha256 })
  const shop = `http://127.0.0.1:${deployment.ports.shop}`
  const requests = await fetch(`${shop}/api/requests`, { headers: { authorization: `Bearer ${deployment.secrets.read('demo-shop', 'shop_token')}` } })
  expect(((await requests.json()) as { items: unknown[] }).items.length).toBe(1)
  expect(await (await fetch(shop)).text()).toContain(done.execution!.external_object_id)
})

test('while the audit log takes nothing, people come in; the console keeps what happened, and delivers it once when the log is back', async () => {
  const superuser = new pg.Client({ connectionString: deployment.postgres.url.replace(/\/postgres$/, '/autopack') })
  await superuser.connect()
  const { operators } = JSON.parse(deployment.secrets.read('bff', 'demo')) as DemoFile
  const { name, password, operator_id } = operators.find(({ role }) => role === 'viewer')!
  const count = async (text: string) =>
    (await superuser.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${text}`, [operator_id])).rows[0]!.count
  const logged = () => count(`control_plane.audit_event WHERE event_type = 'sign_in.succeeded' AND auth_principal_id = $1`)
  const waiting = () => count(`bff.outbox WHERE delivered_at IS NULL AND event ->> 'operator_id' = $1`)
  try {
    expect([await logged(), await waiting()]).toEqual([0, 0])
    await superuser.query('REVOKE INSERT ON control_plane.audit_event FROM autopack_control_plane')
    const visitor = await openConsoleSession(session.origin, { name, password })
    expect(visitor.operator.operator_id).toBe(operator_id)
    // Tried again and again: a second after the sign-in, and two after that.
    await until('a refused delivery', async () => services.get('bff')!.output().includes('sign-in events wait for the control plane') || undefined)
    expect([await logged(), await waiting()]).toEqual([0, 1])
    await superuser.query(
      'GRANT INSERT (seq, prev, hash, event, executor_id, owner_operator_id) ON control_plane.audit_event TO autopack_control_plane',
    )
    await until('the delivery', async () => (await waiting()) === 0 || undefined)
    expect(await logged()).toBe(1)
    await delay(3_000)
    expect([await logged(), await waiting()]).toEqual([1, 0])
  } finally {
    await superuser.query(
      'GRANT INSERT (seq, prev, hash, event, executor_id, owner_operator_id) ON control_plane.audit_event TO autopack_control_plane',
    )
    await superuser.end()
  }
})

test('no process prints a secret that is mounted for it', () => {
  for (const [name, service] of services) {
    const secrets = (deployment.compose.services[name]!.secrets ?? []).filter(
      (secret) => !['jwt_public_key', 'operator_assertion_jwks'].includes(secret),
    )
    expect(service.output()).toContain('the file is readable by everybody')
    for (const line of secrets.flatMap((secret) => deployment.secrets.read(name, secret).split('\n'))) {
      if (line.length > 20 && !line.startsWith('-----')) expect([name, service.output().includes(line.trim())]).toEqual([name, false])
    }
  }
})

test('each process ends in order when it is told to', async () => {
  for (const name of [...names].toReversed()) expect([name, await services.get(name)!.stop()]).toEqual([name, { status: 0, signal: null }])
})

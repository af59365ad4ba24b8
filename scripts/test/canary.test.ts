/** Builds and runs with a recognisable value in every secret variable, and looks for it wherever a browser could. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createHash, generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { consolePath } from '@autopack/contract/route'
import { allRoutes, operatorRoutes } from '@autopack/contract/routes'
import { createExecutorKey } from '@autopack/server-kit/executor-key'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { variables as bff } from '../../apps/bff/src/environment.ts'
import { variables as controlPlane } from '../../apps/control-plane/src/environment.ts'
import { variables as demoAgent } from '../../apps/demo-agent/src/environment.ts'
import { variables as demoShop } from '../../apps/demo-shop/src/environment.ts'

const root = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'canary-'))
const canaries: Record<string, string> = {}
const children: ChildProcess[] = []
let logs = ''
let origins: { console: string; controlPlane: string }

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const jwk = publicKey.export({ format: 'jwk' })
const kid = createHash('sha256')
  .update(JSON.stringify({ crv: jwk.crv, kty: jwk.kty, x: jwk.x }))
  .digest('base64url')
const password = 'canary-password-of-the-demo'

/** A value that passes the variable's own check; the part after `canary` is what must never be seen. */
function canaryFor(name: string): string {
  if (name === 'JWT_PRIVATE_KEY') return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().trim()
  if (name === 'JWT_PUBLIC_KEY') return publicKey.export({ type: 'spki', format: 'pem' }).toString().trim()
  if (name === 'AUTOPACK_OPERATOR_ASSERTION_JWKS') return JSON.stringify({ keys: [{ ...jwk, kid, alg: 'EdDSA', use: 'sig' }] })
  if (name === 'AUTOPACK_EXECUTOR_KEY') return createExecutorKey().text
  if (name.startsWith('AUTOPACK_DEMO')) {
    const operator_id = 'op_00000000-0000-4000-8000-000000000001'
    return JSON.stringify({
      operators: [{ operator_id, name: 'admin', role: 'admin', password }],
      executors: [
        {
          executor_id: 'exr_00000000-0000-4000-8000-000000000001',
          name: 'demo-agent',
          key: createExecutorKey().text,
          owner_operator_id: operator_id,
          shared_with_everyone: true,
        },
      ],
    })
  }
  return `canary-${createHash('sha256').update(name).digest('hex')}`
}

function environment(): NodeJS.ProcessEnv {
  const set: NodeJS.ProcessEnv = { PATH: process.env['PATH'], HOME: process.env['HOME'], AUTOPACK_DATA_DIR: folder }
  for (const variables of [bff, controlPlane, demoAgent, demoShop]) {
    for (const variable of Object.values(variables)) {
      // A database URL would have to lead somewhere; the embedded ones are used here.
      if (variable.kind !== 'secret' || variable.name.endsWith('DATABASE_URL')) continue
      // Public: everybody who may read the log is told which keys sign it.
      if (variable.name === 'AUTOPACK_CHECKPOINT_KEYS') continue
      canaries[variable.name] ??= canaryFor(variable.name)
      if (!variable.name.startsWith('AUTOPACK_DEMO')) set[variable.name] = canaries[variable.name]
    }
  }
  const demo = join(folder, 'demo.json')
  writeFileSync(demo, canaries['AUTOPACK_DEMO'] ?? canaryFor('AUTOPACK_DEMO'), { mode: 0o600 })
  return { ...set, AUTOPACK_DEMO_FILE: demo, CONTROL_PLANE_PORT: '0', CONSOLE_PORT: '16790', WEB_DIST_DIR: join(folder, 'dist') }
}

async function start(entry: string, env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(process.execPath, [join(root, entry)], { env, cwd: root, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  children.push(child)
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part: Buffer) => (logs += part.toString()))
  return new Promise((resolve, reject) => {
    child.on('message', (message: { type?: string; port?: number }) => message.type === 'ready' && resolve(message.port!))
    child.once('exit', (status) => reject(new Error(`${entry} ended with ${status}:\n${logs}`)))
  })
}

beforeAll(async () => {
  const env = environment()
  await new Promise<void>((resolve, reject) => {
    const vite = spawn('vite', ['build', '--outDir', join(folder, 'dist'), '--logLevel', 'warn'], { cwd: join(root, 'apps/web'), env, stdio: 'pipe' })
    vite.stderr.on('data', (part: Buffer) => (logs += part.toString()))
    vite.once('close', (status) => (status === 0 ? resolve() : reject(new Error(`the pages do not build:\n${logs}`))))
  })
  const controlPlanePort = await start('apps/control-plane/src/server.ts', env)
  const controlPlane = `http://127.0.0.1:${controlPlanePort}`
  await start('apps/bff/src/server.ts', { ...env, CONTROL_PLANE_URL: controlPlane })
  origins = { console: 'http://localhost:16790', controlPlane }
}, 120_000)

afterAll(async () => {
  for (const child of children) child.kill('SIGTERM')
  await Promise.all(children.map((child) => new Promise((resolve) => (child.exitCode === null ? child.once('exit', resolve) : resolve(null)))))
  rmSync(folder, { recursive: true, force: true })
})

/** Every line of a secret that is long enough to be one; public halves are no secret. */
function needles(): string[] {
  const secret = Object.entries(canaries).filter(([name]) => !['JWT_PUBLIC_KEY', 'AUTOPACK_OPERATOR_ASSERTION_JWKS', 'AUTOPACK_DEMO'].includes(name))
  const demoKey = /apk_[0-9a-z_]+/.exec(canaries['AUTOPACK_DEMO'] ?? '')?.[0]
  return [...secret.flatMap(([, value]) => value.split('\n')), password, ...(demoKey ? [demoKey] : [])].filter(
    (line) => line.length > 12 && !line.startsWith('-----'),
  )
}

function expectNone(where: string, text: string): void {
  for (const needle of needles()) expect(text.includes(needle), `${where} holds a secret`).toBe(false)
}

test('the canaries are there to be found: the search finds one that is planted', () => {
  expect(needles().length).toBeGreaterThanOrEqual(5)
  expect(() => expectNone('planted', `x${needles()[0]}y`)).toThrow()
})

test('no built file holds a secret of the environment it was built in', () => {
  const files = readdirSync(join(folder, 'dist'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  expect(files.length).toBeGreaterThan(5)
  for (const file of files) expectNone(file.name, readFileSync(join(file.parentPath, file.name)).toString('latin1'))
})

test('no answer, of any route, signed in or not, and no log line holds a secret', async () => {
  const headers = { origin: origins.console, 'x-csrf': '1', 'content-type': 'application/json' }
  const signedIn = await fetch(`${origins.console}/api/auth/login`, { method: 'POST', headers, body: JSON.stringify({ name: 'admin', password }) })
  expect(signedIn.status).toBe(200)
  const cookie = signedIn.headers
    .getSetCookie()
    .map((one) => one.split(';')[0]!)
    .join('; ')
  let asked = 0
  for (const route of [...allRoutes]) {
    if (route.answer.kind === 'events' || route.id === 'logout') continue
    const path = route.path.replace(/\{[a-z_]+\}/g, 'x')
    const targets = [`${origins.controlPlane}${path}`, `${origins.console}${operatorRoutes.includes(route) ? consolePath(path) : path}`]
    for (const target of targets) {
      for (const credential of [{}, { cookie }, { 'x-api-key': canaries['AUTOPACK_API_KEY']! }]) {
        const answer = await fetch(target, {
          method: route.method,
          headers: { ...headers, ...credential },
          body: route.method === 'GET' ? null : '{}',
          redirect: 'manual',
        })
        asked += 1
        const sent = [...answer.headers]
          .filter(([name]) => name !== 'set-cookie')
          .flat()
          .join('\n')
        expectNone(`${route.method} ${target}`, `${sent}\n${await answer.text()}`)
      }
    }
  }
  expect(asked).toBeGreaterThan(200)
  expectNone('the log', logs)
})

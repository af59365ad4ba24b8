/** Control plane and console as two real processes with more people than the demo has, so that no limiter stands before the parsers. */
import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Role } from '@autopack/contract/roles'
import { root } from '../running-console.ts'

export type Person = { operator_id: string; name: string; role: Role; password: string; cookie: string; spareSessionId: string }

export type TwoServers = {
  controlPlane: { port: number; residentBytes: () => number }
  console: { port: number; residentBytes: () => number }
  people: Person[]
  /** The ids of those who never sign in: what an admin can do to somebody is done to them. */
  subjectIds: readonly string[]
  instanceKey: string
  /** Known to nobody but the processes and the people: in no answer and in no line of the log. */
  secrets: readonly string[]
  /** The lines that both processes wrote. */
  logLines: () => string[]
  isAlive: () => boolean
  /** The assertion of the console's key for exactly this request (security.md, "Operator assertion"). */
  assert: (subject: string, request: { method: string; target: string; body: Buffer }) => string
  stop: () => Promise<void>
}

/** Who is asked for everything that ends sessions or changes passwords, and for nothing else: others would lose theirs meanwhile. */
export const peopleWhoComeAndGo = 8
/** Enough for every limiter, and no more: each is hashed once and signs in once at full cost. */
const roles: readonly Role[] = [
  ...Array<Role>(7).fill('admin'),
  ...Array<Role>(3).fill('approver'),
  ...Array<Role>(2 + peopleWhoComeAndGo).fill('viewer'),
]
export const consoleOrigin = 'http://localhost:4600'

export async function startTwoServers(folder: string): Promise<TwoServers> {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const pair = generateKeyPairSync('ed25519')
  const { kty, crv, x } = pair.publicKey.export({ format: 'jwk' })
  // RFC 7638: the console names its key so.
  const kid = createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url')
  const instanceKey = `instance-${randomUUID()}`
  const privateKey = pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  const people = roles.map((role, index): Person => {
    const name = `person-${String(index).padStart(2, '0')}`
    return { operator_id: `op_${randomUUID()}`, name, role, password: `the password of ${name}`, cookie: '', spareSessionId: '0'.repeat(16) }
  })
  const subjectIds = [`op_${randomUUID()}`, `op_${randomUUID()}`, `op_${randomUUID()}`]
  const operators = people.map(({ operator_id, name, role, password }) => ({ operator_id, name, role, password }))
  const subjects = subjectIds.map((operator_id, index) => ({ operator_id, name: `subject-${index}`, role: 'viewer' }))
  const common = {
    PATH: process.env['PATH'],
    AUTOPACK_API_KEY: instanceKey,
    AUTOPACK_DATA_DIR: folder,
    AUTOPACK_LOG_LEVEL: 'info',
  }
  const children: ChildProcess[] = []
  let output = ''
  const start = (file: string, environment: Record<string, string | undefined>): Promise<{ port: number; residentBytes: () => number }> => {
    // Nothing of the test runner's own flags or variables gets into what is tested.
    const child = fork(join(root, file), { env: environment as NodeJS.ProcessEnv, execArgv: [], cwd: folder, silent: true })
    children.push(child)
    let own = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (part: Buffer) => {
        own += String(part)
        output += String(part)
      })
    }
    return new Promise((resolve, reject) => {
      child.once('message', (message) => resolve({ port: (message as { port: number }).port, residentBytes: () => residentBytesOf(child.pid!) }))
      child.once('close', (code) => reject(new Error(`${file} ended with ${code}: ${own.slice(-2_000)}`)))
    })
  }
  const stop = async () => {
    const ended = children.map((child) => (child.exitCode === null ? new Promise((resolve) => child.once('close', resolve)) : null))
    for (const child of children) child.kill('SIGTERM')
    await Promise.all(ended)
  }
  try {
    const controlPlane = await start('apps/control-plane/src/server.ts', {
      ...common,
      AUTOPACK_DEMO: JSON.stringify({ operators: [...operators, ...subjects], executors: [] }),
      CONTROL_PLANE_PORT: '0',
      CONSOLE_ORIGIN: consoleOrigin,
      AUTOPACK_OPERATOR_ASSERTION_JWKS: JSON.stringify({ keys: [{ kty, crv, x, kid, alg: 'EdDSA', use: 'sig' }] }),
      AUTOPACK_EXTERNAL_ACTIONS_ENABLED: '1',
      AUTOPACK_ENABLE_DEMO_SHOP_PUBLISH: '1',
      AUTOPACK_SIDE_EFFECTS_DRY_RUN: '0',
      AUTOPACK_MAX_DAILY_SPEND_USD: '100000',
      AUTOPACK_MAX_ACTIONS_PER_DAY: '100000',
    })
    const console_ = await start('apps/bff/src/server.ts', {
      ...common,
      AUTOPACK_DEMO: JSON.stringify({ operators }),
      CONSOLE_PORT: '0',
      CONSOLE_ORIGIN: consoleOrigin,
      CONTROL_PLANE_URL: `http://127.0.0.1:${controlPlane.port}`,
      JWT_PRIVATE_KEY: privateKey,
      // Each request may come from another address: the throttle of sign-ins by address must not stand before the parser.
      AUTOPACK_TRUSTED_PROXIES: '127.0.0.1,::1',
    })
    return {
      controlPlane,
      console: console_,
      people,
      subjectIds,
      instanceKey,
      secrets: [instanceKey, ...privateKey.split('\n').filter((line) => line.length > 30), ...people.map(({ password }) => password), folder, root],
      logLines: () => output.split('\n').filter((line) => line !== ''),
      isAlive: () => children.every((child) => child.exitCode === null && child.signalCode === null),
      assert: (subject, request) => signAssertion(pair.privateKey, kid, subject, request),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

function signAssertion(key: KeyObject, kid: string, subject: string, request: { method: string; target: string; body: Buffer }): string {
  const now = Math.floor(Date.now() / 1_000)
  const person = subject === 'console' ? {} : { sid: 'a'.repeat(64), amr: ['pwd'], auth_time: now - 10 }
  const claims = {
    iss: 'autopack-bff',
    aud: 'autopack-control-plane',
    sub: subject,
    ...person,
    iat: now,
    exp: now + 60,
    jti: randomUUID(),
    htm: request.method,
    htp: request.target.replace(/#.*$/s, ''),
    bh: createHash('sha256').update(request.body).digest('hex'),
  }
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = `${part({ alg: 'EdDSA', typ: 'op-assertion+jwt', kid })}.${part(claims)}`
  return `${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}`
}

/** Linux only; where there is no /proc the growth is not measured (0). */
function residentBytesOf(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}

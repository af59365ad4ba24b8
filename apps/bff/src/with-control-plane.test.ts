/** Two copies of the BFF and the real control plane, as processes that know each other by HTTP only. */
import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { calculateJwkThumbprint, exportJWK } from 'jose'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { codeOf, openRequest, sendRequest } from './test/send-request.ts'
import type { Sent } from './test/send-request.ts'

// Three processes: minutes on a machine that is busy with something else, seconds otherwise.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 })

const folder = mkdtempSync(join(tmpdir(), 'bff-and-control-plane-'))
const children: ChildProcess[] = []
const apiKey = `instance-${randomUUID()}`
const operators = (['admin', 'approver', 'viewer'] as const).map((role) => ({
  operator_id: `op_${randomUUID()}`,
  name: role,
  role,
  password: `the password of ${randomUUID()}`,
}))
let port = 0
/** Another copy of the console in front of the same control plane, with sessions of its own. */
let otherPort = 0

beforeAll(async () => {
  const pair = generateKeyPairSync('ed25519')
  const jwk = await exportJWK(pair.publicKey)
  const jwks = { keys: [{ ...jwk, kid: await calculateJwkThumbprint(jwk), alg: 'EdDSA', use: 'sig' }] }
  const common = {
    PATH: process.env['PATH'],
    AUTOPACK_API_KEY: apiKey,
    AUTOPACK_DEMO: JSON.stringify({ operators, executors: [] }),
    AUTOPACK_DATA_DIR: folder,
  }
  const controlPlane = start('../../control-plane/src/server.ts', {
    ...common,
    CONTROL_PLANE_PORT: '0',
    AUTOPACK_OPERATOR_ASSERTION_JWKS: JSON.stringify(jwks),
  })
  const upstream = await controlPlane
  const console = {
    ...common,
    CONSOLE_PORT: '0',
    CONSOLE_ORIGIN: 'http://localhost:4600',
    CONTROL_PLANE_URL: `http://127.0.0.1:${upstream}`,
    JWT_PRIVATE_KEY: pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  }
  ;[port, otherPort] = await Promise.all([start('server.ts', console), start('server.ts', { ...console, AUTOPACK_DATA_DIR: join(folder, 'other') })])
})
afterAll(async () => {
  await Promise.all(
    children.map(
      (child) =>
        new Promise((resolve) => {
          if (child.exitCode !== null) return resolve(null)
          child.on('close', resolve)
          child.kill('SIGTERM')
        }),
    ),
  )
  rmSync(folder, { recursive: true })
})

function start(file: string, environment: Record<string, string | undefined>): Promise<number> {
  mkdirSync(folder, { recursive: true })
  const child = fork(join(import.meta.dirname, file), { env: environment, cwd: folder, silent: true })
  children.push(child)
  let output = ''
  child.stdout?.on('data', (part: Buffer) => (output += String(part)))
  child.stderr?.on('data', (part: Buffer) => (output += String(part)))
  return new Promise((resolve, reject) => {
    child.on('message', (message) => resolve((message as { port: number }).port))
    child.on('close', (code) => reject(new Error(`${file} ended with ${code}: ${output}`)))
  })
}

const host = 'localhost:4600'
const get = (path: string, cookie: string, at = port): Promise<Sent> => sendRequest(at, { path, headers: { host, cookie } })
const post = (path: string, body: unknown, cookie: string, at = port): Promise<Sent> =>
  sendRequest(at, {
    method: 'POST',
    path,
    body: JSON.stringify(body),
    headers: { host, cookie, origin: `http://${host}`, 'x-csrf': '1', 'content-type': 'application/json' },
  })
async function signIn(name: string, at = port): Promise<string> {
  const answer = await post('/api/auth/login', { name, password: operators.find((operator) => operator.name === name)!.password }, '', at)
  if (answer.status !== 200) throw new Error(answer.text)
  return answer.headers['set-cookie']!.map((each) => each.split(';')[0]).join('; ')
}

describe('with the real control plane', () => {
  test('each role signs in and is who the control plane says', async () => {
    for (const { name, role, operator_id } of operators) {
      const cookie = await signIn(name)
      expect(JSON.parse((await get('/api/auth/me', cookie)).text).operator).toEqual({ operator_id, name, role })
      expect(JSON.parse((await get('/api/operators/me', cookie)).text)).toMatchObject({ operator_id, role, enabled: true })
    }
  })

  test('reads pass the assertion, with queries and odd characters in them', async () => {
    const cookie = await signIn('admin')
    for (const path of [
      '/api/runs',
      '/api/runs?q=a%20b%26c%2Bd%27&limit=5',
      '/api/control',
      '/api/status',
      '/api/approvals',
      '/api/external-actions',
      '/api/audit?limit=5',
      '/api/executor-keys',
    ]) {
      const answer = await get(path, cookie)
      expect(answer.status, `${path}: ${answer.text.slice(0, 300)}`).toBe(200)
    }
    expect((await get('/health', '')).status).toBe(200)
  })

  test('an admin makes a key; an approver is refused by the control plane, which writes that down', async () => {
    const admin = await signIn('admin')
    const made = await post('/api/executor-keys', { executor_name: 'robot' }, admin)
    expect(made.status, made.text).toBe(201)
    expect(codeOf(await post('/api/executor-keys', { executor_name: 'robot-2' }, await signIn('approver')))).toBe('role_missing')
    const audit = await get('/api/audit?q=result:refused', admin)
    expect(audit.text).toContain('createExecutorKey')
  })

  test('a change that the console refuses by itself reaches the audit log under the name of whoever asked', async () => {
    const approver = await signIn('approver')
    expect(codeOf(await post('/api/executor-keys', { executor_name: 7 }, approver))).toBe('invalid_request')
    const admin = await signIn('admin')
    const refused = async () => {
      const { items } = JSON.parse((await get('/api/audit?q=result:refused', admin)).text) as { items: { event: Record<string, unknown> }[] }
      return items.find(({ event }) => event['error_code'] === 'invalid_request')?.event
    }
    await expect.poll(refused, { timeout: 15_000, interval: 300 }).toMatchObject({
      event_type: 'request.refused',
      auth_principal_name: 'approver',
      payload_summary: expect.stringContaining('/api/executor-keys'),
    })
  })

  test('sign-ins reach the audit log', async () => {
    const cookie = await signIn('admin')
    await post('/api/auth/login', { name: 'nobody-known', password: 'a wrong password' }, '')
    await expect.poll(async () => (await get('/api/audit?limit=100', cookie)).text, { timeout: 15_000, interval: 300 }).toContain('nobody-known')
  })

  test('the audit log exports line by line, for an admin only', async () => {
    const exported = await get('/api/audit/export', await signIn('admin'))
    expect([exported.status, exported.headers['content-type']]).toEqual([200, 'application/x-ndjson; charset=utf-8'])
    expect(exported.text.trim().split('\n').length).toBeGreaterThan(3)
    expect(codeOf(await get('/api/audit/export', await signIn('viewer')))).toBe('role_missing')
  })

  test('events begin with hello and end when the person signs out', async () => {
    const cookie = await signIn('viewer')
    const stream = await openRequest(port, { path: '/api/events', headers: { host, cookie } })
    let text = ''
    stream.on('data', (part: Buffer) => (text += String(part)))
    await expect.poll(() => text, { timeout: 5_000 }).toContain('event: hello')
    await post('/api/auth/logout', {}, cookie)
    await expect.poll(() => text, { timeout: 5_000 }).toContain('event: end\ndata: {"reason":"signed_out"}')
  })

  test.each([
    ['is disabled', 'disable', {}],
    ['gets another role', 'role', { role: 'approver' }],
    ['is enabled again', 'enable', {}],
  ])(
    'whoever %s at one console is signed out of every other within five seconds, streams too, without asking for anything',
    async (_name, act, body) => {
      const admin = await signIn('admin')
      const viewer = operators.find(({ role }) => role === 'viewer')!.operator_id
      const change = (what: string, more: object) => post(`/api/operators/${viewer}/${what}`, { reason: 'A test says so.', ...more }, admin)
      const sessions = [
        { at: port, cookie: await signIn('viewer') },
        { at: otherPort, cookie: await signIn('viewer', otherPort) },
      ]
      const streams: { text: string }[] = []
      for (const { at, cookie } of sessions) {
        const stream = { text: '' }
        ;(await openRequest(at, { path: '/api/events', headers: { host, cookie } })).on('data', (part: Buffer) => (stream.text += String(part)))
        streams.push(stream)
      }
      await expect.poll(() => streams.every(({ text }) => text.includes('event: hello')), { timeout: 10_000 }).toBe(true)

      // Disabled and enabled in one breath: nobody could have noticed the one before the other.
      if (act === 'enable') expect((await change('disable', {})).status).toBe(200)
      const changed = await change(act, body)
      expect(changed.status, changed.text).toBe(200)
      const begun = Date.now()
      const isOver = async () => {
        const answers = await Promise.all(sessions.map(({ at, cookie }) => get('/api/auth/me', cookie, at)))
        return answers.every(({ status }) => status === 401) && streams.every(({ text }) => text.includes('event: end'))
      }
      await expect.poll(isOver, { timeout: 5_000, interval: 50 }).toBe(true)
      process.stdout.write(`signed out everywhere ${Date.now() - begun} ms after the answer\n`)

      await change('role', { role: 'viewer' })
      await change('enable', {})
      expect((await get('/api/auth/me', await signIn('viewer', otherPort), otherPort)).status).toBe(200)
    },
  )

  test('an invite made at one console lets a person in at another, once', async () => {
    const made = await post('/api/operators', { name: 'Grace', role: 'approver' }, await signIn('admin'))
    expect(made.status, made.text).toBe(201)
    const { secret } = JSON.parse(made.text) as { secret: string }
    expect(JSON.parse((await post('/api/auth/invite/read', { token: secret }, '', otherPort)).text)).toMatchObject({
      name: 'Grace',
      invited_by: 'admin',
    })
    const password = 'velvet tractor under nine moons'
    const accepted = await post('/api/auth/invite', { token: secret, password }, '', otherPort)
    expect(accepted.status, accepted.text).toBe(200)
    const cookie = accepted.headers['set-cookie']!.map((each) => each.split(';')[0]).join('; ')
    expect(JSON.parse((await get('/api/auth/me', cookie, otherPort)).text).operator).toMatchObject({ name: 'Grace', role: 'approver' })
    // Once the sign-in has reached the control plane, the link is worth nothing anywhere.
    await expect
      .poll(async () => codeOf(await post('/api/auth/invite/read', { token: secret }, '')), { timeout: 15_000, interval: 300 })
      .toBe('invite_refused')
    expect((await get('/api/auth/me', cookie, otherPort)).status).toBe(200)
  })
})

/** The real app on a real port with a real database, and a clock that can be moved. */
import { randomUUID } from 'node:crypto'
import { Writable } from 'node:stream'
import { apiHeaders } from '@autopack/server-kit/create-app'
import { foldName } from '@autopack/server-kit/fold-name'
import { createLog } from '@autopack/server-kit/log'
import { serve } from '@autopack/server-kit/serve'
import { createBffApp, createDeps } from '../app.ts'
import type { Deps } from '../deps.ts'
import { readConfiguration } from '../environment.ts'
import { commonHeaders } from '../features/pages/page-headers.ts'
import { createPasswordHasher } from '../shared/password-hash.ts'
import { createSignIn } from '../shared/sign-in-rows.ts'
import type { Timing } from '../upstream/control-plane.ts'
import { openTestDatabase } from './open-test-database.ts'
import { sendRequest } from './send-request.ts'
import type { RequestText, Sent } from './send-request.ts'
import { startTestUpstream } from './start-test-upstream.ts'
import type { TestUpstream } from './start-test-upstream.ts'

/** The same code at a ten-thousandth of the cost: what the real cost is, password-hash.test.ts and server.test.ts say. */
export const cheapPasswordCost = { memoryCost: 8, timeCost: 1, parallelism: 1 }

export const testApiKey = 'instance-key-of-the-tests-0123456789'

export type Person = { operator_id: string; name: string; password: string }

export type TestBff = {
  origin: string
  port: number
  deps: Deps
  upstream: TestUpstream
  /** Everything that was logged. */
  logged: () => string
  advance: (milliseconds: number) => void
  addPerson: (name: string, role: 'viewer' | 'approver' | 'admin', enabled?: boolean) => Promise<Person>
  /** As the console's own pages ask; `cookie` signs in. */
  get: (path: string, cookie?: string, headers?: Record<string, string>) => Promise<Sent>
  post: (path: string, body: unknown, cookie?: string, headers?: Record<string, string>) => Promise<Sent>
  send: (text: RequestText) => Promise<Sent>
  /** Signs in and returns the Cookie header that a browser would send from then on. */
  signIn: (person: Person, cookie?: string) => Promise<string>
  close: () => Promise<void>
}

export async function startTestBff(
  options: { environment?: Record<string, string>; timing?: Partial<Timing>; origin?: string } = {},
): Promise<TestBff> {
  let fetch: Parameters<typeof serve>[0]['fetch'] = () => new Response(null, { status: 503 })
  const headers = { ...apiHeaders, ...commonHeaders(options.origin ?? 'http://localhost') }
  const serving = await serve({
    fetch: (...given) => fetch(...given),
    host: '127.0.0.1',
    port: 0,
    headers,
    log: createLog({ name: 'bff', level: 'silent', secrets: [] }),
  })
  const { port } = serving
  const origin = options.origin ?? `http://localhost:${port}`
  let deps: Deps | undefined
  let offset = 0
  const now = () => new Date(Date.now() + offset)
  const upstream = await startTestUpstream(
    testApiKey,
    () => deps!.signingKey.publicKey,
    () => now(),
  )
  const reading = await readConfiguration({
    CONSOLE_ORIGIN: origin,
    CONTROL_PLANE_URL: upstream.url,
    AUTOPACK_API_KEY: testApiKey,
    WEB_DIST_DIR: '/nonexistent',
    ...options.environment,
  })
  if (!reading.ok) throw new Error(reading.problems.join('\n'))
  const database = await openTestDatabase()
  let logged = ''
  const destination = new Writable({
    write(part, _, done) {
      logged += String(part)
      done()
    },
  })
  const log = createLog({ name: 'bff', level: 'debug', secrets: reading.configuration.secrets, destination })
  deps = await createDeps(reading.configuration, database, log, {
    now,
    timing: options.timing,
    passwords: await createPasswordHasher(cheapPasswordCost),
  })
  fetch = createBffApp(deps).fetch as typeof fetch

  const host = new URL(origin).host
  const send = (text: RequestText) => sendRequest(port, { ...text, headers: { host, ...text.headers } })
  const post: TestBff['post'] = (path, body, cookie, headers) =>
    send({
      method: 'POST',
      path,
      body: JSON.stringify(body),
      headers: {
        origin,
        'x-csrf': '1',
        'content-type': 'application/json',
        'sec-fetch-site': 'same-origin',
        ...(cookie ? { cookie } : {}),
        ...headers,
      },
    })
  const made = deps
  return {
    origin,
    port,
    deps,
    upstream,
    logged: () => logged,
    advance: (milliseconds) => {
      offset += milliseconds
    },
    addPerson: async (name, role, enabled = true) => {
      const person = { operator_id: `op_${randomUUID()}`, name, password: `a long password of ${name}` }
      upstream.operators.set(person.operator_id, { name, role, enabled })
      const password_hash = await made.passwords.hash(person.password)
      const row = { operator_id: person.operator_id, name, name_folded: foldName(name), password_hash, generated: true, changed_at: made.now() }
      if (!(await createSignIn(made.db, row))) throw new Error(`${name} is there already`)
      return person
    },
    get: (path, cookie, headers) => send({ path, headers: { 'sec-fetch-site': 'same-origin', ...(cookie ? { cookie } : {}), ...headers } }),
    post,
    send,
    signIn: async (person, cookie) => {
      const answer = await post('/api/auth/login', { name: person.name, password: person.password }, cookie)
      if (answer.status !== 200) throw new Error(`sign-in answered ${answer.status}: ${answer.text}`)
      return (answer.headers['set-cookie'] ?? []).map((each) => each.split(';')[0]).join('; ')
    },
    close: async () => {
      made.streams.endAll('shutdown')
      await serving.stop()
      await made.controlPlane.close()
      await upstream.close()
      await database.close()
    },
  }
}

/** Sends the whole table at two real servers and judges every answer: first what the contract refuses, then what it accepts. */
import { consolePath } from '@autopack/contract/route'
import type { Route } from '@autopack/contract/route'
import { hasRole } from '@autopack/contract/roles'
import { consoleOnlyRoutes, consoleRoutes, executorRoutes, operatorRoutes, publicRoutes } from '@autopack/contract/routes'
import { judgeByContract } from './contract-verdict.ts'
import type { Verdict } from './contract-verdict.ts'
import { makeExecutor, replaceStandIns, stateNeededBy, thingsFor } from './existing-things.ts'
import type { Ask, Executor } from './existing-things.ts'
import type { HostileRequest, Kind } from './hostile-request.ts'
import { codeOf, isLimited, isUnreached, judgeAnswer } from './judge-answer.ts'
import { buildGoodRequests, kindsOf, listHostileRequests } from './list-hostile-requests.ts'
import { readState } from './read-state.ts'
import { sendBytes } from './send-bytes.ts'
import type { Answer } from './send-bytes.ts'
import { consoleOrigin, peopleWhoComeAndGo, startTwoServers } from './two-servers.ts'
import type { Person, TwoServers } from './two-servers.ts'

export type TableReport = {
  sent: number
  /** Answers that the limiter did not give. */
  judged: number
  limited: number
  /** Asked again because no answer of the control plane came: few, or something is broken now and then. */
  lost: number
  byStatus: Record<string, number>
  /** Route by route: how many of each kind were judged; null for a cell that cannot exist. */
  cells: { side: string; route: string; counts: Record<Kind, number | null> }[]
  /** Everything that is wrong, with the request that shows it. */
  complaints: string[]
  residentMebibytes: Record<string, readonly [before: number, after: number]>
  seconds: number
}

type Plane = 'executor' | 'operator' | 'console itself' | 'browser' | 'public'
type Side = { name: string; plane: Plane; port: number; isConsole: boolean; routes: readonly Route[]; template: (route: Route) => string }
type Attempt = { side: Side; route: Route; request: HostileRequest; verdict: Verdict; turn: number; tries: number }

const executorCount = 32
/** Few enough that each is answered in time on a slow machine: the embedded database works on one at a time. */
const inParallel = 6
/** At most so many of one kind for one route: what the contract accepts is worked on for real, which takes longer. */
const mostOfAKind = { refused: 10, accepted: 3 }
/** The limiters forget within a minute; whoever was limited is asked again until then, and so is what a busy machine did not answer in time. */
const mostTries = 4

export async function runHostileTable(folder: string): Promise<TableReport> {
  const started = Date.now()
  const servers = await startTwoServers(folder)
  const report: TableReport = { sent: 0, judged: 0, limited: 0, lost: 0, byStatus: {}, cells: [], complaints: [], residentMebibytes: {}, seconds: 0 }
  try {
    await attack(servers, report)
  } finally {
    await servers.stop()
  }
  report.complaints.push(...judgeLog(servers))
  report.seconds = Math.round((Date.now() - started) / 1_000)
  return report
}

async function attack(servers: TwoServers, report: TableReport): Promise<void> {
  const { people } = servers
  for (const person of people) await signIn(servers, person)
  // Sessions that may be ended by whoever asks for it.
  for (const person of people.slice(-peopleWhoComeAndGo)) {
    person.spareSessionId = await currentSessionId(servers, person)
    await signIn(servers, person)
  }
  const asOperator = (person: Person): Ask =>
    toAsk(servers.controlPlane.port, (method, target, body) => operatorHeaders(servers, person.operator_id, method, target, body))
  const asExecutor = (key: string): Ask => toAsk(servers.controlPlane.port, () => ({ 'x-api-key': key }))
  const admins = people.filter(({ role }) => role === 'admin')
  const approvers = people.filter(({ role }) => role !== 'viewer')
  const executors: Executor[] = []
  for (let index = 0; index < executorCount; index += 1) {
    executors.push(
      await makeExecutor(index, asOperator(admins[index % admins.length]!), asOperator(approvers[index % approvers.length]!), asExecutor),
    )
  }
  const residents = { 'control plane': servers.controlPlane.residentBytes, console: servers.console.residentBytes }
  const before = Object.fromEntries(Object.entries(residents).map(([name, measure]) => [name, measure()]))
  const attempts = listAttempts(servers, report)
  const asAdmin = asOperator(admins.at(-1)!)
  const send = (attempt: Attempt) => judgeAttempt(servers, executors, attempt, report)
  // What the contract accepts goes first: then everything hostile that can be stored is there while the rest is refused.
  await inTurn(
    attempts.filter(({ verdict }) => verdict.accepts),
    send,
  )
  // A lease that ends by itself while the rest is refused would look like a change.
  for (const { key, actions } of executors) {
    for (const id of [actions.approved, actions.executing]) {
      await asExecutor(key)('POST', `/external-actions/${id}/finish`, { fence: 1, sent: 'no', outcome: 'failed' })
    }
  }
  // Whose session was ended signs in now: doing it while the rest is refused would be a change too.
  for (const person of people.slice(-peopleWhoComeAndGo)) await signIn(servers, person)
  await settled(async () => countOf(await readState(asAdmin)))
  const state = await readState(asAdmin)
  await inTurn(
    attempts.filter(({ verdict }) => !verdict.accepts),
    send,
  )
  const stateAfter = await readState(asAdmin)
  const changed = [...state.filter((line) => !stateAfter.includes(line)), ...stateAfter.filter((line) => !state.includes(line))]
  report.complaints.push(...changed.slice(0, 10).map((line) => `a refused request changed something: ${line.slice(0, 300)}`))

  // What is stored now is hostile: it can still be read, and good requests work as before.
  await readState(asAdmin).catch((error: unknown) => report.complaints.push(`what was stored cannot be read: ${String(error)}`))
  for (const side of sides(servers)) {
    for (const route of side.routes) {
      const [good] = buildGoodRequests(route, side.template(route), thingsFor(route))
      const request: HostileRequest = { kind: 'boundary', label: 'a good request afterwards', method: route.method, headers: [], ...good! }
      await send({ side, route, request, verdict: { accepts: true }, turn: 3, tries: mostTries - 1 })
    }
  }
  if (!servers.isAlive()) report.complaints.push('a server has ended')
  for (const [name, measure] of Object.entries(residents)) {
    const pair = [Math.round(before[name]! / 2 ** 20), Math.round(measure() / 2 ** 20)] as const
    report.residentMebibytes[name] = pair
    if (pair[1] > pair[0] * 2) report.complaints.push(`the memory of the ${name} grew from ${pair[0]} to ${pair[1]} MiB`)
  }
}

function sides(servers: TwoServers): Side[] {
  const controlPlane = { port: servers.controlPlane.port, isConsole: false, template: (route: Route) => route.path }
  const console_ = { port: servers.console.port, isConsole: true, template: (route: Route) => consolePath(route.path) }
  return [
    { name: 'executor plane', plane: 'executor', routes: executorRoutes, ...controlPlane },
    { name: 'operator plane', plane: 'operator', routes: operatorRoutes, ...controlPlane },
    { name: 'for the console', plane: 'console itself', routes: consoleOnlyRoutes, ...controlPlane },
    { name: 'public, control plane', plane: 'public', routes: publicRoutes, ...controlPlane },
    { name: 'console', plane: 'browser', routes: [...operatorRoutes, ...consoleRoutes], ...console_ },
    { name: 'public, console', plane: 'public', routes: publicRoutes, ...console_ },
  ]
}

/** Routes take turns, so that no limiter sees all requests of its class at once. */
function listAttempts(servers: TwoServers, report: TableReport): Attempt[] {
  const lists = sides(servers).flatMap((side) =>
    side.routes.map((route) => {
      const template = side.template(route)
      const possible = kindsOf(route)
      const counts = Object.fromEntries(possible.map((kind) => [kind, 0])) as Record<Kind, number | null>
      report.cells.push({ side: side.name, route: route.id, counts })
      const judged = listHostileRequests(route, template, thingsFor(route)).map((request) => ({
        request,
        verdict: judgeByContract(route, template, side.isConsole, request),
      }))
      const chosen = possible.flatMap((kind) => {
        const ofKind = judged.filter(({ request }) => request.kind === kind)
        return [
          ...spread(
            ofKind.filter(({ verdict }) => verdict.accepts),
            mostOfAKind.accepted,
          ),
          ...spread(
            ofKind.filter(({ verdict }) => !verdict.accepts),
            mostOfAKind.refused,
          ),
        ]
      })
      return chosen.map((each, turn): Attempt => ({ side, route, ...each, turn, tries: 0 }))
    }),
  )
  const longest = Math.max(...lists.map((list) => list.length))
  const attempts: Attempt[] = []
  for (let index = 0; index < longest; index += 1) for (const list of lists) if (list[index]) attempts.push(list[index]!)
  return attempts
}

/** Evenly, so that each member and each place keeps some; the same ones each time. */
function spread<T>(list: readonly T[], most: number): T[] {
  if (list.length <= most) return [...list]
  return Array.from({ length: most }, (_, index) => list[Math.floor((index * list.length) / most)]!)
}

async function inTurn(attempts: readonly Attempt[], send: (attempt: Attempt) => Promise<'done' | 'again'>): Promise<void> {
  let queue = [...attempts]
  while (queue.length > 0) {
    const again: Attempt[] = []
    let next = 0
    await Promise.all(
      Array.from({ length: inParallel }, async () => {
        while (next < queue.length) {
          const attempt = queue[next++]!
          if ((await send(attempt)) === 'again' && attempt.tries + 1 < mostTries)
            again.push({ ...attempt, turn: attempt.turn + 17, tries: attempt.tries + 1 })
        }
      }),
    )
    queue = again
  }
}

async function judgeAttempt(servers: TwoServers, executors: readonly Executor[], attempt: Attempt, report: TableReport): Promise<'done' | 'again'> {
  const { side, route, verdict, turn } = attempt
  const some = endsSessions.has(route.id) ? servers.people.slice(-peopleWhoComeAndGo) : servers.people.slice(0, -peopleWhoComeAndGo)
  const allowed = some.filter(({ role }) => hasRole(role, route.policy.role ?? 'admin'))
  const person = allowed[turn % allowed.length]!
  return endsSessions.has(route.id) ? inTurnOf(person, () => judgeAs(person)) : judgeAs(person)

  async function judgeAs(person: Person): Promise<'done' | 'again'> {
    const executor = executors[turn % executors.length]!
    const subjectId = servers.subjectIds[turn % servers.subjectIds.length]!
    const fill = (text: string) => replaceStandIns(text, { executor, action: stateNeededBy(route), person, subjectId, turn })
    const { body } = attempt.request
    const bytes = body && (route.body === 'bytes' ? body.bytes() : Buffer.from(fill(body.bytes().toString('latin1')), 'latin1'))
    const request: HostileRequest = {
      ...attempt.request,
      target: fill(attempt.request.target),
      body: body && { ...body, bytes: () => bytes! },
    }
    const complain = (words: string) =>
      report.complaints.push(`${side.name}, ${route.id}, ${request.kind}, ${request.label}: ${words}\n    ${describe(request)}`)
    let answer: Answer
    try {
      answer = await ask(servers, side, route, person, executor, request)
      if (answer.status === 401 && codeOf(answer) === 'not_signed_in' && side.plane === 'browser') {
        await signIn(servers, person)
        answer = await ask(servers, side, route, person, executor, request)
      }
    } catch (error) {
      report.sent += 1
      // Who closes before all of a body was sent may take the answer away with it: TCP throws away what was not read yet.
      if (['EPIPE', 'ECONNRESET'].includes((error as NodeJS.ErrnoException).code ?? '') && attempt.tries + 1 < mostTries) {
        report.lost += 1
        return 'again'
      }
      complain((error as Error).message)
      return 'done'
    }
    report.sent += 1
    report.byStatus[answer.status] = (report.byStatus[answer.status] ?? 0) + 1
    remember(person, answer, request)
    if (isLimited(answer)) {
      report.limited += 1
      return 'again'
    }
    // What the control plane never answers is a complaint after the last try.
    if (isUnreached(answer) && attempt.tries + 1 < mostTries) {
      report.lost += 1
      return 'again'
    }
    report.judged += 1
    const cell = report.cells.find((each) => each.side === side.name && each.route === route.id)!
    cell.counts[request.kind] = (cell.counts[request.kind] ?? 0) + 1
    const requestText = `${request.target}\n${request.headers.flat().join('\n')}\n${(request.body?.bytes().subarray(0, 100_000) ?? '').toString()}`
    for (const words of judgeAnswer(answer, { route, verdict, requestText, secrets: servers.secrets }))
      complain(`${words}\n    ${answer.status} ${answer.text.slice(0, 300)}`)
    return 'done'
  }
}

/** Sign-ins end the oldest session of somebody who has too many, and whoever shows again who they are gets another one. */
const endsSessions: ReadonlySet<string> = new Set(['login', 'stepUp', 'logout', 'changePassword', 'revokeSession'])
const busyWith = new Map<Person, Promise<unknown>>()

/** One request of this person at a time: the next one needs the session or the password that this one may have changed. */
function inTurnOf<T>(person: Person, act: () => Promise<T>): Promise<T> {
  const turn = (busyWith.get(person) ?? Promise.resolve()).then(act)
  busyWith.set(
    person,
    turn.catch(() => undefined),
  )
  return turn
}

let requestCount = 0

async function ask(servers: TwoServers, side: Side, route: Route, person: Person, executor: Executor, request: HostileRequest): Promise<Answer> {
  requestCount += 1
  const type: Record<string, string> = route.body ? { 'content-type': route.body === 'bytes' ? 'application/octet-stream' : 'application/json' } : {}
  const key: Record<string, string> = route.retry === 'same_idempotency_key' ? { 'idempotency-key': `hostile-${requestCount}` } : {}
  return sendBytes(
    side.port,
    request,
    { host: side.isConsole ? new URL(consoleOrigin).host : `127.0.0.1:${side.port}`, ...type, ...key, ...credentials() },
    45_000,
  )

  function credentials(): Record<string, string> {
    const body = route.body ? (request.body?.bytes() ?? Buffer.alloc(0)) : Buffer.alloc(0)
    switch (side.plane) {
      case 'executor':
        return { 'x-api-key': executor.key }
      case 'operator':
        return operatorHeaders(servers, person.operator_id, request.method, request.target, body)
      case 'console itself':
        return operatorHeaders(servers, 'console', request.method, request.target, body)
      case 'browser':
        return browserHeaders(person)
      case 'public':
        return {}
    }
  }
}

function operatorHeaders(servers: TwoServers, subject: string, method: string, target: string, body: Buffer): Record<string, string> {
  const path = target.replace(/^[a-z]+:\/\/[^/]*/i, '')
  return { 'x-api-key': servers.instanceKey, 'x-operator-assertion': servers.assert(subject, { method, target: path === '' ? '/' : path, body }) }
}

function browserHeaders(person: Person): Record<string, string> {
  const address = `198.51.${100 + (requestCount % 100)}.${requestCount % 251}`
  return { cookie: person.cookie, origin: consoleOrigin, 'x-csrf': '1', 'sec-fetch-site': 'same-origin', 'x-forwarded-for': address }
}

function toAsk(port: number, headers: (method: string, target: string, body: Buffer) => Record<string, string>): Ask {
  return async (method, target, body, more = {}) => {
    const bytes = body === undefined ? null : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
    const type = typeof body === 'string' ? 'application/octet-stream' : 'application/json'
    const request: HostileRequest = {
      kind: 'boundary',
      label: 'made',
      method,
      target,
      headers: Object.entries(more),
      body: bytes && { bytes: () => bytes, framing: 'length' },
    }
    return sendBytes(port, request, {
      host: `127.0.0.1:${port}`,
      ...(bytes ? { 'content-type': type } : {}),
      ...headers(method, target, bytes ?? Buffer.alloc(0)),
    })
  }
}

async function signIn(servers: TwoServers, person: Person): Promise<void> {
  const body = Buffer.from(JSON.stringify({ name: person.name, password: person.password }))
  const request: HostileRequest = {
    kind: 'boundary',
    label: 'sign in',
    method: 'POST',
    target: '/api/auth/login',
    headers: [],
    body: { bytes: () => body, framing: 'length' },
  }
  const send = (cookie: string) =>
    sendBytes(servers.console.port, request, {
      host: new URL(consoleOrigin).host,
      'content-type': 'application/json',
      ...browserHeaders({ ...person, cookie }),
    })
  requestCount += 1
  // Without the old session's cookie: it stays, and is the spare one.
  const answer = await send('')
  if (answer.status !== 200) throw new Error(`${person.name} could not sign in: ${answer.status} ${answer.text.slice(0, 300)}`)
  remember(person, answer, request)
}

async function currentSessionId(servers: TwoServers, person: Person): Promise<string> {
  const list: HostileRequest = { kind: 'boundary', label: 'sessions', method: 'GET', target: '/api/auth/sessions', headers: [], body: null }
  const sessions = await sendBytes(servers.console.port, list, { host: new URL(consoleOrigin).host, ...browserHeaders(person) })
  return (JSON.parse(sessions.text) as { items: { session_id: string }[] }).items[0]!.session_id
}

/** As a browser does: the cookies that came, and the password that was changed. */
function remember(person: Person, answer: Answer, request: HostileRequest): void {
  const cookies = answer.headers['set-cookie']
  if (cookies === undefined || answer.status >= 400) return
  const session = /(?:^|\n)(session=[^;]+)/.exec(cookies)?.[1]
  if (session !== undefined) person.cookie = session
  if (request.target.startsWith('/api/auth/password'))
    person.password = (JSON.parse(request.body!.bytes().toString()) as { new_password: string }).new_password
}

/** Sign-ins reach the audit log a moment later: whoever compares waits until nothing moves any more. */
async function settled(read: () => Promise<string>): Promise<void> {
  let last = ''
  for (let same = 0, tries = 0; same < 3; tries += 1) {
    if (tries > 60) throw new Error('the audit log does not come to rest')
    const now = await read()
    same = now === last ? same + 1 : 0
    last = now
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

function countOf(lines: readonly string[]): string {
  return lines.slice(-2).join()
}

function judgeLog(servers: TwoServers): string[] {
  return servers.logLines().flatMap((line) => {
    const secret = servers.secrets.slice(0, -2).find((each) => line.includes(each))
    if (secret !== undefined) return [`a secret of the deployment is in the log (${secret.slice(0, 4)}…)`]
    const isError = /"level":(50|60)/.test(line) || /internal_error|unhandled|Unhandled|uncaught|UnhandledPromiseRejection/.test(line)
    return isError ? [`the log says ${line.slice(0, 1_200)}`] : []
  })
}

function describe({ method, target, headers, body }: HostileRequest): string {
  const lines = headers.map(([name, value]) => `${name}: ${value ?? '(left out)'}`.slice(0, 120))
  return [`${method} ${target.slice(0, 200)}`, ...lines, ...(body ? [body.bytes().subarray(0, 300).toString()] : [])].join(' | ')
}

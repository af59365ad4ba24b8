/**
 * Who learns of somebody's work: every route of the contract and every kind of event × owner, stranger, shared with, admin × roles ×
 * keys. Each question is put before there is such work and again when there is; a stranger's answers are the same, to the byte,
 * but for what is listed here.
 */
import { randomUUID } from 'node:crypto'
import { eventTypes } from '@autopack/contract/events'
import { hasRole } from '@autopack/contract/roles'
import type { Role } from '@autopack/contract/roles'
import type { Route } from '@autopack/contract/route'
import { executorRoutes, operatorRoutes } from '@autopack/contract/routes'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { listEventsBetween, readEventHead } from './events/event-rows.ts'
import { everythingOn, expectStatus, propose } from './test/ledger-story.ts'
import { hiddenPath, hiddenWord, listNobodysIds, openHiddenWorld } from './test/open-hidden-world.ts'
import type { HiddenIds } from './test/open-hidden-world.ts'
import { openTestDeps } from './test/open-test-deps.ts'
import type { Caller, TestDeps } from './test/open-test-deps.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 600_000 })

let deps: TestDeps
let before: HiddenIds
let after: HiddenIds
let eventsBefore: number
let strangersKey: string
let ownAction: string
let changedByTrying: boolean

type Person = 'owner' | 'shared' | 'stranger' | 'strange approver' | 'admin'
const roleOf: Readonly<Record<Person, Role>> = {
  owner: 'approver',
  shared: 'viewer',
  stranger: 'viewer',
  'strange approver': 'approver',
  admin: 'admin',
}
const people = Object.keys(roleOf) as Person[]
const strangers: readonly Person[] = ['stranger', 'strange approver']
const operatorIds = new Map<Person, string>()
const actingIds = new Map<Person, string>()

/**
 * What is about the deployment and everybody may know: how far the logs are, how much of a cap is left, and that something is
 * stopped (but not what, by whose word, or why; see toBrake). Everything else of a stranger's answer stays as it was.
 */
const knownToAll: Readonly<Record<string, readonly string[]>> = {
  getSystemStatus: ['audit.head_seq', 'audit.head_hash', 'last_event_id', 'control.version', 'control.brakes', 'control.caps'],
  getControl: ['version', 'brakes', 'caps.used', 'caps.reserved'],
  listBrakes: ['items'],
}
/** By the nature of time. */
const alwaysMoving = ['now', 'request_id', 'resets_at', 'expires_at', 'nonce', 'last_used_at', 'last_seen_at']

/** Reads that are about nobody's work, or of what is only each person's own: the owner's answer stays the same, too. */
const aboutNobodysWork = [
  'getOwnOperator',
  'getSystemStatus',
  'listAuditCheckpoints',
  'listAuditQueries',
  'listOperators',
  'listOwnPasskeys',
  'exportAudit',
  'listExecutorKeys',
  'streamEvents',
  'getControl',
  'listBrakes',
]

const querySamples: Readonly<Record<string, (ids: HiddenIds) => string>> = {
  q: () => hiddenWord,
  run_id: (ids) => ids.run_id,
  approval_ref: (ids) => ids.action_id,
  actor: (ids) => ids.executor_id,
  owner: () => 'owner',
  executor: (ids) => ids.executor_name,
  state: () => 'EXECUTING',
  scope: () => 'open',
  kind: () => 'external_action',
  provider: () => 'demo_shop',
  event_type: () => 'external_action.proposed',
  result: () => 'ok',
  needs_human: () => 'true',
  risk: () => 'high',
  observed: () => 'cannot_verify',
  path: () => hiddenPath,
}
const hiddenTypes = [
  'approval_request.changed',
  'artifact.changed',
  'control.changed',
  'external_action.changed',
  'governance_request.changed',
  'run.changed',
]

/** Without these the route refuses the question before it looks. */
const neededQuery = ['path']

function toTarget(route: Route, ids: HiddenIds): string {
  return route.path.replace(/\{([a-z_]+)\}/g, (_, name: string) => {
    const id = (ids as Record<string, string>)[name] ?? `no-sample-for-${name}`
    // Executors know their requests by the bare number.
    return route.policy.plane === 'executor' ? id.replace(/^(apr|gov)_/, '') : id
  })
}

/** The question as it is, and once with each filter that could find something. */
function listQuestions(route: Route, ids: HiddenIds): { name: string; target: string }[] {
  const names = Object.keys(route.query?.shape ?? {})
  const needed = names.filter((name) => neededQuery.includes(name))
  const toQuestion = (asked: readonly string[]) => {
    const query = new URLSearchParams(asked.map((name) => [name, querySamples[name]!(ids)])).toString()
    return { name: [route.id, ...asked].join(' '), target: `${toTarget(route, ids)}${query === '' ? '' : `?${query}`}` }
  }
  const optional = names.filter((name) => !needed.includes(name) && querySamples[name] !== undefined)
  return [toQuestion(needed), ...optional.map((name) => toQuestion([...needed, name]))]
}

const operatorReads = operatorRoutes.filter(({ method, answer }) => method === 'GET' && answer.kind !== 'events')
const executorReads = executorRoutes.filter(({ method }) => method === 'GET')

/** Acts on somebody's work, with a body that fits; `null`: about nobody's work, or for admins, who see everything. */
const reason = 'A test tries.'
const actBodies: Readonly<Record<string, ((ids: HiddenIds) => object) | null>> = {
  decideExternalAction: (ids) => ({ kind: 'reject', revision: 1, payload_hash: ids.payload_hash, reject_kind: 'not_now', reason }),
  revokeExternalAction: (ids) => ({ kind: 'revoke', revision: 1, payload_hash: ids.payload_hash, reason }),
  resolveExternalAction: () => ({ execution_id: `exe_${randomUUID()}`, outcome: 'failed', looked_at: 'the shop', reason }),
  engageBrake: (ids) => ({ scope: { kind: 'run', id: ids.run_id }, reason }),
  createChallenge: (ids) => ({ purpose: 'approve', action_id: ids.action_id, revision: 1, payload_hash: ids.payload_hash }),
  decideApprovalRequest: (ids) => ({ kind: 'reject', body_sha256: ids.approval_body_sha256, reject_kind: 'not_now', reason }),
  decideGovernanceRequest: (ids) => ({ kind: 'reject', body_sha256: ids.governance_body_sha256, reject_kind: 'not_now', reason }),
  shareExecutor: () => ({ shared_with_everyone: true, shared_with: [] }),
  rotateExecutorKey: () => ({}),
  revokeExecutorKey: () => ({}),
  saveAuditQuery: null,
  removeAuditQuery: null,
  addPasskey: null,
  renamePasskey: null,
  removePasskey: null,
  setCap: null,
  setSwitch: null,
}
const otherActs: readonly [string, (ids: HiddenIds) => object][] = [
  ['engageBrake', (ids) => ({ scope: { kind: 'executor', id: ids.executor_id }, reason })],
]
const operatorActs = operatorRoutes.filter(({ method, policy }) => method !== 'GET' && policy.role !== 'admin')

type Answered = { status: number; body: unknown; text: string }
async function read(answer: Response): Promise<Answered> {
  const text = await answer.text()
  const isJson = (answer.headers.get('content-type') ?? '').includes('json') && !(answer.headers.get('content-type') ?? '').includes('ndjson')
  return { status: answer.status, body: isJson ? JSON.parse(text) : text, text }
}

const answers = new Map<string, Answered>()
const keyOf = (moment: 'before' | 'after', who: string, name: string) => `${moment} ${who} ${name}`
const answerOf = (moment: 'before' | 'after', who: string, name: string) => answers.get(keyOf(moment, who, name))!

async function askReads(moment: 'before' | 'after', ids: HiddenIds): Promise<void> {
  for (const who of people) {
    for (const route of operatorReads) {
      for (const { name, target } of listQuestions(route, ids))
        answers.set(keyOf(moment, who, name), await read(await deps.asOperator(operatorIds.get(who)!).get(target)))
    }
  }
  const own = await deps.asOperator(operatorIds.get('stranger')!).get(`/operator/external-actions/${ownAction}`)
  answers.set(keyOf(moment, 'stranger', 'own action'), await read(own))
  for (const route of executorReads) {
    for (const { name, target } of listQuestions(route, ids))
      answers.set(keyOf(moment, 'strange key', name), await read(await deps.asExecutor(strangersKey).get(target)))
  }
}

async function askActs(moment: 'before' | 'after', ids: HiddenIds): Promise<void> {
  for (const who of strangers) {
    const asked = operatorActs.flatMap((route) => [
      ...(actBodies[route.id] ? [{ route, name: route.id, body: actBodies[route.id]!(ids) }] : []),
      ...otherActs.filter(([id]) => id === route.id).map(([id, body], nth) => ({ route, name: `${id} ${nth}`, body: body(ids) })),
    ])
    for (const { route, name, body } of asked) {
      const caller: Caller = deps.asOperator(actingIds.get(who)!)
      answers.set(keyOf(moment, who, name), await read(await caller.post(toTarget(route, ids), body, { 'idempotency-key': randomUUID() })))
    }
  }
}

beforeAll(async () => {
  deps = await openTestDeps({ ceiling: everythingOn })
  // Their refused attempts are in the audit log that they may read: somebody else's questions must not find them there.
  for (const who of strangers) actingIds.set(who, await deps.addOperator({ name: `acting ${who}`, role: roleOf[who] }))
  for (const who of people) operatorIds.set(who, who === 'admin' ? deps.operatorIds.admin : await deps.addOperator({ name: who, role: roleOf[who] }))
  strangersKey = (await deps.addExecutor({ name: 'strange', ownerOperatorId: operatorIds.get('stranger')! })).key
  // For the same shop as the hidden ones: what was approved there before is a finding, and may tell.
  ownAction = (await propose(deps, { executorKey: strangersKey })).action_id
  before = listNobodysIds(operatorIds.get('owner')!)
  await askActs('before', before)
  await askReads('before', before)
  eventsBefore = (await readEventHead(deps.db)).lastId
  after = await openHiddenWorld(deps, operatorIds.get('owner')!, { with: operatorIds.get('shared')! })
  await askReads('after', after)
  const whole = await readLedger()
  await askActs('after', after)
  changedByTrying = whole !== (await readLedger())
})
afterAll(() => deps.close())

/** Without what moves by itself and what everybody may know. Ids that stand in the question are told apart from what is new. */
function toComparable(routeId: string, { status, body }: Answered): unknown {
  const open = knownToAll[routeId] ?? []
  const strip = (value: unknown, path: string): unknown => {
    if (open.includes(path)) return 'known to all'
    if (Array.isArray(value)) return value.map((item) => strip(item, path))
    if (typeof value !== 'object' || value === null) return value
    const members = Object.entries(value).filter(([name]) => !alwaysMoving.includes(name))
    return Object.fromEntries(members.map(([name, item]) => [name, strip(item, path === '' ? name : `${path}.${name}`)]))
  }
  return { status, body: strip(body, '') }
}

describe.each(strangers)('a %s', (who) => {
  describe.each(operatorReads.map((route) => [route.id, route] as const))('reads %s', (_id, route) => {
    test.each(listQuestions(route, listNobodysIds('op_nobody')).map(({ name }) => name))(
      '%s, and hears what was heard before there was anything',
      (name) => {
        const now = answerOf('after', who, name)
        expect(toComparable(route.id, now)).toEqual(toComparable(route.id, answerOf('before', who, name)))
        // Also in what may change: a brake over something hidden says that there is one, and nothing of what or why.
        expect(now.text.toLowerCase()).not.toContain(hiddenWord)
        for (const id of [after.action_id, after.other_action_id, after.executor_id, after.key_id]) expect(now.text).not.toContain(id)
      },
    )
  })

  test.each(operatorActs.filter(({ id }) => actBodies[id] !== null).map(({ id }) => id))(
    'tries %s, and is told what is told about something that does not exist',
    (id) => {
      expect(actBodies[id], `a body for ${id}, or null when it is about nobody's work`).toBeDefined()
      const names = [id, ...otherActs.flatMap(([other], nth) => (other === id ? [`${id} ${nth}`] : []))]
      for (const name of names) {
        const unknown = answerOf('before', who, name)
        // A question that does not fit the contract is refused before anything is looked for.
        expect([name, [403, 404].includes(unknown.status)]).toEqual([name, true])
        expect(toComparable(id, answerOf('after', who, name))).toEqual(toComparable(id, unknown))
      }
    },
  )

  test('hears no event of it', async () => {
    expect(await listTypes(who)).toEqual(['control.changed'])
  })
})

test('strangers who try change nothing, whatever they are told', () => expect(changedByTrying).toBe(false))

test('of their own action a stranger reads what they read before: that its target was approved for somebody else is no finding', () => {
  const own = answerOf('before', 'stranger', 'own action')
  expect(own.status).toBe(200)
  expect(toComparable('getExternalAction', answerOf('after', 'stranger', 'own action'))).toEqual(toComparable('getExternalAction', own))
})

describe('a key of another executor', () => {
  test.each(executorReads.flatMap((route) => listQuestions(route, listNobodysIds('op_nobody')).map(({ name }) => [name, route.id] as const)))(
    'reads %s, and hears what was heard before there was anything',
    (name, routeId) => {
      const open = routeId === 'getExecutorControl' ? ['version', 'caps.used', 'caps.reserved'] : []
      const compare = (moment: 'before' | 'after') => {
        const answer = toComparable(routeId, answerOf(moment, 'strange key', name)) as { body: Record<string, unknown> }
        return open.length === 0 ? answer : { ...answer, body: withoutUse(answer.body) }
      }
      expect(compare('after')).toEqual(compare('before'))
      // But for the id in the question, which an answer may repeat.
      expect(answerOf('after', 'strange key', name).text.replaceAll(after.run_id, '').toLowerCase()).not.toContain(hiddenWord)
    },
  )
})

describe.each(['owner', 'shared', 'admin'] as const)('the %s', (who) => {
  test.each(
    operatorReads.filter(({ id, policy }) => !aboutNobodysWork.includes(id) && hasRole(roleOf[who], policy.role as Role)).map(({ id }) => id),
  )('hears of it by %s, so that a stranger who does not is no accident', (id) => {
    const route = operatorReads.find((each) => each.id === id)!
    const changed = listQuestions(route, after).filter(
      ({ name }) =>
        JSON.stringify(toComparable(id, answerOf('after', who, name))) !== JSON.stringify(toComparable(id, answerOf('before', who, name))),
    )
    // What nobody serves yet, another matrix finds.
    const isServed = answerOf('after', who, listQuestions(route, after)[0]!.name).status !== 405
    expect([id, isServed, changed.length > 0]).toEqual([id, isServed, isServed])
  })

  test('hears the events of it', async () => {
    expect(await listTypes(who)).toEqual(hiddenTypes)
  })
})

test('the owner reads which brake is over what, and the brakes are in the lists of everybody without that', () => {
  for (const name of ['getControl', 'listBrakes']) {
    expect(answerOf('after', 'owner', name).text).toContain(hiddenWord)
    expect(answerOf('after', 'stranger', name).text).toContain('you may not see')
  }
})

test('every kind of event there is comes from something that this matrix makes, or is about people and executors themselves', () => {
  const elsewhere = ['operator.changed', 'executor.changed']
  expect([...eventTypes].toSorted()).toEqual([...hiddenTypes, ...elsewhere].toSorted())
})

test('the matrix asks every read and every act of the contract', () => {
  const asked = new Set([...answers.keys()].map((key) => key.split(' ')).flat())
  for (const { id } of [...operatorReads, ...executorReads]) expect(asked.has(id), id).toBe(true)
  for (const { id } of operatorActs) expect(id in actBodies, `${id} in actBodies`).toBe(true)
})

test('a strange approver who stops everything reads how many executions go on, and nothing of which', async () => {
  const stopping = await deps
    .asOperator(operatorIds.get('strange approver')!)
    .post('/operator/control/brake', { scope: { kind: 'all', id: '' }, reason })
  expect(await expectStatus(stopping, 200)).toMatchObject({ cannot_recall: [], cannot_recall_total: 1, stopped_count: 0 })
})

/** Everything that people decide about, without what only says when somebody was here. */
async function readLedger(): Promise<string> {
  const read = async (table: string) => {
    const found = await deps.db.execute(
      sql`SELECT md5(string_agg(t::text, '' ORDER BY t::text)) AS sum FROM ${sql.raw(`control_plane.${table}`)} AS t`,
    )
    return `${table} ${String((found.rows[0] as { sum: string | null }).sum)}`
  }
  const tables = ['external_action', 'decision', 'request', 'request_decision', 'brake', 'executor', 'executor_share', 'executor_key']
  return (await Promise.all(tables.map(read))).join('\n')
}

async function listTypes(who: Person): Promise<string[]> {
  const viewer = { operatorId: operatorIds.get(who)!, role: roleOf[who] }
  const { lastId } = await readEventHead(deps.db)
  const events = await listEventsBetween(deps.db, viewer, eventsBefore, lastId, 1_000)
  return [...new Set(events.map(({ type }) => type))].toSorted()
}

function withoutUse(body: Record<string, unknown>): unknown {
  return JSON.parse(JSON.stringify(body, (name, value: unknown) => (['used', 'reserved', 'version', 'brakes'].includes(name) ? undefined : value)))
}

import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { operatorTable } from '../../db/people-tables.ts'
import { recordEvent } from '../../events/record-event.ts'
import type { RecordedEvent } from '../../events/record-event.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { openTestDeps } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'
import { readEventStream } from '../../test/read-event-stream.ts'
import type { EventReader } from '../../test/read-event-stream.ts'
import { openEventStream, streamLimits } from './event-stream.ts'

let deps: TestDeps
beforeAll(async () => {
  deps = await openTestDeps()
})
afterAll(() => deps.close())

const toEvent = (change: Partial<RecordedEvent> = {}): RecordedEvent => ({
  type: 'run.changed',
  resource: { kind: 'run', id: 'run-1' },
  version: 1,
  executorId: deps.executor.executorId,
  ownerOperatorId: null,
  ...change,
})
const commit = (change: Partial<RecordedEvent> = {}) => deps.db.transaction((tx) => recordEvent(tx, toEvent(change)))

const commitMany = (count: number) =>
  deps.db.transaction(async (tx) => {
    for (let added = 0; added < count; added += 1) await recordEvent(tx, toEvent())
  })

async function openStream(who: string, lastEventId?: string | number): Promise<EventReader> {
  const answer = await deps.asOperator(who).get('/operator/events', lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) })
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  return readEventStream(answer.body!)
}

function toPrincipal(operatorId: string, role: OperatorPrincipal['role'] = 'admin'): OperatorPrincipal {
  return { kind: 'operator', operatorId, name: 'somebody', role, sidHash: '0'.repeat(64), keyId: 'k', amr: ['pwd'], authAgeSeconds: 0 }
}

describe('following', () => {
  test('a stream starts with where it stands and brings each change after that, in order', async () => {
    const before = await commit()
    const stream = await openStream('viewer')
    const hello = await stream.next()
    expect(hello).toMatchObject({ event: 'hello', id: String(before), data: { cursor: before, now: expect.stringMatching(/Z$/) } })
    const ids = [await commit({ version: 2 }), await commit({ version: 3 })]
    const changes = [await stream.next(), await stream.next()]
    expect(changes).toMatchObject([
      { event: 'change', id: String(ids[0]), data: { id: ids[0], type: 'run.changed', resource: { kind: 'run', id: 'run-1' }, version: 2 } },
      { event: 'change', id: String(ids[1]), data: { version: 3 } },
    ])
    await stream.stop()
  })

  test('nothing is said of a change that is rolled back', async () => {
    const stream = await openStream('viewer')
    await stream.nextOf('hello')
    const failing = deps.db.transaction(async (tx) => {
      await recordEvent(tx, toEvent({ version: 99 }))
      throw new Error('changed my mind')
    })
    await expect(failing).rejects.toThrow('changed my mind')
    const id = await commit({ version: 4 })
    expect((await stream.next())?.data).toMatchObject({ id, version: 4 })
    await stream.stop()
  })

  test('ids appear in the order of commits: a later transaction waits for an earlier one, so nothing is skipped', async () => {
    const stream = await openStream('viewer')
    await stream.nextOf('hello')
    const { promise: gate, resolve: openGate } = Promise.withResolvers<void>()
    const { promise: taken, resolve: idTaken } = Promise.withResolvers<number>()
    const first = deps.db.transaction(async (tx) => {
      idTaken(await recordEvent(tx, toEvent({ version: 10 })))
      await gate
    })
    const firstId = await taken
    let secondDone = false
    const second = commit({ version: 11 }).then((id) => {
      secondDone = true
      return id
    })
    // The embedded database has one connection, so there the second has not even begun.
    if (deps.database.kind === 'postgresql') await waitUntilSomebodyWaits()
    expect(secondDone).toBe(false)
    openGate()
    await first
    expect(await second).toBe(firstId + 1)
    expect([(await stream.next())?.id, (await stream.next())?.id]).toEqual([String(firstId), String(firstId + 1)])
    await stream.stop()
  })

  async function waitUntilSomebodyWaits(): Promise<void> {
    for (;;) {
      const waiting = await deps.db.execute(
        sql`SELECT 1 FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted AND datname = current_database()`,
      )
      if (waiting.rows.length > 0) return
    }
  }

  test('many changes at once all arrive, each once', async () => {
    const stream = await openStream('viewer')
    await stream.nextOf('hello')
    const ids = await Promise.all(Array.from({ length: 450 }, () => commit()))
    const seen: number[] = []
    while (seen.length < ids.length) seen.push(Number((await stream.nextOf('change')).id))
    expect(seen).toEqual(ids.toSorted((one, other) => one - other))
    await stream.stop()
  })
})

describe('resuming', () => {
  test('after its last id a stream brings exactly what was missed', async () => {
    const from = await commit()
    const missed = [await commit({ version: 20 }), await commit({ version: 21 })]
    const stream = await openStream('viewer', from)
    expect(await stream.next()).toMatchObject({ event: 'hello', data: { cursor: from } })
    expect([(await stream.next())?.id, (await stream.next())?.id]).toEqual(missed.map(String))
    await stream.stop()
  })

  test.each([
    ['a cursor ahead of everything', '999999999'],
    ['a cursor that is none', 'abc'],
    ['a negative cursor', '-1'],
    ['an endless cursor', '9'.repeat(40)],
  ])('%s is answered with resync and the present place', async (_name, lastEventId) => {
    const head = await commit()
    const stream = await openStream('viewer', lastEventId)
    expect(await stream.next()).toMatchObject({ event: 'hello', data: { cursor: head } })
    expect(await stream.next()).toMatchObject({ event: 'resync', id: String(head) })
    await stream.stop()
  })

  test('more than a thousand missed changes are answered with resync, a thousand are replayed', async () => {
    const from = await commit()
    await commitMany(1_000)
    const replayed = await openStream('viewer', from)
    await replayed.nextOf('hello')
    for (let seen = 1; seen <= 1_000; seen += 1) expect(Number((await replayed.next())?.id)).toBe(from + seen)
    await replayed.stop()
    await commit()
    const tooMany = await openStream('viewer', from)
    await tooMany.nextOf('hello')
    expect((await tooMany.next())?.event).toBe('resync')
    await tooMany.stop()
  })

  test('a place whose following events are gone is answered with resync', async () => {
    const from = await commit()
    await commit()
    const kept = await commit()
    await deps.db.execute(sql`DELETE FROM control_plane.event WHERE id < ${kept}`)
    const stream = await openStream('viewer', from)
    await stream.nextOf('hello')
    expect((await stream.next())?.event).toBe('resync')
    await stream.stop()
  })
})

describe('who sees what', () => {
  test('changes of a private executor reach its owner, admins and whom it is shared with, and nobody else', async () => {
    const ownerOperatorId = await deps.addOperator({ name: 'owner', role: 'viewer' })
    const hidden = await deps.addExecutor({ name: 'private-agent', ownerOperatorId })
    const sharedWith = await deps.addOperator({ name: 'colleague', role: 'viewer' })
    await deps.db.execute(sql`INSERT INTO control_plane.executor_share (executor_id, operator_id) VALUES (${hidden.executorId}, ${sharedWith})`)
    const stranger = await openStream('viewer')
    const insiders = await Promise.all([ownerOperatorId, sharedWith, 'admin'].map((who) => openStream(who)))
    for (const stream of [stranger, ...insiders]) await stream.nextOf('hello')
    const privateId = await commit({ executorId: hidden.executorId })
    const publicId = await commit()
    for (const stream of insiders) expect((await stream.next())?.id).toBe(String(privateId))
    expect((await stranger.next())?.id).toBe(String(publicId))
    for (const stream of [stranger, ...insiders]) await stream.stop()
  })

  test('what concerns everyone reaches everyone', async () => {
    const stream = await openStream('viewer')
    await stream.nextOf('hello')
    const id = await commit({ type: 'control.changed', resource: { kind: 'control', id: 'control' }, executorId: null, forEveryone: true })
    expect((await stream.next())?.id).toBe(String(id))
    await stream.stop()
  })
})

describe('ending', () => {
  test.each([
    ['is disabled', { enabled: false }],
    ['gets another role', { role: 'approver' as const }],
  ])('the streams of an operator who %s end, those of others stay', async (name, change) => {
    const operatorId = await deps.addOperator({ name, role: 'viewer' })
    const ending = await openStream(operatorId)
    const staying = await openStream('viewer')
    await ending.nextOf('hello')
    await staying.nextOf('hello')
    await deps.db.update(operatorTable).set(change).where(eq(operatorTable.operator_id, operatorId))
    await deps.feed.checkOperators()
    expect(await ending.next()).toMatchObject({ event: 'end', data: { reason: 'operator_changed' } })
    expect(await ending.next()).toBeNull()
    const id = await commit()
    expect((await staying.next())?.id).toBe(String(id))
    await staying.stop()
  })

  test('a stream beats while nothing happens and ends at its age', async () => {
    const limits = { ...streamLimits, heartbeatMs: 20, ageMs: 300 }
    const stream = readEventStream(await openEventStream(deps, toPrincipal(deps.operatorIds.admin), null, limits))
    expect(await stream.nextOf('heartbeat')).toMatchObject({ data: { now: expect.stringMatching(/Z$/) } })
    expect(await stream.nextOf('end')).toMatchObject({ data: { reason: 'age' } })
    expect(await stream.next()).toBeNull()
  })

  test('a reader that takes nothing is let go when its buffer is full', async () => {
    const limits = { ...streamLimits, bufferBytes: 1_000 }
    const stream = readEventStream(await openEventStream(deps, toPrincipal(deps.operatorIds.admin), null, limits))
    await commitMany(20)
    expect(await stream.nextOf('end')).toMatchObject({ data: { reason: 'slow_reader' } })
    expect(await stream.next()).toBeNull()
  })

  test('a reader that does not even take the last word is cut off', async () => {
    const limits = { ...streamLimits, bufferBytes: 1_000, lastWordsMs: 20 }
    const reader = (await openEventStream(deps, toPrincipal(deps.operatorIds.admin), null, limits)).getReader()
    await commitMany(20)
    await expect(reader.closed).rejects.toThrow('slow reader')
  })

  test('when the database fails the stream ends without a word of why', async () => {
    let failing = false
    const broken = new Proxy(deps.db, {
      get: (target, name, receiver) => {
        if (failing && name === 'select') throw new Error('the secret name of a table')
        return Reflect.get(target, name, receiver) as unknown
      },
    })
    const body = await openEventStream({ ...deps, db: broken }, toPrincipal(deps.operatorIds.admin), null)
    const reader = readEventStream(body)
    await reader.nextOf('hello')
    failing = true
    await commit()
    const end = await reader.next()
    expect(end).toEqual({ id: null, event: 'end', data: { reason: 'shutdown' } })
    expect(await reader.next()).toBeNull()
  })
})

describe('how many', () => {
  test('a person has six streams; the seventh waits until one is closed', async () => {
    const operatorId = await deps.addOperator({ name: 'many-tabs', role: 'viewer' })
    const streams = await Promise.all(Array.from({ length: 6 }, () => openStream(operatorId)))
    const seventh = await deps.asOperator(operatorId).get('/operator/events')
    expect(seventh.status).toBe(429)
    expect(Number(seventh.headers.get('retry-after'))).toBeGreaterThan(0)
    await streams[0]!.stop()
    streams[0] = await openStream(operatorId)
    for (const stream of streams) await stream.stop()
  })
})

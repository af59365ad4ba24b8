import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { codeOf, openRequest } from '../../test/send-request.ts'
import { startTestBff } from '../../test/start-test-bff.ts'
import type { Person, TestBff } from '../../test/start-test-bff.ts'
import { endStaleStreams } from './end-stale-streams.ts'
import { createWholeEvents } from './whole-events.ts'

let bff: TestBff
let ada: Person
const upstreams: ServerResponse[] = []

beforeAll(async () => {
  bff = await startTestBff()
  ada = await bff.addPerson('Ada', 'viewer')
})
afterAll(() => bff.close())
beforeEach(() => {
  upstreams.length = 0
  bff.upstream.received.length = 0
  bff.upstream.answers.set('/operator/events', (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('event: hello\ndata: {"cursor":1}\n\n')
    upstreams.push(response)
  })
})

async function open(
  cookie: string,
  headers: Record<string, string> = {},
): Promise<{ answer: IncomingMessage; text: () => string; ended: () => boolean }> {
  const answer = await openRequest(bff.port, { path: '/api/events', headers: { host: new URL(bff.origin).host, cookie, ...headers } })
  let text = ''
  let ended = false
  answer.on('data', (part: Buffer) => (text += String(part)))
  answer.on('end', () => (ended = true))
  answer.on('error', () => undefined)
  return { answer, text: () => text, ended: () => ended }
}
const settled = (condition: () => boolean) => expect.poll(condition, { timeout: 5_000 }).toBe(true)

describe('the event stream', () => {
  test('is one upstream stream of this person, resumed where the browser stopped', async () => {
    const stream = await open(await bff.signIn(ada), { 'last-event-id': '41' })
    await settled(() => stream.text().includes('hello'))
    const [sent] = bff.upstream.received.filter((each) => each.target === '/operator/events')
    expect(sent?.claims?.sub).toBe(ada.operator_id)
    expect(sent?.headers['last-event-id']).toBe('41')
    expect(stream.answer.headers).toMatchObject({ 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' })
    upstreams[0]!.write('event: heartbeat\ndata: {}\n\n')
    await settled(() => stream.text().includes('heartbeat'))
    stream.answer.destroy()
  })

  test('ends with the reason when the person signs out elsewhere with the same session', async () => {
    const cookie = await bff.signIn(ada)
    const stream = await open(cookie)
    await settled(() => stream.text().includes('hello'))
    upstreams[0]!.write('event: change\ndata: {"id"')
    await bff.post('/api/auth/logout', {}, cookie)
    await settled(stream.ended)
    expect(stream.text()).toBe('event: hello\ndata: {"cursor":1}\n\nevent: end\ndata: {"reason":"signed_out"}\n\n')
    await settled(() => upstreams[0]!.destroyed)
  })

  test('whose session ends while it opens is refused as signed out, not as a failure of the control plane', async () => {
    bff.upstream.answers.set('/operator/events', (_, response) => void upstreams.push(response))
    const cookie = await bff.signIn(ada)
    const opening = open(cookie)
    await settled(() => upstreams.length === 1)
    await bff.post('/api/auth/logout', {}, cookie)
    const stream = await opening
    await settled(stream.ended)
    expect([stream.answer.statusCode, (JSON.parse(stream.text()) as { code: string }).code]).toEqual([401, 'not_signed_in'])
    expect(bff.logged()).not.toContain('control_plane_unreachable')
  })

  test('ends when the session goes idle, or is revoked by another process', async () => {
    const stream = await open(await bff.signIn(ada))
    await settled(() => stream.text().includes('hello'))
    await endStaleStreams(bff.deps)
    expect(stream.ended()).toBe(false)
    bff.advance(31 * 60_000)
    await endStaleStreams(bff.deps)
    await settled(stream.ended)
    expect(stream.text()).toContain('event: end\ndata: {"reason":"signed_out"}')
  })

  test('closes upstream when the browser goes away', async () => {
    const stream = await open(await bff.signIn(ada))
    await settled(() => upstreams.length === 1)
    stream.answer.destroy()
    await settled(() => upstreams[0]!.destroyed)
    expect(bff.deps.streams.sessionIds()).toEqual([])
  })

  test('of a browser that reads nothing slows the control plane down instead of filling memory, and still ends', async () => {
    const cookie = await bff.signIn(ada)
    const answer = await openRequest(bff.port, { path: '/api/events', headers: { host: new URL(bff.origin).host, cookie } })
    answer.on('error', () => undefined)
    await settled(() => upstreams.length === 1)
    const event = `event: change\ndata: ${'x'.repeat(60_000)}\n\n`
    let written = 0
    const write = () => {
      while (!upstreams[0]!.destroyed && written < 200_000_000) {
        written += event.length
        if (!upstreams[0]!.write(event)) return void upstreams[0]!.once('drain', write)
      }
    }
    write()
    let last = -1
    const stands = () => {
      const still = written === last
      last = written
      return still
    }
    await expect.poll(stands, { timeout: 10_000, interval: 200 }).toBe(true)
    expect(written).toBeLessThan(100_000_000)
    await bff.post('/api/auth/logout', {}, cookie)
    await settled(() => upstreams[0]!.destroyed)
    expect(bff.deps.streams.sessionIds()).toEqual([])
    // Nothing of the answer was read, so it cannot end; the connection is cut instead.
    await settled(() => {
      // An empty line between requests means nothing (RFC 9112, 2.2); to a connection that is gone it is answered with a reset.
      if (!answer.socket.destroyed) answer.socket.write('\r\n')
      return answer.socket.destroyed
    })
  })

  test('ends when the control plane ends it', async () => {
    const stream = await open(await bff.signIn(ada))
    await settled(() => stream.text().includes('hello'))
    upstreams[0]!.end('event: end\ndata: {"reason":"age"}\n\n')
    await settled(stream.ended)
    expect(stream.text()).toContain('"age"')
  })

  test('is opened at most six times by one person, and a closed one makes room', async () => {
    const cookie = await bff.signIn(ada)
    const streams = []
    for (let count = 0; count < 6; count += 1) streams.push(await open(cookie))
    expect(codeOf(await bff.get('/api/events', cookie))).toBe('rate_limited')
    streams[0]!.answer.destroy()
    await settled(() => upstreams.filter((each) => !each.destroyed).length === 5)
    const again = await open(cookie)
    expect(again.answer.statusCode).toBe(200)
    for (const stream of [...streams, again]) stream.answer.destroy()
    await settled(() => bff.deps.streams.sessionIds().length === 0)
  })

  test('needs a session, and is not opened for HEAD', async () => {
    expect((await bff.get('/api/events')).status).toBe(401)
    const answer = await bff.send({ method: 'HEAD', path: '/api/events', headers: { cookie: await bff.signIn(ada) } })
    expect(answer.status).toBe(405)
    expect(upstreams).toEqual([])
  })
})

describe('whole events', () => {
  test('are passed on complete, however they are cut', () => {
    const text = 'id: 1\ndata: a\n\nid: 2\ndata: b\n\nid: 3'
    for (let size = 1; size <= text.length; size += 1) {
      const events = createWholeEvents()
      let passed = ''
      for (let at = 0; at < text.length; at += size) passed += String(events.take(Buffer.from(text.slice(at, at + size))))
      expect(passed).toBe('id: 1\ndata: a\n\nid: 2\ndata: b\n\n')
    }
  })

  test('larger than 256 KiB are refused instead of kept', () => {
    const events = createWholeEvents()
    expect(() => events.take(Buffer.alloc(257 * 1024, 0x61))).toThrow('256 KiB')
  })
})

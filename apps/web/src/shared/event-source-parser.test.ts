import { expect, test } from 'vitest'
import { createEventSourceParser, type ServerSentEvent } from './event-source-parser.ts'

const stream =
  ': hello\r\nid: 7\r\nevent: change\r\ndata: {"a":1}\r\ndata: second\r\n\r\nevent: heartbeat\ndata: {}\n\nid: 8\revent: change\rdata:x\r\r\n'

function parseInChunks(size: number): ServerSentEvent[] {
  const events: ServerSentEvent[] = []
  const parse = createEventSourceParser((event) => events.push(event))
  for (let at = 0; at < stream.length; at += size) parse(stream.slice(at, at + size))
  return events
}

test('Every way of cutting the stream gives the same events, with all three line endings', () => {
  const whole = parseInChunks(stream.length)
  expect(whole).toEqual([
    { id: '7', event: 'change', data: '{"a":1}\nsecond' },
    { id: '7', event: 'heartbeat', data: '{}' },
    { id: '8', event: 'change', data: 'x' },
  ])
  for (let size = 1; size < stream.length; size += 1) expect(parseInChunks(size)).toEqual(whole)
})

test('A comment alone is no event, and an unfinished event is not given out', () => {
  const events: ServerSentEvent[] = []
  const parse = createEventSourceParser((event) => events.push(event))
  parse(': keep-alive\n\ndata: half')
  expect(events).toEqual([])
})

test('An id with a NUL is ignored, as the standard says', () => {
  const events: ServerSentEvent[] = []
  const parse = createEventSourceParser((event) => events.push(event))
  parse('id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n')
  expect(events.map((event) => event.id)).toEqual(['1', '1'])
})

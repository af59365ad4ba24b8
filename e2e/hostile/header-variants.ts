/** Everything that can be wrong with the headers a route reads, and with those that say where the body ends. */
import type { Route } from '@autopack/contract/route'
import { toLatin1 } from './hostile-request.ts'
import type { HostileRequest, Kind, WireBody } from './hostile-request.ts'

export type HeaderVariant = {
  kind: Kind
  label: string
  headers: HostileRequest['headers']
  body?: WireBody
  refusedAs?: HostileRequest['refusedAs']
}

export function listHeaderVariants(route: Route, goodBody: Buffer | null): HeaderVariant[] {
  const read = [
    'x-request-id',
    'idempotency-key',
    ...(route.etag ? ['if-none-match'] : []),
    ...(route.answer.kind === 'bytes' ? ['range', 'if-none-match'] : []),
    ...(route.answer.kind === 'events' ? ['last-event-id'] : []),
  ]
  const variants = read.flatMap((name) => listValues(name))
  variants.push(
    { kind: 'malformed', label: 'NUL in a header', headers: [['x-a', 'a\0b']], refusedAs: ['invalid_request'] },
    { kind: 'malformed', label: 'a bare line feed in a header', headers: [['x-a', 'a\nb']], refusedAs: ['invalid_request'] },
    { kind: 'malformed', label: 'no name', headers: [['', 'a']], refusedAs: ['invalid_request'] },
    { kind: 'malformed', label: 'a space in a name', headers: [['x a', 'a']], refusedAs: ['invalid_request'] },
    { kind: 'malformed', label: 'an expectation that nobody knows', headers: [['expect', 'the-unexpected']], refusedAs: ['expectation_failed'] },
    { kind: 'oversized', label: 'headers over 8 KiB', headers: [['x-a', 'a'.repeat(9_000)]], refusedAs: ['headers_too_large'] },
    {
      kind: 'unknown member',
      label: 'headers that grant something elsewhere',
      headers: [
        ['x-forwarded-user', 'admin'],
        ['x-original-url', '/'],
        ['x-rewrite-url', '/'],
        ['authorization', 'Bearer x'],
        ['x-operator-id', 'op_1'],
      ],
    },
    {
      kind: 'unknown member',
      label: 'an upgrade',
      headers: [
        ['upgrade', 'h2c, websocket'],
        ['connection', 'Upgrade, close'],
      ],
    },
    { kind: 'unicode trouble', label: 'bytes over 127 in an unknown header', headers: [['x-a', toLatin1('ü\u202e😀')]] },
  )
  if (goodBody) {
    const body = (framing: WireBody['framing']): WireBody => ({ bytes: () => goodBody, framing })
    variants.push(
      { kind: 'malformed', label: 'a length longer than the body', headers: [], body: body(goodBody.length + 10), refusedAs: ['invalid_request'] },
      { kind: 'malformed', label: 'a length that is no number', headers: [['content-length', '1x']], body: body(0), refusedAs: ['invalid_request'] },
      {
        kind: 'malformed',
        label: 'a length and chunks',
        headers: [['transfer-encoding', 'chunked']],
        body: body('length'),
        refusedAs: ['invalid_request'],
      },
      {
        kind: 'malformed',
        label: 'an unknown transfer encoding',
        headers: [['transfer-encoding', 'gzip, identity']],
        body: body(-1),
        refusedAs: ['invalid_request'],
      },
      { kind: 'boundary', label: 'a length below zero', headers: [['content-length', '-1']], body: body(0), refusedAs: ['invalid_request'] },
      {
        kind: 'oversized',
        label: 'a length of 2^53',
        headers: [['content-length', '9007199254740993']],
        body: body(0),
        refusedAs: ['body_too_large', 'invalid_request'],
      },
      {
        kind: 'oversized',
        label: 'a length of 30 digits',
        headers: [['content-length', '9'.repeat(30)]],
        body: body(0),
        refusedAs: ['invalid_request'],
      },
    )
  }
  return variants
}

function listValues(name: string): HeaderVariant[] {
  const values: readonly (readonly [Kind, string])[] = [
    ['malformed', ''],
    ['malformed', '"'],
    ['malformed', 'W/"'],
    ['malformed', 'bytes=a-b'],
    ['malformed', `'; DROP TABLE run; --`],
    ['malformed', '${jndi:ldap://x}'],
    ['wrong type', '{}'],
    ['wrong type', '[1]'],
    ['wrong type', '1.5'],
    ['wrong type', 'null'],
    ['boundary', '*'],
    ['boundary', '-1'],
    ['boundary', '0'],
    ['boundary', '9007199254740993'],
    ['boundary', '99999999999999999999999999'],
    ['boundary', 'bytes=0-0,1-1,2-2'],
    ['boundary', 'bytes=-0'],
    ['boundary', 'bytes=9999999999999999-'],
    ['boundary', 'a'.repeat(7)],
    ['boundary', 'a'.repeat(64)],
    ['boundary', 'a'.repeat(65)],
    ['boundary', 'a'.repeat(200)],
    ['boundary', 'a'.repeat(201)],
    ['oversized', 'a'.repeat(5_000)],
    ['oversized', Array.from({ length: 1_000 }, () => '"a"').join(',')],
    ['unknown member', '__proto__'],
    ['unicode trouble', toLatin1('\u202eü')],
    ['unicode trouble', '\xff\xfe'],
    ['unicode trouble', toLatin1('😀')],
    ['traversal', '../../etc/passwd'],
    ['traversal', '..%2f..%00'],
  ]
  return values.map(([kind, value]) => ({ kind, label: `${name}: ${value.slice(0, 40)}`, headers: [[name, value]] }))
}

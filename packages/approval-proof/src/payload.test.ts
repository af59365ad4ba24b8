import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { payloadVectors } from '../vectors/payload-vectors.ts'
import { canonicalize } from './canonical-json.ts'
import { payloadHash } from './payload-hash.ts'
import { maxPayloadBytes, readPayload, toPayloadText, type Payload, type PayloadRule } from './payload.ts'

const payload: Payload = {
  v: 1,
  provider: 'demo_shop',
  operation: 'create_listing',
  target: { shop: 'demo-shop' },
  mode: 'live',
  cost: { amount_minor: 20, currency: 'USD' },
  request: { method: 'POST', path: '/api/listings?draft=1', body: { title: 'Desk' } },
  files: [{ name: 'report.md', sha256: 'a'.repeat(64), size_bytes: 6 }],
}

function withChange(change: Record<string, unknown>): string {
  return canonicalize({ ...payload, ...change })
}

describe('readPayload', () => {
  it('gives back the payload, exactly the bytes it read, and their hash', () => {
    const text = toPayloadText(payload)
    const read = readPayload(text)
    expect(read).toEqual({ ok: true, payload, bytes: new TextEncoder().encode(text), hash: payloadHash(text) })
    expect(readPayload(new TextEncoder().encode(text))).toEqual(read)
  })

  it('keeps its own copy of the bytes, so that a later change of the source changes nothing', () => {
    const source = new TextEncoder().encode(toPayloadText(payload))
    const read = readPayload(source)
    source.fill(0)
    expect(read.ok && payloadHash(read.bytes)).toBe(read.ok && read.hash)
  })

  it.each<[string, Record<string, unknown>, string, string]>([
    ['another version', { v: 2 }, 'wrong_value', '/v'],
    ['a version in words', { v: '1' }, 'wrong_value', '/v'],
    ['a provider with capitals', { provider: 'Demo' }, 'wrong_value', '/provider'],
    ['an empty operation', { operation: '' }, 'wrong_value', '/operation'],
    ['an unknown member', { tier: 'A' }, 'unknown_member', '/tier'],
    ['a member that Object already has', { constructor: 1 }, 'unknown_member', '/constructor'],
    ['a target in words', { target: 'shop' }, 'wrong_type', '/target'],
    ['no target at all', { target: {} }, 'missing_member', '/target'],
    ['a nested target', { target: { shop: { id: 1 } } }, 'wrong_value', '/target/shop'],
    ['a mode of its own', { mode: 'dry' }, 'wrong_value', '/mode'],
    ['a negative cost', { cost: { amount_minor: -1, currency: 'EUR' } }, 'wrong_value', '/cost/amount_minor'],
    ['a cost in small letters', { cost: { amount_minor: 1, currency: 'eur' } }, 'wrong_value', '/cost/currency'],
    ['a cost without currency', { cost: { amount_minor: 1 } }, 'missing_member', '/cost/currency'],
    ['a method of its own', { request: { ...payload.request, method: 'HEAD' } }, 'wrong_value', '/request/method'],
    ['a GET with a body', { request: { ...payload.request, method: 'GET' } }, 'wrong_value', '/request/body'],
    ['a GET with an empty body', { request: { ...payload.request, method: 'GET', body: {} } }, 'wrong_value', '/request/body'],
    ['an extra header', { request: { ...payload.request, headers: {} } }, 'unknown_member', '/request/headers'],
    ['a missing body', { request: { method: 'POST', path: '/' } }, 'missing_member', '/request/body'],
    ['files that are no list', { files: {} }, 'wrong_type', '/files'],
    ['a file without name', { files: [{ ...payload.files[0], name: '' }] }, 'wrong_value', '/files/0/name'],
    ['two files of one name', { files: [payload.files[0], payload.files[0]] }, 'duplicate_file', '/files/1/name'],
    ['a hash in capitals', { files: [{ ...payload.files[0], sha256: 'A'.repeat(64) }] }, 'wrong_value', '/files/0/sha256'],
    ['a negative size', { files: [{ ...payload.files[0], size_bytes: -1 }] }, 'wrong_value', '/files/0/size_bytes'],
  ])('refuses %s', (_what, change, rule, at) => {
    expect(readPayload(withChange(change))).toMatchObject({ ok: false, rule, at, offset: null })
  })

  it.each([
    'api',
    '//evil.example/api',
    '/a//b',
    '/a/../b',
    '/a/./b',
    '/..',
    '/%2e%2e/b',
    '/a%2Fb',
    '/a%5cb',
    '/a%252e',
    '/a%00',
    '/a%0ab',
    '/a\\b',
    '/a b',
    '/a#b',
    '/ä',
    '/a%',
    '/a%g0',
    'https://evil.example/',
    '/\u202e',
    '',
  ])('refuses the request path %j', (path) => {
    expect(readPayload(withChange({ request: { ...payload.request, path } }))).toMatchObject({ ok: false, rule: 'unsafe_path', at: '/request/path' })
  })

  it.each(['/', '/api/listings', '/v3/shops/12/listings', '/a..b/c', '/a?x=%2F..%2f&y=..', '/a/%C3%A4'])('accepts the request path %j', (path) => {
    expect(readPayload(withChange({ request: { ...payload.request, path } }))).toMatchObject({ ok: true })
  })

  it.each<Payload['request']>([
    { method: 'GET', path: '/api/listings', body: null },
    { method: 'DELETE', path: '/api/listings/1001', body: null },
    { method: 'PUT', path: '/api/listings/1001/quantity', body: { quantity: 3 } },
  ])('accepts $method with the body $body', (request) => {
    expect(readPayload(withChange({ request }))).toMatchObject({ ok: true })
  })

  it('allows 256 KiB of UTF-8 and not one byte more', () => {
    const empty = toPayloadText({ ...payload, request: { ...payload.request, body: '' } })
    const room = maxPayloadBytes - empty.length
    expect(readPayload(withChange({ request: { ...payload.request, body: 'x'.repeat(room) } }))).toMatchObject({ ok: true })
    expect(readPayload(withChange({ request: { ...payload.request, body: 'x'.repeat(room + 1) } }))).toMatchObject({ rule: 'too_large' })
    expect(readPayload(withChange({ request: { ...payload.request, body: '€'.repeat(room / 2) } }))).toMatchObject({ rule: 'too_large' })
  })

  it('refuses a text that is not its own canonical form, with the offset', () => {
    expect(readPayload(JSON.stringify(payload))).toMatchObject({ ok: false, rule: 'key_order' })
    expect(readPayload('[]')).toMatchObject({ ok: false, rule: 'wrong_type', at: '' })
  })
})

describe('the vectors', () => {
  it.each(payloadVectors.map((vector) => [vector.what, vector] as const))('are read as they say (I-4): %s', (_what, { bytes, ...expected }) => {
    const read = readPayload(bytes)
    if (expected.verdict === 'payload') expect(read).toMatchObject({ ok: true, hash: expected.sha256 })
    else expect(read).toMatchObject({ ok: false, rule: expected.rule, at: expected.at, offset: expected.offset })
  })

  it('hold every rule there is', () => {
    const rules: Record<Exclude<PayloadRule, 'not_a_json_value'>, true> = {
      not_utf8: true,
      not_json: true,
      whitespace: true,
      key_order: true,
      duplicate_key: true,
      forbidden_key: true,
      number_not_integer: true,
      number_out_of_range: true,
      negative_zero: true,
      string_form: true,
      lone_surrogate: true,
      nul: true,
      too_deep: true,
      too_many_members: true,
      too_large: true,
      wrong_type: true,
      wrong_value: true,
      missing_member: true,
      unknown_member: true,
      unsafe_path: true,
      duplicate_file: true,
    }
    const found = new Set(payloadVectors.flatMap((vector) => (vector.verdict === 'payload' ? [] : [vector.rule])))
    expect([...found].toSorted()).toEqual(Object.keys(rules).toSorted())
  })

  it('have the hashes that Node computes', () => {
    for (const vector of payloadVectors) {
      if (vector.verdict !== 'refused') expect(createHash('sha256').update(vector.bytes).digest('hex')).toBe(vector.sha256)
    }
  })
})

import type { JsonValue } from '@autopack/approval-proof/canonical-profile'
import { toPayloadText } from '@autopack/approval-proof/payload'
import type { Payload } from '@autopack/approval-proof/payload'
import type { RandomNumber } from './random-number.ts'

const words = [
  'desk',
  'Grüße',
  '日本語',
  'שלום',
  'e\u0301',
  '\u00e9',
  '🐚',
  '👩‍👩‍👧',
  '"quoted"',
  'a\\b',
  '\n',
  '\t',
  '\u0001',
  '\u001f',
  '\u007f',
  '</script>',
  '38.00',
]
const odd = [
  '\u2028',
  '\u202e',
  '\ufeff',
  '\ufffd',
  '\ud7ff',
  '\ue000',
  '\uffff',
  '\u{10000}',
  '\u{10ffff}',
  '__proto',
  '-0',
  'null',
  '{}',
  '*',
  '~',
  '/',
]
const keys = [
  '',
  'a',
  'A',
  'aa',
  'z',
  'é',
  'e\u0301',
  '10',
  '2',
  '01',
  '\u{1f600}',
  '\u{1f601}',
  '\ue000',
  '\uffff',
  '\u{10ffff}',
  '\ud7ff',
  '\n',
  '\u0001',
  ' ',
  '"',
  '\\',
  'constructor',
  'toString',
  'title',
  'price',
  'tags',
  'quantity',
]
const numbers = [
  0, 1, -1, 10, 38, 1900, 65_535, -2_147_483_648, 4_294_967_296, 999_999_999_999_999, 1_000_000_000_000_000, 9_007_199_254_740_990,
  9_007_199_254_740_991, -9_007_199_254_740_991,
]
const paths = ['/', '/api/listings', '/v3/shops/12/listings', '/a..b/c', '/a?x=%2F..&y=..', '/a/%C3%A4', "/-._~!$&'()*+,;=:@"]

/** A payload text that must be accepted: from small to some KiB, many shapes, with what Unicode has to offer. */
export function buildPayloadText(random: RandomNumber): string {
  const size = random.below(20) === 0 ? 80 : random.below(12)
  const method = random.pick(['GET', 'POST', 'POST', 'POST', 'PUT', 'PATCH', 'DELETE'] as const)
  const payload: Payload = {
    v: 1,
    provider: random.pick(['demo_shop', 'etsy', 'a', `x${'9'.repeat(63)}`]),
    operation: random.pick(['create_listing', 'unpublish_listing', 'o_1']),
    target: buildTarget(random),
    mode: random.pick(['live', 'dry_run']),
    cost: random.below(2) === 0 ? null : { amount_minor: Math.abs(random.pick(numbers)), currency: random.pick(['EUR', 'USD', 'JPY']) },
    request: { method, path: random.pick(paths), body: method === 'GET' ? null : buildValue(random, { left: size }, 0) },
    files: Array.from({ length: random.pick([0, 0, 1, 3]) }, (_, place) => ({
      name: `${place}${buildString(random)}`,
      sha256: random.pick('0123456789abcdef'.split('')).repeat(64),
      size_bytes: Math.abs(random.pick(numbers)),
    })),
  }
  return toPayloadText(payload)
}

function buildTarget(random: RandomNumber): Payload['target'] {
  const target: Payload['target'] = { [random.pick(keys)]: random.below(2) === 0 ? random.pick(numbers) : 'shop' }
  while (random.below(3) === 0) target[random.pick(keys)] = `x${buildString(random)}`
  return target
}

function buildString(random: RandomNumber): string {
  let text = ''
  while (random.below(3) !== 0 && text.length < 100) text += random.pick(random.below(4) === 0 ? odd : words)
  return text
}

function buildValue(random: RandomNumber, room: { left: number }, depth: number): JsonValue {
  room.left -= 1
  const kind = depth > 20 || room.left < 0 ? 2 + random.below(4) : depth === 0 ? 0 : random.below(7)
  if (kind === 0 || kind === 6) {
    const object: { [key: string]: JsonValue } = {}
    while (room.left > 0 && random.below(4) !== 0) {
      const key = random.below(3) === 0 ? `${random.pick(keys)}${random.pick(keys)}` : random.pick(keys)
      object[key] = buildValue(random, room, depth + 1)
    }
    return object
  }
  if (kind === 1) {
    const items: JsonValue[] = []
    while (room.left > 0 && random.below(4) !== 0) items.push(buildValue(random, room, depth + 1))
    return items
  }
  if (kind === 2) return random.pick(numbers)
  if (kind === 3) return random.pick([null, true, false])
  return buildString(random)
}

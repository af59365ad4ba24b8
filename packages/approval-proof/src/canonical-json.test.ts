import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalize, NotCanonicalError, parseCanonical } from './canonical-json.ts'
import type { JsonValue } from './canonical-profile.ts'
import { maxPayloadBytes } from './payload.ts'
import { payloadVectors } from '../vectors/payload-vectors.ts'

const jsonValue = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger().map((number) => number + 0),
    fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0')),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(
      fc.string({ unit: 'binary' }).filter((key) => !key.includes('\0') && key !== '__proto__'),
      tie('value'),
      { maxKeys: 5, noNullPrototype: true },
    ),
  ) as fc.Arbitrary<JsonValue>,
})).value

function refusal(value: unknown): NotCanonicalError {
  try {
    canonicalize(value)
  } catch (error) {
    if (error instanceof NotCanonicalError) return error
    throw error
  }
  throw new Error('the value was accepted')
}

describe('parseCanonical', () => {
  const vectors = payloadVectors.filter(({ bytes }) => bytes.length <= maxPayloadBytes)

  it.each(vectors.flatMap((vector) => (vector.verdict === 'refused' ? [] : [[vector.what, vector] as const])))(
    'accepts %s, and writes the same text again',
    (_what, { bytes }) => {
      const parsed = parseCanonical(bytes)
      expect(parsed.ok && canonicalize(parsed.value)).toBe(bytes.toString())
      expect(parseCanonical(bytes.toString())).toEqual(parsed)
    },
  )

  it.each(vectors.flatMap((vector) => (vector.verdict === 'refused' ? [[vector.what, vector] as const] : [])))(
    'refuses %s by its rule, at its place, and says what to do',
    (_what, { bytes, rule, at, offset }) => {
      expect(parseCanonical(bytes)).toEqual({ ok: false, rule, at, offset, detail: expect.stringMatching(/^[A-Z\\].*\.$/) })
    },
  )

  it('accepts exactly the texts that canonicalize writes, whatever the value', () => {
    fc.assert(
      fc.property(jsonValue, (value) => {
        const text = canonicalize(value)
        expect(parseCanonical(text)).toEqual({ ok: true, value: JSON.parse(text) })
      }),
    )
  })

  it('never accepts a text that differs from its own canonical form, however it was damaged', () => {
    const damaged = fc.tuple(
      jsonValue,
      fc.nat(),
      fc.constantFrom('', ' ', '"', ',', '0', '-', '\\', '{', '}', '[', ']', ':', '1', '\ud800', '\ufeff'),
    )
    fc.assert(
      fc.property(damaged, ([value, place, piece]) => {
        const text = canonicalize(value)
        const at = place % (text.length + 1)
        const parsed = parseCanonical(text.slice(0, at) + piece + text.slice(at + (place % 2)))
        if (parsed.ok) expect(canonicalize(parsed.value)).toBe(text.slice(0, at) + piece + text.slice(at + (place % 2)))
      }),
      { numRuns: 500 },
    )
  })

  it('says where the problem is, as a JSON pointer and as an offset into the text', () => {
    expect(parseCanonical('{"a":{"b~/c":[0,1.5]}}')).toEqual({
      ok: false,
      rule: 'number_not_integer',
      at: '/a/b~0~1c/1',
      offset: 16,
      detail: 'Only integers are allowed: write money in minor units and other decimals as strings.',
    })
  })

  it('refuses a byte order mark and broken UTF-8 instead of dropping or replacing bytes', () => {
    expect(parseCanonical(Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b, 0x7d))).toMatchObject({ ok: false, rule: 'not_json' })
    expect(parseCanonical(Uint8Array.of(0x22, 0xff, 0x22))).toMatchObject({ ok: false, rule: 'not_utf8' })
    expect(parseCanonical(Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22))).toMatchObject({ ok: false, rule: 'not_utf8' })
  })

  it('refuses a raw half of a surrogate pair in a string that never was UTF-8', () => {
    expect(parseCanonical('"\ud800"')).toMatchObject({ ok: false, rule: 'lone_surrogate' })
    expect(parseCanonical('"\udc00\ud800"')).toMatchObject({ ok: false, rule: 'lone_surrogate' })
  })

  it('counts members and items of the whole text, and allows ten thousand', () => {
    expect(parseCanonical(`[${Array(10_000).fill(0).join(',')}]`)).toMatchObject({ ok: true })
    expect(parseCanonical(`[${Array(10_001).fill(0).join(',')}]`)).toMatchObject({ ok: false, rule: 'too_many_members', at: '/10000' })
  })
})

describe('canonicalize', () => {
  it.each([
    [{ a: undefined }, 'not_a_json_value', '/a'],
    [[() => 1], 'not_a_json_value', '/0'],
    [[1n], 'not_a_json_value', '/0'],
    [new Date(0), 'not_a_json_value', ''],
    [{ at: new Map() }, 'not_a_json_value', '/at'],
    [[1, , 2], 'not_a_json_value', ''], // oxlint-disable-line no-sparse-arrays
    [{ [Symbol('hidden')]: 1 }, 'not_a_json_value', ''],
    [Number.NaN, 'number_not_integer', ''],
    [[-0], 'negative_zero', '/0'],
    [2 ** 53, 'number_out_of_range', ''],
    ['\ud800', 'lone_surrogate', ''],
    [{ '\udc00': 1 }, 'lone_surrogate', '/\udc00'],
    ['a\0b', 'nul', ''],
    [JSON.parse('{"__proto__":1}'), 'forbidden_key', '/__proto__'],
  ])('refuses %o by the rule %s at %j', (value, rule, pointer) => {
    expect(refusal(value)).toMatchObject({ rule, pointer })
  })

  it('refuses a value that contains itself', () => {
    const loop: unknown[] = []
    loop.push(loop)
    expect(refusal(loop).rule).toBe('too_deep')
  })

  it('does not call toJSON: what is hashed is what is there', () => {
    expect(refusal({ toJSON: () => 1 })).toMatchObject({ rule: 'not_a_json_value', pointer: '/toJSON' })
  })
})

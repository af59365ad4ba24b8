import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonValue } from './canonical-profile.ts'
import type { Descriptor } from './descriptor.ts'
import { encodeRequest, isDecimalText, requestContentType } from './encode-request.ts'
import { buildPayload, descriptor } from './sale-of-a-desk.ts'

describe('encodeRequest', () => {
  const encode = (body: JsonValue) => new TextDecoder().decode(encodeRequest(buildPayload(body), descriptor))

  it('writes the canonical body', () => {
    expect(encode({ b: 1, a: ['x', null] })).toBe('{"a":["x",null],"b":1}')
  })

  it('copies a decimal of a wire number field digit by digit, and no other', () => {
    expect(encode({ title: '38.00', weight: '38.00' })).toBe('{"title":"38.00","weight":38.00}')
    expect(encode({ weight: '12345678901234567890.10' })).toBe('{"weight":12345678901234567890.10}')
    expect(encode({ weight: '38.00,"x":1' })).toBe('{"weight":"38.00,\\"x\\":1"}')
  })

  it('copies the strings of an undescribed action as strings', () => {
    expect(new TextDecoder().decode(encodeRequest(buildPayload({ weight: '38.00' }), null))).toBe('{"weight":"38.00"}')
  })

  it('sends no bytes for a request without a body', () => {
    expect(encode(null)).toBe('')
  })

  it.each([
    ['0', true],
    ['-0.5', true],
    ['38.00', true],
    ['-0', false],
    ['-0.00', false],
    ['007', false],
    ['1e3', false],
    ['.5', false],
    ['5.', false],
    ['١', false],
    ['1\n', false],
    ['', false],
  ])('reads %j as a decimal: %s', (text, is) => {
    expect(isDecimalText(text)).toBe(is)
    if (is) expect(String(JSON.parse(text))).toBe(String(Number(text)))
  })
})

describe('encodeRequest of a form', () => {
  const form: Descriptor = { ...descriptor, request: { ...descriptor.request, encoding: 'form' } }
  const encode = (body: JsonValue) => new TextDecoder().decode(encodeRequest(buildPayload(body), form))

  it.each<[string, JsonValue, string]>([
    ['sorts the names as the canonical text does', { b: 1, a: 'x', Z: true }, 'Z=true&a=x&b=1'],
    ['joins a list by commas', { tags: ['oak', 'new'], sizes: [1, 2] }, 'sizes=1%2C2&tags=oak%2Cnew'],
    ['keeps a comma inside a text', { title: 'a,b' }, 'title=a%2Cb'],
    ['keeps a decimal digit by digit', { weight: '38.00' }, 'weight=38.00'],
    ['escapes what separates', { 'a&b=c': 'd&e=f+g h%20\n' }, 'a%26b%3Dc=d%26e%3Df%2Bg+h%2520%0A'],
    ['escapes what encodeURIComponent leaves', { t: "!'()~*-._" }, 't=%21%27%28%29%7E*-._'],
    ['writes what is not ASCII as UTF-8', { t: 'Ü😀' }, 't=%C3%9C%F0%9F%98%80'],
    ['has an empty text', { t: '' }, 't='],
    ['has no pair for an empty body', {}, ''],
    ['writes as JSON what a form cannot say', { a: null, b: { c: 1 }, d: ['x,y'], e: [] }, 'a=null&b=%7B%22c%22%3A1%7D&d=%5B%22x%2Cy%22%5D&e=%5B%5D'],
    ['writes a body that is no object under the empty name', ['a', 'b'], '=a%2Cb'],
    ['has no bytes for a request without a body', null, ''],
  ])('%s', (_what, body, text) => {
    expect(encode(body)).toBe(text)
  })

  it('writes texts, numbers and lists as the serializer of the platform does', () => {
    const value = fc.oneof(fc.string({ unit: 'binary' }), fc.maxSafeInteger(), fc.boolean())
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string({ unit: 'binary' }).filter((key) => key !== '__proto__'),
          value,
        ),
        (body) => {
          const sorted = Object.entries(body).toSorted(([one], [other]) => (one < other ? -1 : 1))
          expect(encode(body as JsonValue)).toBe(new URLSearchParams(sorted.map(([key, item]) => [key, String(item)])).toString())
        },
      ),
    )
  })

  it('has bytes for every body, so that what cannot be explained can still be compared', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        const whole = JSON.parse(JSON.stringify(body, (_, item: unknown) => (typeof item === 'number' ? 1 : item))) as JsonValue
        expect(encode(whole)).toMatch(/^[A-Za-z0-9*\-._+%=&]*$/)
      }),
    )
  })
})

describe('requestContentType', () => {
  it('follows the descriptor, and says JSON for what nobody described', () => {
    const form: Descriptor = { ...descriptor, request: { ...descriptor.request, encoding: 'form' } }
    expect(requestContentType(buildPayload({}), descriptor)).toBe('application/json')
    expect(requestContentType(buildPayload({}), form)).toBe('application/x-www-form-urlencoded')
    expect(requestContentType(buildPayload({}), null)).toBe('application/json')
  })

  it('says nothing for a request without a body', () => {
    expect(requestContentType(buildPayload(null), descriptor)).toBeNull()
  })
})

/** Everything that can be wrong with one value, from its JSON Schema (2020-12, as zod writes it). */
import type { Kind } from './hostile-request.ts'

export type JsonSchema = {
  type?: string
  const?: unknown
  enum?: unknown[]
  default?: unknown
  pattern?: string
  allOf?: JsonSchema[]
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  minItems?: number
  maxItems?: number
  items?: JsonSchema
  properties?: Record<string, JsonSchema>
  required?: string[]
  additionalProperties?: boolean | JsonSchema
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
}

/** JSON that no `JSON.stringify` writes, such as `1e400` or ten thousand brackets. */
export class RawJson {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export type ValueVariant = { kind: Kind; label: string; value: unknown }

const deep = 10_000
const ofEachType: readonly (readonly [type: string, value: unknown])[] = [
  ['null', null],
  ['boolean', true],
  ['integer', 0],
  ['number', 1.5],
  ['string', 'text'],
  ['string', '1'],
  ['array', []],
  ['object', {}],
]

const troubles: readonly (readonly [label: string, text: string])[] = [
  ['half a surrogate pair', '\ud800'],
  ['the other half', '\udfff'],
  ['surrogates the wrong way round', '\udc00\ud800'],
  ['NUL', 'a\u0000b'],
  ['escape and bell', '\u001b[31m\u0007'],
  ['text turned around', 'a\u202egnp.exe'],
  ['isolates', '\u2066\u2069\u2068'],
  ['nothing to see', '\u200b\u200d\ufeff\u2060'],
  ['no character', '\uffff\ufffe'],
  ['composed', 'caf\u00e9'],
  ['decomposed', 'cafe\u0301'],
  ['a heap of marks', `a${'\u0301'.repeat(200)}`],
  ['right to left', 'شركة'],
  ['emoji of several code points', '👩‍👩‍👧‍👦🏴‍☠️'],
  ['wide letters', 'ａｄｍｉｎ'],
  ['line separators', 'a\u2028b\u2029c\u0085d'],
]

const climbs = [
  '..',
  '../..',
  '../../../../etc/passwd',
  '/etc/passwd',
  '..\\..\\windows',
  'C:\\x',
  'a/../../b',
  './a',
  'a//b',
  'file:///etc/passwd',
  '~/.ssh/id',
  '%2e%2e%2f',
  'a\u0000/../b',
  '..;/a',
  '\\\\host\\share',
]

const codes: readonly (readonly [label: string, text: string])[] = [
  ['SQL in it', `x'; DROP TABLE control_plane.run; --`],
  ['a template in it', '${7*7}{{7*7}}<%= 7*7 %>'],
  ['markup in it', '<img src=x onerror=alert(1)>'],
  ['a format in it', '%s%n%x$(id)`id`'],
  ['a new line and a header in it', 'a\r\nset-cookie: session=x'],
]

const moments = [
  '0000-00-00T00:00:00.000Z',
  '9999-12-31T23:59:59.999Z',
  '2026-02-30T25:61:61.000Z',
  '1969-12-31T23:59:59.999Z',
  '2026-11-22T00:00:00.000+99:99',
]

export function listValueVariants(schema: JsonSchema, good: unknown): ValueVariant[] {
  const options = schema.anyOf ?? schema.oneOf ?? [schema]
  const types = new Set(options.map(typeOf))
  if (types.has('integer')) types.add('number')
  const variants: ValueVariant[] = []
  const add = (kind: Kind, label: string, value: unknown) => variants.push({ kind, label, value })
  for (const [type, value] of ofEachType) {
    if (!types.has(type) || (type === 'number' && !options.some((option) => option.type === 'number')))
      add('wrong type', `${JSON.stringify(value)}`, value)
  }
  add('boundary', `${deep} arrays in each other`, new RawJson(`${'['.repeat(deep)}${']'.repeat(deep)}`))
  for (const option of options) {
    if (typeOf(option) === 'string') addStrings(add, option, typeof good === 'string' ? good : 'text')
    if (typeOf(option) === 'integer' || typeOf(option) === 'number') addNumbers(add, option)
    if (typeOf(option) === 'array') addArrays(add, option, Array.isArray(good) ? good : [])
  }
  return variants
}

type Add = (kind: Kind, label: string, value: unknown) => void

function addStrings(add: Add, schema: JsonSchema, good: string): void {
  const { minLength, maxLength } = schema
  add('boundary', 'empty', '')
  add('boundary', 'white space', ' \t\n ')
  for (const length of new Set([
    minLength === undefined ? undefined : minLength - 1,
    minLength,
    maxLength,
    maxLength === undefined ? undefined : maxLength + 1,
  ])) {
    if (length !== undefined && length > 0) add('boundary', `${length} characters`, 'x'.repeat(length))
  }
  if (maxLength !== undefined) add('unicode trouble', `${maxLength} emoji`, '😀'.repeat(maxLength))
  add('boundary', '200 characters', 'a'.repeat(200))
  add('boundary', '201 characters', 'a'.repeat(201))
  add('oversized', '20,000 characters', 'y'.repeat(20_000))
  if (schema.enum ?? schema.const) add('boundary', 'another case', good.toLowerCase() === good ? good.toUpperCase() : good.toLowerCase())
  add('boundary', 'a line after it', `${good}\n`)
  add('boundary', 'a space before it', ` ${good}`)
  for (const moment of moments) add('boundary', `the moment ${moment}`, moment)
  for (const number of ['-1', '-0', '01', '1e3', '0x10', '9007199254740993', '999999999999999', '1.0', '+1', 'NaN'])
    add('boundary', `the number ${number}`, number)
  for (const [label, text] of troubles) {
    add('unicode trouble', label, text)
    add('unicode trouble', `${label} at its end`, `${good.slice(0, 40)}${text}`)
  }
  for (const climb of climbs) add('traversal', JSON.stringify(climb), climb)
  for (const [label, text] of codes) add('malformed', label, text)
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) add('unknown member', `the name ${name}`, name)
}

function addNumbers(add: Add, schema: JsonSchema): void {
  const { minimum, maximum } = schema
  for (const limit of [minimum, maximum]) {
    if (limit === undefined) continue
    for (const value of [limit - 1, limit, limit + 1]) add('boundary', String(value), value)
  }
  for (const text of [
    '-9007199254740991',
    '9007199254740992',
    '9007199254740993',
    '2147483648',
    '9223372036854775808',
    '1e308',
    '1e400',
    '-1e400',
    '-0',
    '0.1',
    '1.0',
    '1e-400',
    '3e0',
  ]) {
    add('boundary', text, new RawJson(text))
  }
  for (const text of ['NaN', 'Infinity', '01', '0x10', '+1', '1_000', '.5', '1.']) add('malformed', text, new RawJson(text))
  add('oversized', 'a number of 5,000 digits', new RawJson('9'.repeat(5_000)))
}

function addArrays(add: Add, schema: JsonSchema, good: readonly unknown[]): void {
  const item = good[0] ?? null
  const { minItems = 0, maxItems } = schema
  if (minItems > 0) add('boundary', 'no items', [])
  if (maxItems !== undefined)
    for (const length of [maxItems, maxItems + 1])
      add(
        'boundary',
        `${length} items`,
        Array.from({ length }, () => item),
      )
  add(
    'oversized',
    '10,000 items',
    Array.from({ length: 10_000 }, () => 0),
  )
  add('boundary', 'the same item twice', [item, item])
  add('wrong type', 'an item that is null', [null])
  add('malformed', 'a hole', new RawJson('[,]'))
  add('malformed', 'a trailing comma', new RawJson('[0,]'))
}

function typeOf(schema: JsonSchema): string {
  if (schema.type) return schema.type
  const value = schema.const ?? schema.enum?.[0]
  return value === undefined ? 'unknown' : typeof value
}

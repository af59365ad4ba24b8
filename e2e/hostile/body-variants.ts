/** Everything that can be wrong with a JSON body: with its text, and with each member of it however deep. */
import { gzipSync } from 'node:zlib'
import type { Route } from '@autopack/contract/route'
import type { Kind, WireBody } from './hostile-request.ts'
import { RawJson, listValueVariants } from './value-variants.ts'
import type { JsonSchema } from './value-variants.ts'

export type BodyVariant = { kind: Kind; label: string; body: WireBody | null; headers?: readonly (readonly [string, string | null])[] }

const deep = 10_000
/** Shows up in an answer only when a prototype was changed. */
export const pollution = 'polluted-prototype'

export function listBodyVariants(route: Route, schema: JsonSchema, good: unknown): BodyVariant[] {
  const text = JSON.stringify(good)
  return [...listTextVariants(text), ...listFramingVariants(text, route.policy.body_limit_bytes), ...listMemberVariants(schema, good)]
}

export function withLength(bytes: Buffer | string): WireBody {
  return { bytes: () => Buffer.from(bytes as string), framing: 'length' }
}

function listTextVariants(text: string): BodyVariant[] {
  const inside = text === '{}' ? '{"a":1' : text.slice(0, -1)
  const texts: readonly (readonly [kind: Kind, label: string, text: string | Buffer])[] = [
    ['malformed', 'no body', ''],
    ['malformed', 'white space only', ' \n'],
    ['malformed', 'half a document', text.slice(0, Math.ceil(text.length / 2))],
    ['malformed', 'an open brace', '{'],
    ['malformed', 'a trailing comma', `${inside},}`],
    ['malformed', 'a comment', `/* a */${text}`],
    ['malformed', 'two documents', `${text}${text}`],
    ['malformed', 'single quotes', "{'a':1}"],
    ['malformed', 'names without quotes', '{a:1}'],
    ['malformed', 'NaN', `${inside},"b":NaN}`],
    ['malformed', 'undefined', 'undefined'],
    ['malformed', 'a byte order mark', `\ufeff${text}`],
    ['malformed', 'a member twice', duplicateMember(text)],
    ['malformed', 'a control character in a string', '{"a":"\u0001"}'],
    ['malformed', 'a bad escape', '{"a":"\\x41"}'],
    ['malformed', 'a form', 'a=1&b=2'],
    ['malformed', 'XML', '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
    ['malformed', 'JSON lines', `${text}\n${text}\n`],
    ['unicode trouble', 'half a character', Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xe2, 0x82]), Buffer.from('"}')])],
    ['unicode trouble', 'an overlong slash', Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')])],
    ['unicode trouble', 'a surrogate in UTF-8', Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')])],
    ['unicode trouble', 'Latin-1', Buffer.from('{"a":"é"}', 'latin1')],
    ['unicode trouble', 'UTF-16', Buffer.from(text, 'utf16le')],
    ['unicode trouble', 'NUL after it', `${text}\u0000`],
    ['unicode trouble', 'a name of surrogates and NUL', `${inside}${inside === '{' ? '' : ','}"\\ud800\\u0000":1}`],
    ['boundary', `${deep} objects in each other`, `${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}`],
    ['boundary', `${deep} brackets never closed`, '['.repeat(deep)],
    ['boundary', 'an empty object', '{}'],
    ['traversal', 'a path as the document', '"../../../../etc/passwd"'],
  ]
  const encodings: BodyVariant[] = [
    { kind: 'malformed', label: 'gzip', body: withLength(gzipSync(text)), headers: [['content-encoding', 'gzip']] },
    { kind: 'oversized', label: 'a gzip bomb', body: withLength(gzipSync(Buffer.alloc(2_000_000))), headers: [['content-encoding', 'gzip']] },
    ...(
      [
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=a',
        'application/json, text/plain',
        'application/octet-stream',
        'Ünicode/ßtype',
        null,
      ] as const
    ).map((type): BodyVariant => ({ kind: 'wrong type', label: `content type ${type}`, body: withLength(text), headers: [['content-type', type]] })),
    {
      kind: 'unicode trouble',
      label: 'another character set',
      body: withLength(text),
      headers: [['content-type', 'application/json; charset=utf-16']],
    },
  ]
  const scalars = [null, true, 0, 'text', [], [{}]].map((value): BodyVariant => ({
    kind: 'wrong type',
    label: `the document is ${JSON.stringify(value)}`,
    body: withLength(JSON.stringify(value)),
  }))
  return [...texts.map(([kind, label, content]): BodyVariant => ({ kind, label, body: withLength(content) })), ...encodings, ...scalars]
}

function duplicateMember(text: string): string {
  const first = /^\{("[^"]+"):/.exec(text)
  return first ? `{${first[1]}:1,${text.slice(1)}` : '{"a":1,"a":2}'
}

function listFramingVariants(text: string, limit: number): BodyVariant[] {
  const padded = (length: number) => () => Buffer.concat([Buffer.from(text), Buffer.alloc(Math.max(0, length - Buffer.byteLength(text)), ' ')])
  return [
    { kind: 'oversized', label: 'as large as may be', body: { bytes: padded(limit), framing: 'length' } },
    { kind: 'oversized', label: 'a byte too large', body: { bytes: padded(limit + 1), framing: 'length' } },
    { kind: 'oversized', label: 'a byte too large, in chunks', body: { bytes: padded(limit + 1), framing: 'chunked' } },
    { kind: 'oversized', label: 'as large as may be, in chunks', body: { bytes: padded(limit), framing: 'chunked' } },
  ]
}

function listMemberVariants(schema: JsonSchema, good: unknown): BodyVariant[] {
  const variants: BodyVariant[] = []
  const visit = (node: JsonSchema, value: unknown, put: (value: unknown) => unknown, where: string) => {
    const send = (kind: Kind, label: string, changed: unknown) =>
      variants.push({ kind, label: `${where}: ${label}`, body: withLength(toText(put(changed))) })
    if (where !== 'body') for (const variant of listValueVariants(node, value)) send(variant.kind, variant.label, variant.value)
    const option = optionFor(node, value)
    if (option?.type === 'array' && option.items && Array.isArray(value)) visit(option.items, value[0], (item) => put([item]), `${where}[0]`)
    if (option?.type !== 'object' || typeof value !== 'object' || value === null) return
    const members = value as Record<string, unknown>
    for (const [label, name, extra] of unknownMembers) send('unknown member', label, new RawJson(withRawMember(members, name, extra)))
    for (const name of Object.keys(members)) {
      const { [name]: _, ...rest } = members
      send('boundary', `without ${name}`, rest)
      send('unknown member', `${name} in another case`, { ...rest, [name.toUpperCase()]: members[name] })
      const next = option.properties?.[name]
      if (next) visit(next, members[name], (changed) => put({ ...members, [name]: changed }), where === 'body' ? name : `${where}.${name}`)
    }
  }
  visit(schema, good, (value) => value, 'body')
  return variants
}

const unknownMembers: readonly (readonly [label: string, name: string, json: string])[] = [
  ['a member more', 'surprise', '1'],
  ['a member without a name', '', '1'],
  ['__proto__', '__proto__', `{"${pollution}":true,"role":"admin"}`],
  ['constructor', 'constructor', `{"prototype":{"${pollution}":true}}`],
  ['toString', 'toString', '"x"'],
  ['role', 'role', '"admin"'],
  ['a name of 10,000 characters', 'n'.repeat(10_000), '1'],
]

function withRawMember(members: object, name: string, json: string): string {
  const text = JSON.stringify(members)
  return `${text.slice(0, -1)}${text === '{}' ? '' : ','}${JSON.stringify(name)}:${json}}`
}

function optionFor(schema: JsonSchema, value: unknown): JsonSchema | undefined {
  const options = schema.anyOf ?? schema.oneOf
  if (!options) return schema
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  if (!isObject) return options.find((option) => (Array.isArray(value) ? option.type === 'array' : false))
  // Which of several objects: the one whose fixed members say so.
  return options.find(
    (option) =>
      option.type === 'object' &&
      Object.entries(option.properties ?? {}).every(
        ([name, { const: fixed }]) => fixed === undefined || (value as Record<string, unknown>)[name] === fixed,
      ),
  )
}

/** As `JSON.stringify`, with the raw pieces as they are. */
function toText(value: unknown): string {
  const raw: string[] = []
  const mark = '\ue000raw\ue001'
  const text = JSON.stringify(value, (_, each: unknown) => {
    if (!(each instanceof RawJson)) return each
    raw.push(each.text)
    return `${mark}${raw.length - 1}`
  })
  return text.replace(new RegExp(`"${mark}(\\d+)"`, 'g'), (_, index: string) => raw[Number(index)]!)
}

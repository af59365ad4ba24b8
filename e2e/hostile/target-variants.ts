/** Everything that can be wrong with a request target: each path parameter, each query parameter, and its form as a whole. */
import { percentEncode, toLatin1 } from './hostile-request.ts'
import type { HostileRequest, Kind } from './hostile-request.ts'
import { RawJson, listValueVariants } from './value-variants.ts'
import type { JsonSchema } from './value-variants.ts'

export type TargetVariant = { kind: Kind; label: string; target: string; refusedAs?: HostileRequest['refusedAs'] }
export type GoodTarget = { template: string; params: Readonly<Record<string, string>>; query: Readonly<Record<string, string>> }

export function toTarget({ template, params, query }: GoodTarget): string {
  const path = template.replace(/\{([a-z0-9_]+)\}/g, (_, name: string) => params[name]!)
  const search = Object.entries(query).map(([name, value]) => `${name}=${percentEncode(value)}`)
  return search.length > 0 ? `${path}?${search.join('&')}` : path
}

export function listTargetVariants(schemas: { params: JsonSchema; query: JsonSchema }, good: GoodTarget): TargetVariant[] {
  return [...listPathVariants(schemas.params, good), ...listWholeVariants(good), ...listQueryVariants(schemas.query, good)]
}

const climbs = [
  '..',
  '../..',
  '.',
  '...',
  '%2e%2e',
  '%2E%2E%2F',
  '..%2f..%2fetc%2fpasswd',
  '%252e%252e%252f',
  '..%5c..%5c',
  '..\\..',
  '\\..',
  ';/..',
  '..;',
  'a;b=c',
  '%00',
  'a%00.json',
  '%c0%ae%c0%ae%c0%af',
  '%uff0e%uff0e',
  '/etc/passwd',
  '//',
  '%ff',
  '%',
  '%zz',
  '~root',
  '.git',
  '-',
  '*',
]

function listPathVariants(schema: JsonSchema, good: GoodTarget): TargetVariant[] {
  const variants: TargetVariant[] = []
  for (const [name, node] of Object.entries(schema.properties ?? {})) {
    const put = (raw: string) => toTarget({ ...good, params: { ...good.params, [name]: raw } })
    for (const climb of climbs) variants.push({ kind: 'traversal', label: `${name}: ${climb}`, target: put(climb) })
    variants.push({ kind: 'oversized', label: `${name}: 1,000 characters`, target: put('a'.repeat(1_000)) })
    for (const { kind, label, value } of listValueVariants(node, good.params[name])) {
      if (typeof value === 'string' && value.length <= 2_000) variants.push({ kind, label: `${name}: ${label}`, target: put(percentEncode(value)) })
    }
    for (const value of ['null', 'undefined', '[]', '{}', 'true', '1.5'])
      variants.push({ kind: 'wrong type', label: `${name}: ${value}`, target: put(value) })
    for (const value of ['é', '＃', '٣', '\u202e', '😀'])
      variants.push({ kind: 'unicode trouble', label: `${name}: ${JSON.stringify(value)} unencoded`, target: put(toLatin1(value)) })
  }
  return variants
}

function listWholeVariants(good: GoodTarget): TargetVariant[] {
  const target = toTarget(good)
  const [path = '', query = ''] = target.split('?')
  const search = query === '' ? '' : `?${query}`
  const join = query === '' ? '?' : '&'
  const traversal: TargetVariant[] = [
    `/..${path}`,
    `/.${path}`,
    `/${path}`,
    `${path}/`,
    `${path}/.`,
    `${path}/..`,
    `${path}//`,
    `${path}/../../../etc/passwd`,
    `/x/..${path}`,
    `/x/%2e%2e${path}`,
    `/%2e%2e%2f..${path}`,
    `/x;a=b/../${path}`,
    `/x\\..\\${path}`,
    `${path}%2f`,
    `${path}%00`,
    `${path};a=b`,
    path.replace(/\/([a-z])/, (_, letter: string) => `/%${letter.charCodeAt(0).toString(16)}`),
    path.replace(/\/([a-z])/, (_, letter: string) => `/${letter.toUpperCase()}`),
  ].map((spelled) => ({ kind: 'traversal' as const, label: spelled.slice(0, 80), target: `${spelled}${search}` }))
  const notHttp = ['invalid_request', 'invalid_path', 'not_found', 'method_not_allowed', 'forged_request', 'assertion_refused'] as const
  const forms: TargetVariant[] = ['*', 'x', path.slice(1), '?', '#', ' ', `http://`, `ftp://elsewhere${path}x/y/z`, 'elsewhere:443'].map((form) => ({
    kind: 'traversal',
    label: `the target is ${form}`,
    target: form,
    refusedAs: notHttp,
  }))
  return [
    ...traversal,
    // RFC 9112, 3.2.2: to be understood; what counts is the path in it.
    { kind: 'traversal', label: 'the whole URL as the target', target: `http://elsewhere${target}` },
    { kind: 'traversal', label: 'the whole URL as the target, climbing', target: `http://elsewhere/x/..${target}` },
    ...forms,
    { kind: 'malformed', label: 'broken percent signs in the query', target: `${target}${join}%=%zz&%` },
    { kind: 'malformed', label: 'nothing but separators', target: `${target}${join}&&==&` },
    { kind: 'malformed', label: 'a question mark more', target: `${target}${join}a?b?c=d` },
    { kind: 'boundary', label: 'an empty query', target: `${target}${query === '' ? '?' : '&'}` },
    { kind: 'boundary', label: 'a fragment', target: `${target}#fragment` },
    { kind: 'oversized', label: 'a path of 1,001 characters', target: `${path}/${'a/'.repeat(500)}a${search}` },
    { kind: 'oversized', label: 'a query of 2,500 characters', target: `${target}${join}q9=${'a'.repeat(2_500)}` },
    {
      kind: 'oversized',
      label: '200 query parameters',
      target: `${target}${join}${Array.from({ length: 200 }, (_, index) => `p${index}=1`).join('&')}`,
    },
    { kind: 'oversized', label: 'a target over 8 KiB', target: `${target}${join}q9=${'a'.repeat(9_000)}`, refusedAs: ['headers_too_large'] },
    ...['surprise=1', '__proto__=1', '__proto__[a]=1', 'constructor.prototype.a=1', 'a[]=1', 'role=admin', '=1', '%00=1'].map(
      (pair): TargetVariant => ({ kind: 'unknown member', label: `the query has ${pair}`, target: `${target}${join}${pair}` }),
    ),
    ...['%ED%A0%80=1', '%C0%AF=1', '%F0%9F%98%80=%FF', '%E2%80%AE=a', toLatin1('é=ü'), 'a=%EF%BB%BF'].map((pair): TargetVariant => ({
      kind: 'unicode trouble',
      label: `the query has ${pair}`,
      target: `${target}${join}${pair}`,
    })),
  ]
}

function listQueryVariants(schema: JsonSchema, good: GoodTarget): TargetVariant[] {
  const variants: TargetVariant[] = []
  for (const [name, node] of Object.entries(schema.properties ?? {})) {
    const { [name]: _, ...rest } = good.query
    const base = toTarget({ ...good, query: rest })
    const put = (raw: string) => `${base}${base.includes('?') ? '&' : '?'}${raw}`
    const add = (kind: Kind, label: string, raw: string) => variants.push({ kind, label: `${name}: ${label}`, target: put(raw) })
    for (const { kind, label, value } of listValueVariants(node, good.query[name])) {
      if (value instanceof RawJson) continue
      const text = typeof value === 'string' ? value : JSON.stringify(value)
      if (percentEncode(text).length < 7_000) add(kind, label, `${name}=${percentEncode(text)}`)
    }
    add('wrong type', 'twice', `${name}=a&${name}=b`)
    add('wrong type', 'a list', `${name}[]=a`)
    add('wrong type', 'an object', `${name}[a]=b`)
    add('boundary', 'left out', 'x9=1')
    add('malformed', 'without a value', name)
    add('malformed', 'a broken percent sign', `${name}=%zz%`)
    add('unicode trouble', 'bytes that are no UTF-8', `${name}=%ff%fe`)
    add('unicode trouble', 'unencoded', `${name}=${toLatin1('é\u202e')}`)
    for (const climb of ['%2e%2e%2fa', '..%2f..%2fa', '%252e%252e%252fa', '..%5ca', 'a%00b', '%c0%ae%c0%ae/a', '/etc/passwd', 'a//b', '..'])
      add('traversal', climb, `${name}=${climb}`)
  }
  return variants
}

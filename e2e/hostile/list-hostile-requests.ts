/** The hostile requests of one route, from its row in the contract and nothing else; the same ones each time. */
import type { Route } from '@autopack/contract/route'
import * as z from 'zod/mini'
import { listBodyVariants, withLength } from './body-variants.ts'
import { listHeaderVariants } from './header-variants.ts'
import { kinds } from './hostile-request.ts'
import type { HostileRequest, Kind, WireBody } from './hostile-request.ts'
import { listTargetVariants, toTarget } from './target-variants.ts'
import type { GoodTarget } from './target-variants.ts'
import { buildValidValue } from './valid-values.ts'
import type { Things } from './valid-values.ts'
import type { JsonSchema } from './value-variants.ts'

/** The cells of the table that cannot exist: a route that takes nothing can be given nothing of the wrong type. */
export function kindsOf(route: Route): readonly Kind[] {
  const takesSomething = route.body || route.params || route.query
  return takesSomething || route.retry === 'same_idempotency_key' ? kinds : kinds.filter((kind) => kind !== 'wrong type')
}

/** A request that the contract accepts. `templates`: one for each form of the body. */
export type GoodRequest = { target: string; body: WireBody | null }

export function buildGoodRequests(route: Route, template: string, things: Things): GoodRequest[] {
  return buildGood(route, template, things).map(({ target, body }) => ({ target: toTarget(target), body: bodyOf(route, body) }))
}

export function listHostileRequests(route: Route, template: string, things: Things): HostileRequest[] {
  const requests: HostileRequest[] = []
  for (const good of buildGood(route, template, things)) {
    const method = route.method
    const target = toTarget(good.target)
    const body = bodyOf(route, good.body)
    const schemas = { params: schemaOf(route.params), query: schemaOf(route.query) }
    for (const variant of listTargetVariants(schemas, good.target)) requests.push({ method, body, headers: [], ...variant })
    for (const variant of listHeaderVariants(route, body?.bytes() ?? null)) requests.push({ method, target, body, ...variant })
    if (route.body === 'bytes') requests.push(...listByteVariants(route, target))
    else if (route.body)
      for (const variant of listBodyVariants(route, schemaOf(route.body), good.body)) requests.push({ method, target, headers: [], ...variant })
    else
      requests.push({
        kind: 'oversized',
        label: 'a body that nobody asked for',
        method,
        target,
        headers: [['content-type', 'application/json']],
        body: { bytes: () => Buffer.alloc(1_000_000, ' '), framing: 'length' },
      })
  }
  return requests
}

function buildGood(route: Route, template: string, things: Things): { target: GoodTarget; body: unknown }[] {
  const params = buildValidValue(schemaOf(route.params), things, '') as Record<string, string>
  const wanted = schemaOf(route.query)
  const needed = Object.fromEntries(Object.entries(wanted.properties ?? {}).filter(([name]) => wanted.required?.includes(name)))
  const query = buildValidValue({ type: 'object', properties: needed }, things, '') as Record<string, string>
  const target = { template, params, query }
  const bodies =
    route.body && route.body !== 'bytes'
      ? optionsOf(schemaOf(route.body)).flatMap((option) => withAndWithoutSignature(buildValidValue(option, things, ''), option))
      : [undefined]
  for (const body of bodies) {
    for (const [part, schema, value] of [
      ['path', route.params, params],
      ['query', route.query, query],
      ['body', route.body === 'bytes' ? undefined : route.body, body],
    ] as const) {
      const parsed = schema ? z.safeParse(schema, value) : { success: true as const }
      if (parsed.success) continue
      const why = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ')
      throw new Error(
        `no valid ${part} could be built for ${route.id}: ${why}. Give the value in e2e/hostile/existing-things.ts under the name of the member.`,
      )
    }
  }
  return bodies.map((body) => ({ target, body }))
}

function optionsOf(schema: JsonSchema): JsonSchema[] {
  return schema.oneOf ?? [schema]
}

/** Where a signature may be missing, both: with one that nobody made, nothing is ever done. */
function withAndWithoutSignature(body: unknown, { properties, required }: JsonSchema): unknown[] {
  if (!properties?.['signature'] || required?.includes('signature')) return [body]
  const { signature: _, ...unsigned } = body as Record<string, unknown>
  return [unsigned, body]
}

function bodyOf(route: Route, value: unknown): WireBody | null {
  if (!route.body) return null
  return withLength(route.body === 'bytes' ? 'some bytes' : JSON.stringify(value))
}

function listByteVariants(route: Route, target: string): HostileRequest[] {
  const limit = route.policy.body_limit_bytes
  const { method } = route
  const make = (kind: Kind, label: string, body: WireBody, type: string | null = 'application/octet-stream'): HostileRequest => ({
    kind,
    label,
    method,
    target,
    body,
    headers: [['content-type', type]],
  })
  return [
    make('malformed', 'no bytes', withLength('')),
    make('malformed', 'half a character', withLength(Buffer.from([0xe2, 0x82]))),
    make('unicode trouble', 'a surrogate in UTF-8', withLength(Buffer.from([0x61, 0xed, 0xa0, 0x80]))),
    make('unicode trouble', 'NUL', withLength(Buffer.alloc(10))),
    make('oversized', 'as large as may be', { bytes: () => Buffer.alloc(limit, 'a'), framing: 'length' }),
    make('oversized', 'a byte too large', { bytes: () => Buffer.alloc(limit + 1, 'a'), framing: 'length' }),
    make('oversized', 'a byte too large, in chunks', { bytes: () => Buffer.alloc(limit + 1, 'a'), framing: 'chunked' }),
    ...['application/json', 'text/plain', 'multipart/form-data; boundary=a', null].map((type) =>
      make('wrong type', `content type ${type}`, withLength('{}'), type),
    ),
  ]
}

function schemaOf(schema: z.ZodMiniType | undefined): JsonSchema {
  if (!schema) return { type: 'object', properties: {} }
  return z.toJSONSchema(schema, { target: 'draft-2020-12', unrepresentable: 'any', io: 'input' }) as JsonSchema
}

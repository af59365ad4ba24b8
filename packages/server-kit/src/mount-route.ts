/** Puts one route of the contract on an app: parse everything, call the action, answer what the contract says. */
import { createHash } from 'node:crypto'
import type { AnswerOf, BodyOf, ParamsOf, QueryOf, Route } from '@autopack/contract/route'
import type { Context } from 'hono'
import * as z from 'zod/mini'
import type { App, AppVariables } from './create-app.ts'
import { honoPath } from './create-app.ts'
import { ProblemError } from './problem-error.ts'
import { jsonBodyTiming, readBody, uploadBodyTiming } from './read-body.ts'

// zod/mini brings no words of its own; without them a refusal says only that the input is invalid. Servers only: the browser stays small.
z.config(z.locales.en())

export type RouteInput<R extends Route, P> = {
  /** Whoever `authenticate` found. */
  principal: P
  params: ParamsOf<R>
  query: QueryOf<R>
  body: BodyOf<R>
  /** The body as it came, for whoever has to hash or pass on exactly that. */
  bodyBytes: Uint8Array<ArrayBuffer>
  idempotencyKey: string | null
  requestId: string
  /** Aborts when the client goes away. */
  signal: AbortSignal
  c: Context<AppVariables>
}

/** Called with the body bytes already read and bounded, before they are parsed: credentials come before shape. */
export type Authenticate<P> = (c: Context<AppVariables>, route: Route, bodyBytes: Uint8Array<ArrayBuffer>) => Promise<P>

export type MountOptions<P> = {
  authenticate: Authenticate<P>
  /** Where this server has the route; the contract's own path when absent. */
  path?: (path: string) => string
  /** Credential check that needs no body, run before a byte of it is read. */
  beforeBody?: (c: Context<AppVariables>, route: Route) => Promise<void>
}

type Result<R extends Route> = AnswerOf<R> extends undefined ? Response | undefined : AnswerOf<R> | Response

export function mountRoute<const R extends Route, P>(
  app: App,
  route: R,
  options: MountOptions<P>,
  action: (input: RouteInput<R, P>) => Promise<Result<R>>,
): void {
  const path = honoPath((options.path ?? ((p: string) => p))(route.path))
  app.on(route.method, path, async (c) => {
    await options.beforeBody?.(c, route)
    const bodyBytes = await bodyOf(c, route)
    const principal = await options.authenticate(c, route, bodyBytes)
    const input: RouteInput<R, P> = {
      principal,
      params: parsePart(route.params, c.req.param(), 'path') as ParamsOf<R>,
      query: parseQuery(route, c.req.url) as QueryOf<R>,
      body: parseBody(route, c, bodyBytes) as BodyOf<R>,
      bodyBytes,
      idempotencyKey: idempotencyKeyOf(c, route),
      requestId: c.get('requestId'),
      signal: c.req.raw.signal,
      c,
    }
    const result = await action(input)
    if (result instanceof Response) return result
    if (route.answer.status === 204 || result === undefined) return new Response(null, { status: 204 })
    // Parsing on the way out is what keeps a column that nobody meant to show from leaving the server.
    const text = JSON.stringify(route.answer.schema ? z.parse(route.answer.schema, result) : result)
    return jsonResponse(c, route, text)
  })
}

function jsonResponse(c: Context, route: Route, text: string): Response {
  const headers = new Headers({ 'content-type': 'application/json; charset=utf-8' })
  if (route.etag) {
    // `now` changes with every answer; an answer that differs in nothing else is the same answer.
    const etag = `W/"${createHash('sha256')
      .update(text.replace(/"now":"[^"]*"/g, ''))
      .digest('base64url')
      .slice(0, 27)}"`
    headers.set('etag', etag)
    if (
      c.req
        .header('if-none-match')
        ?.split(',')
        .some((offered) => offered.trim() === etag)
    )
      return new Response(null, { status: 304, headers })
  }
  return new Response(text, { status: route.answer.status, headers })
}

async function bodyOf(c: Context, route: Route): Promise<Uint8Array<ArrayBuffer>> {
  if (!route.body) return new Uint8Array()
  return readBody(c.req.raw, route.policy.body_limit_bytes, route.body === 'bytes' ? uploadBodyTiming : jsonBodyTiming)
}

function parseBody(route: Route, c: Context, bytes: Uint8Array): unknown {
  if (!route.body) return undefined
  const type = (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase()
  if (route.body === 'bytes') {
    if (type !== 'application/octet-stream') throw new ProblemError('unsupported_media_type', 'Send the bytes as application/octet-stream.')
    return bytes
  }
  if (type !== 'application/json') throw new ProblemError('unsupported_media_type', 'Send the body as application/json.')
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw new ProblemError('malformed_json', `The body is not JSON in UTF-8: ${toVisible((error as Error).message.slice(0, 120))}`)
  }
  return parsePart(route.body, value, 'body')
}

function parseQuery(route: Route, url: string): unknown {
  const search = new URL(url).searchParams
  // Without a prototype, or `?__proto__=` would be a parameter that nobody sees.
  const values = Object.create(null) as Record<string, string>
  for (const [name, value] of search) {
    if (Object.hasOwn(values, name)) throw invalid([{ where: `query ${name}`, message: 'is given more than once' }])
    values[name] = value
  }
  const known = route.query ? Object.keys(route.query.shape) : []
  // Existing executors may add what they like; a person or our own code with an unknown filter has made a mistake.
  if (route.policy.plane !== 'executor') {
    const unknown = Object.keys(values).filter((name) => !known.includes(name))
    if (unknown.length > 0) throw invalid(unknown.slice(0, 20).map((name) => ({ where: `query ${name.slice(0, 60)}`, message: 'is not known here' })))
  }
  return parsePart(route.query, values, 'query')
}

function parsePart(schema: z.ZodMiniType | undefined, value: unknown, part: string): unknown {
  if (!schema) return undefined
  const parsed = z.safeParse(schema, value)
  if (parsed.success) return parsed.data
  throw invalid(
    parsed.error.issues
      .slice(0, 20)
      .map((issue) => ({ where: [part, ...issue.path.map(String)].join(' ').slice(0, 200), message: issue.message.slice(0, 300) })),
  )
}

function invalid(found: { where: string; message: string }[]): ProblemError {
  const issues = found.map(({ where, message }) => ({ where: toVisible(where), message: toVisible(message) }))
  const first = issues[0]
  return new ProblemError('invalid_request', first ? `${first.where}: ${first.message}` : 'The request does not fit the contract.', { issues })
}

/** Names that were sent are repeated in refusals, and refusals are recorded: the audit log takes no NUL and no half of a character. */
function toVisible(text: string): string {
  return text.toWellFormed().replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
}

function idempotencyKeyOf(c: Context, route: Route): string | null {
  const key = c.req.header('idempotency-key')
  if (key === undefined) {
    if (route.retry === 'same_idempotency_key')
      throw new ProblemError(
        'idempotency_key_required',
        'Send an Idempotency-Key header: any text that is new for each thing you do, and the same when you try again.',
      )
    return null
  }
  if (!/^[\x21-\x7e]{1,200}$/.test(key)) throw invalid([{ where: 'header idempotency-key', message: '1 to 200 visible ASCII characters' }])
  return key
}

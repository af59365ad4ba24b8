/** The Hono app both servers start from: request ids, one set of headers, and problems for everything that goes wrong. */
import { randomUUID } from 'node:crypto'
import { problems } from '@autopack/contract/problem-titles'
import type { Problem, ProblemCode } from '@autopack/contract/problems'
import type { Route } from '@autopack/contract/route'
import { Hono } from 'hono'
import type { Context, MiddlewareHandler } from 'hono'
import type { Log } from './log.ts'
import { refusedPath } from './path-guard.ts'
import { ProblemError } from './problem-error.ts'

export type AppVariables = { Variables: { requestId: string } }
export type App = Hono<AppVariables>

export type AppOptions = {
  log: Log
  /** Paths that the segment rule would refuse but the contract names, such as `/api/auth/.well-known/jwks.json`. */
  namedPaths?: readonly string[]
  /** Which prefix the path rule and the problem answers cover; other paths are left to the app (documents, assets). */
  covers?: (path: string) => boolean
  /** Headers set on every answer that does not set them itself. */
  headers?: Readonly<Record<string, string>>
  /** Names the problem behind an error of a library, for example a lost database; null: not known. */
  classifyError?: (error: unknown) => ProblemError | null
}

const requestIdPattern = /^[A-Za-z0-9][A-Za-z0-9-]{7,63}$/

/** Answers of the API are never documents: nothing in them may load, run or be framed, and nothing keeps them. */
export const apiHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

export function createApp(options: AppOptions): App {
  const app: App = new Hono<AppVariables>()
  const headers = options.headers ?? apiHeaders
  const covers = options.covers ?? (() => true)

  const answerWithHeaders: MiddlewareHandler<AppVariables> = async (c, next) => {
    const offered = c.req.header('x-request-id')
    c.set('requestId', offered !== undefined && requestIdPattern.test(offered) ? offered : randomUUID())
    const path = wirePath(c)
    const refused = covers(path) ? refusedPath(path, options.namedPaths) : null
    if (refused) c.res = problemResponse(c, new ProblemError('invalid_path', refused))
    else await next()
    c.res.headers.set('x-request-id', c.get('requestId'))
    for (const [name, value] of Object.entries(headers)) if (!c.res.headers.has(name)) c.res.headers.set(name, value)
  }
  app.use(answerWithHeaders)

  app.onError((error, c) => {
    const problem = error instanceof ProblemError ? error : (options.classifyError?.(error) ?? null)
    if (problem) {
      if (problems[problem.code].status >= 500) options.log.error({ request_id: c.get('requestId'), code: problem.code, error }, 'request failed')
      return problemResponse(c, problem)
    }
    options.log.error({ request_id: c.get('requestId'), error }, 'request failed')
    const text = `Something failed on our side. Try again; if it stays, give the request id ${c.get('requestId')} to whoever runs this server.`
    return problemResponse(c, new ProblemError('internal_error', text))
  })
  app.notFound((c) => problemResponse(c, new ProblemError('not_found', 'Nothing is at this path.')))
  return app
}

/** Path and query as they came over the wire: the URL of the Request has `..`, `.` and `\` already resolved by the HTTP adapter. */
export function wireTarget(c: Context): string {
  const url = (c.env as { incoming?: { url?: string } } | undefined)?.incoming?.url ?? c.req.raw.url
  const start = url.startsWith('/') ? 0 : url.indexOf('/', url.indexOf('://') + 3)
  return start === -1 ? '/' : url.slice(start).replace(/#.*$/, '')
}

/** The path of `wireTarget`. */
export function wirePath(c: Context): string {
  return wireTarget(c).replace(/\?.*$/, '')
}

/** For what no app answers, such as a target or a Host of which no URL can be made. */
export function problemOutsideApp(error: ProblemError, headers: Readonly<Record<string, string>>): Response {
  const requestId = randomUUID()
  const response = toResponse(requestId, error)
  for (const [name, value] of Object.entries({ ...headers, 'x-request-id': requestId })) response.headers.set(name, value)
  return response
}

/** Answers 405 with `Allow` for a known path with another method. Call it after every route is mounted. */
export function refuseOtherMethods(app: App, routes: readonly Route[], path: (path: string) => string = (p) => p): void {
  const byPath = new Map<string, string[]>()
  for (const route of routes) {
    const key = honoPath(path(route.path))
    byPath.set(key, [...(byPath.get(key) ?? []), route.method])
  }
  for (const [key, methods] of byPath) {
    const allow = [...new Set(methods.includes('GET') ? [...methods, 'HEAD'] : methods)].join(', ')
    app.all(key, (c) => {
      const response = problemResponse(c, new ProblemError('method_not_allowed', `This path takes ${allow}.`))
      response.headers.set('allow', allow)
      return response
    })
  }
}

export function honoPath(path: string): string {
  return path.replace(/\{([a-z0-9_]+)\}/g, ':$1')
}

function problemResponse(c: Context, error: ProblemError): Response {
  return toResponse(String(c.get('requestId') ?? ''), error)
}

function toResponse(requestId: string, error: ProblemError): Response {
  const { retryAfterSeconds, ...extra } = error.extra
  const body: Problem = {
    type: `urn:autopack:problem:${error.code}`,
    title: problems[error.code].title,
    status: problems[error.code].status,
    code: error.code satisfies ProblemCode,
    detail: error.detail,
    request_id: requestId,
    ...extra,
  }
  const headers = new Headers({ 'content-type': 'application/problem+json; charset=utf-8' })
  if (retryAfterSeconds !== undefined) headers.set('retry-after', String(Math.max(1, Math.ceil(retryAfterSeconds))))
  return new Response(JSON.stringify(body), { status: problems[error.code].status, headers })
}

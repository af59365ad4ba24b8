/**
 * One way to call a route of the contract, with three transports: fetch in the browser, undici in the BFF, fetch with
 * `redirect: 'manual'` in the SDK. Builds the request from the route, parses the answer by the route, throws problems.
 */
import type { AnswerOf, BodyOf, ParamsOf, QueryInputOf, Route } from '@autopack/contract/route'
import { problemSchema } from '@autopack/contract/problems'
import * as z from 'zod/mini'
import { ApiProblem, OutsideContract, Unreachable } from './errors.ts'

export type WireRequest = {
  method: string
  /** Path and query, percent-encoded, beginning with `/`. */
  target: string
  headers: Record<string, string>
  body: Uint8Array<ArrayBuffer> | undefined
  timeoutMs: number
  signal: AbortSignal | undefined
}

export type WireAnswer = {
  status: number
  header: (name: string) => string | null
  bytes: () => Promise<Uint8Array>
}

/** Sends one request and never follows a redirect. Throws only when no answer arrived. */
export type Transport = (request: WireRequest, route: Route) => Promise<WireAnswer>

// In brackets, so that a union of bodies stays one type.
type Need<K extends string, V> = [V] extends [undefined] ? { [k in K]?: undefined } : { [k in K]: V }
type Optional<K extends string, V> = [V] extends [undefined] ? { [k in K]?: undefined } : { [k in K]?: V }

export type CallInput<R extends Route> = Need<'params', ParamsOf<R>> &
  Optional<'query', QueryInputOf<R>> &
  Need<'body', BodyOf<R>> & {
    idempotencyKey?: string
    headers?: Record<string, string>
    signal?: AbortSignal
  }

export type Call = <R extends Route>(route: R, input: CallInput<R>) => Promise<AnswerOf<R>>

/** The path and query of a call, as sent. Refuses parameters that the contract refuses, so nothing odd is ever encoded. */
export function requestTarget(route: Route, params: unknown, query: unknown): string {
  const values: Record<string, unknown> = route.params ? z.parse(route.params, params) : {}
  const path = route.path.replace(/\{([a-z0-9_]+)\}/g, (_, name: string) =>
    // A colon is allowed in a path segment (RFC 3986, 3.3), and our servers take no percent sign in a path.
    encodeURIComponent(String(values[name])).replaceAll('%3A', ':'),
  )
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries((query ?? {}) as Record<string, unknown>)) {
    if (value !== undefined && value !== null && value !== '') search.append(name, String(value))
  }
  const text = search.toString()
  return text === '' ? path : `${path}?${text}`
}

export function createCall(transport: Transport, options: { path?: (path: string) => string } = {}): Call {
  const toPath = options.path ?? ((path: string) => path)
  return async (route, input) => {
    const answer = await send(transport, route, input as CallInput<Route>, toPath)
    const bytes = await answer.bytes()
    if (answer.status === route.answer.status) {
      if (route.answer.status === 204 || !route.answer.schema) return (route.answer.kind === 'json' ? undefined : bytes) as never
      const parsed = z.safeParse(route.answer.schema, parseJson(route, answer, bytes))
      if (!parsed.success) throw new OutsideContract(route.id, answer.status, z.prettifyError(parsed.error))
      return parsed.data as never
    }
    throw toApiProblem(route, answer, bytes)
  }
}

async function send(transport: Transport, route: Route, input: CallInput<Route>, toPath: (path: string) => string): Promise<WireAnswer> {
  const headers: Record<string, string> = { accept: 'application/json', ...input.headers }
  let body: Uint8Array<ArrayBuffer> | undefined
  if (route.body === 'bytes') {
    headers['content-type'] = 'application/octet-stream'
    body = new Uint8Array(input.body as unknown as Uint8Array)
  } else if (route.body) {
    headers['content-type'] = 'application/json'
    body = new TextEncoder().encode(JSON.stringify(input.body))
  }
  if (input.idempotencyKey !== undefined) headers['idempotency-key'] = input.idempotencyKey
  const target = toPath(requestTarget(route, input.params, input.query))
  try {
    return await transport({ method: route.method, target, headers, body, timeoutMs: route.policy.timeout_ms, signal: input.signal }, route)
  } catch (error) {
    if (input.signal?.aborted) throw error
    throw new Unreachable(route.id, error)
  }
}

function parseJson(route: Route, answer: WireAnswer, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new OutsideContract(route.id, answer.status, 'the answer is not JSON')
  }
}

function toApiProblem(route: Route, answer: WireAnswer, bytes: Uint8Array): Error {
  const type = answer.header('content-type') ?? ''
  if (!type.startsWith('application/problem+json')) return new OutsideContract(route.id, answer.status, `the answer is ${type || 'without a type'}`)
  const parsed = z.safeParse(problemSchema, parseJson(route, answer, bytes))
  if (!parsed.success) return new OutsideContract(route.id, answer.status, z.prettifyError(parsed.error))
  const retryAfter = Number(answer.header('retry-after'))
  return new ApiProblem(parsed.data, Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : null)
}

/**
 * The only door to the control plane. Requests are built from a route of the contract, never forwarded; the instance key
 * goes to one origin; redirects are not followed; what comes back is parsed before anybody sees it.
 */
import { createCall } from '@autopack/api-client/call'
import type { CallInput, Transport, WireAnswer } from '@autopack/api-client/call'
import { ApiProblem, OutsideContract, Unreachable } from '@autopack/api-client/errors'
import { answerLimitBytes } from '@autopack/contract/limits'
import { problemSchema } from '@autopack/contract/problems'
import type { Problem } from '@autopack/contract/problems'
import type { AnswerOf, Route } from '@autopack/contract/route'
import type { Log } from '@autopack/server-kit/log'
import { ProblemError } from '@autopack/server-kit/problem-error'
import { Agent, request } from 'undici'
import type { Dispatcher } from 'undici'
import * as z from 'zod/mini'
import type { SigningKey } from '../shared/signing-key.ts'
import { createCircuitBreaker, unreachable } from './circuit-breaker.ts'
import { assertionHeader, signOperatorAssertion } from './operator-assertion.ts'
import type { Subject } from './operator-assertion.ts'

export type UpstreamOptions = {
  origin: string
  /** Null: nothing is sent at all. */
  apiKey: string | null
  signingKey: SigningKey
  now: () => Date
  log: Log
  /** Milliseconds; tests shorten them. */
  timing?: Partial<Timing>
}
export type Timing = { connectMs: number; headersMs: number; totalMs: number; idleMs: number }

/** Of one browser request: who asks, and what else travels with it. Header names in lower case. */
export type Passage = { subject: Subject; requestId: string; headers: Record<string, string>; signal: AbortSignal }

export type JsonAnswer<R extends Route> = { status: number; etag: string | null; headers: Record<string, string>; data: AnswerOf<R> | undefined }

export type ControlPlane = {
  /**
   * Calls a json route. `status` 304 comes without data. Throws ProblemError: a problem of the control plane as it is,
   * `control_plane_unreachable`, `control_plane_refused_console` or `upstream_invalid`.
   */
  call: <R extends Route>(route: R, input: CallInput<R>, passage: Passage) => Promise<JsonAnswer<R>>
  /** Opens an answer of bytes, events or lines; the caller reads or destroys the body. Throws as `call`. */
  open: (target: string, passage: Passage, accept: string) => Promise<Dispatcher.ResponseData>
  /** Whether its `/health` answers 200. Neither key nor assertion is sent. */
  isReady: () => Promise<boolean>
  close: () => Promise<void>
}

/** A refusal in the words of the control plane, which has recorded it already when it belongs in the audit log. */
export class UpstreamProblem extends ProblemError {}

const passedBack = ['retry-after', 'ratelimit', 'ratelimit-policy', 'ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset']
const problemLimitBytes = 64 * 1024

export function createControlPlane(options: UpstreamOptions): ControlPlane {
  const timing: Timing = { connectMs: 2_000, headersMs: 5_000, totalMs: 10_000, idleMs: 30_000, ...options.timing }
  const short = {
    connect: { timeout: timing.connectMs },
    headersTimeout: timing.headersMs,
    bodyTimeout: timing.idleMs,
    // Shorter than the other side's, so that a connection it is about to close is never used.
    keepAliveTimeout: 5_000,
    maxHeaderSize: 16 * 1024,
  }
  const agent = new Agent({ ...short, connections: 64 })
  // What stops something, a rejection too, must not wait behind pages that are slow to load.
  const deciding = new Agent({ ...short, connections: 16 })
  // Streams stay open for minutes; they must not take the places of short calls.
  const streams = new Agent({ connect: { timeout: timing.connectMs }, headersTimeout: timing.headersMs, bodyTimeout: timing.idleMs })
  const breaker = createCircuitBreaker(() => options.now().getTime())

  const headersFor = async (passage: Passage, method: string, target: string, body: Uint8Array | undefined): Promise<Record<string, string>> => {
    if (options.apiKey === null) {
      throw new ProblemError(
        'control_plane_refused_console',
        'This console has no key for the control plane: set AUTOPACK_API_KEY for both and start again.',
      )
    }
    return {
      ...passage.headers,
      'x-request-id': passage.requestId,
      'x-api-key': options.apiKey,
      [assertionHeader]: await signOperatorAssertion(options.signingKey, passage.subject, { method, target, body }, options.now()),
    }
  }

  const call: ControlPlane['call'] = async (route, input, passage) => {
    // The breaker spares everybody a wait; who wants to stop something is let through, and waits.
    if (route.policy.rate_class !== 'safety') breaker.check()
    let answered: WireAnswer | undefined
    const transport: Transport = async (wire) => {
      const signal = AbortSignal.any([passage.signal, AbortSignal.timeout(Math.min(timing.totalMs, wire.timeoutMs))])
      const send = async () => {
        const response = await request(options.origin + wire.target, {
          method: wire.method as Dispatcher.HttpMethod,
          headers: { ...wire.headers, ...(await headersFor(passage, wire.method, wire.target, wire.body)) },
          body: wire.body ?? null,
          dispatcher: ['safety', 'decision'].includes(route.policy.rate_class) ? deciding : agent,
          signal,
        })
        const bytes = await readBounded(response.body, answerLimitBytes)
        answered = { status: response.statusCode, header: (name) => headerOf(response, name), bytes: async () => bytes }
        return answered
      }
      return send().catch((error: unknown) => {
        if (wire.method === 'GET' && isConnectError(error) && !signal.aborted) return send()
        throw error
      })
    }
    try {
      const data = await createCall(transport)(route, input)
      breaker.recordAnswer()
      return { status: answered!.status, etag: answered!.header('etag'), headers: pickHeaders(answered!), data }
    } catch (error) {
      if (error instanceof Unreachable && error.cause instanceof ProblemError) throw error.cause
      // An answer that is too large is an answer, too: it must not cut everybody else off.
      if (answered || (error instanceof Unreachable && error.cause instanceof OutsideContract)) breaker.recordAnswer()
      // Whoever asked has gone: that says nothing about the control plane, and nobody reads this.
      else if (passage.signal.aborted) throw unreachable()
      else breaker.recordFailure()
      if (answered?.status === 304) return { status: 304, etag: answered.header('etag'), headers: pickHeaders(answered), data: undefined }
      throw toProblem(error, options.log, passage.requestId)
    }
  }

  const open: ControlPlane['open'] = async (target, passage, accept) => {
    const headers = { ...(await headersFor(passage, 'GET', target, undefined)), accept }
    const send = () => request(options.origin + target, { method: 'GET', headers, dispatcher: streams, signal: passage.signal })
    let response: Dispatcher.ResponseData
    try {
      response = await send().catch((error: unknown) => {
        if (isConnectError(error) && !passage.signal.aborted) return send()
        throw error
      })
    } catch (error) {
      throw toProblem(new Unreachable(target.split('?')[0]!, error), options.log, passage.requestId)
    }
    if (response.statusCode === 200 || response.statusCode === 206 || response.statusCode === 304) return response
    const found = await readProblem(response, target.split('?')[0]!)
    throw toProblem(found, options.log, passage.requestId)
  }

  return {
    call,
    open,
    isReady: async () => {
      try {
        const response = await request(`${options.origin}/health`, { dispatcher: agent, signal: AbortSignal.timeout(timing.connectMs) })
        await response.body.dump()
        return response.statusCode === 200
      } catch {
        return false
      }
    },
    close: async () => {
      await Promise.all([agent.destroy(), deciding.destroy(), streams.destroy()])
    },
  }
}

async function readProblem(response: Dispatcher.ResponseData, routeId: string): Promise<Error> {
  const type = headerOf(response, 'content-type') ?? ''
  if (!type.startsWith('application/problem+json')) {
    await response.body.dump()
    return new OutsideContract(routeId, response.statusCode, `the answer is ${type || 'without a type'}`)
  }
  const bytes = await readBounded(response.body, problemLimitBytes)
  try {
    const problem = z.parse(problemSchema, JSON.parse(new TextDecoder().decode(bytes)))
    const retryAfter = Number(headerOf(response, 'retry-after'))
    return new ApiProblem(problem, retryAfter > 0 ? retryAfter : null)
  } catch {
    return new OutsideContract(routeId, response.statusCode, 'the problem is not one')
  }
}

function headerOf(response: Dispatcher.ResponseData, name: string): string | null {
  const value = response.headers[name]
  return value === undefined ? null : Array.isArray(value) ? value.join(', ') : value
}

function pickHeaders(answer: WireAnswer): Record<string, string> {
  const picked: Record<string, string> = {}
  for (const name of passedBack) {
    const value = answer.header(name)
    if (value !== null) picked[name] = value
  }
  return picked
}

async function readBounded(body: Dispatcher.ResponseData['body'], limitBytes: number): Promise<Uint8Array> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of body as AsyncIterable<Buffer>) {
    size += part.byteLength
    if (size > limitBytes) {
      body.destroy()
      throw new OutsideContract('answer', 200, `the answer is larger than ${limitBytes} bytes`)
    }
    parts.push(part)
  }
  return Buffer.concat(parts)
}

/** The connection was never made, so nothing was sent. */
function isConnectError(error: unknown): boolean {
  const code = (error as { code?: unknown }).code
  return typeof code === 'string' && /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/.test(code)
}

/** The control plane's words about the person pass; its words about our key are our fault, and the person stays signed in. */
function toProblem(error: unknown, log: Log, requestId: string): Error {
  if (error instanceof ProblemError) return error
  const found = error instanceof Unreachable && error.cause instanceof OutsideContract ? error.cause : error
  if (found instanceof ApiProblem) {
    const { code, detail } = found.problem
    if (code === 'key_refused' || code === 'assertion_refused') {
      log.error({ request_id: requestId, code, detail }, 'the control plane refuses this console')
      return new ProblemError(
        'control_plane_refused_console',
        'The control plane does not accept this console, so it answers nothing. Whoever runs this server has to look at its keys.',
      )
    }
    return new UpstreamProblem(code, detail, {
      ...pickExtra(found.problem),
      ...(found.retryAfterSeconds === null ? {} : { retryAfterSeconds: found.retryAfterSeconds }),
    })
  }
  if (found instanceof OutsideContract) {
    log.error(
      { request_id: requestId, route: found.routeId, status: found.status, why: found.message.slice(0, 500) },
      'the control plane answered outside the contract',
    )
    return new ProblemError(
      'upstream_invalid',
      'The control plane answered something the console does not understand. If it stays, both may be of different versions.',
    )
  }
  if (found instanceof Unreachable) {
    const cause = found.cause as { code?: string; name?: string } | undefined
    log.warn({ request_id: requestId, route: found.routeId, code: cause?.code ?? cause?.name }, 'the control plane did not answer')
    return unreachable()
  }
  return found as Error
}

const passedFacts = [
  'issues',
  'decided_by',
  'decided_at',
  'decision_kind',
  'execution_id',
  'needs',
  'differs',
  'current_revision',
  'rule',
  'at',
] as const

function pickExtra(problem: Problem): Partial<Pick<Problem, (typeof passedFacts)[number]>> {
  return Object.fromEntries(passedFacts.flatMap((name) => (problem[name] === undefined ? [] : [[name, problem[name]]])))
}

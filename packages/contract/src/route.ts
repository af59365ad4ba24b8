/**
 * A route of the contract is data: everything that servers, clients, documents and tests need to know about it.
 * A route without a policy does not type-check.
 */
import type * as z from 'zod/mini'
import type { ProblemCode } from './problems.ts'
import type { Role } from './roles.ts'
import type { Scope } from './scopes.ts'

/**
 * - `executor`: root of the control plane, executor key in `X-API-Key`.
 * - `operator`: `/operator/…` of the control plane, instance key and operator assertion; the BFF serves it as `/api/…`.
 * - `console`: `/api/auth/…` and `/api/status` of the BFF itself, session cookie.
 * - `checkpoint`: `/checkpoint/…` of the control plane, the key of the checkpoint writer in `X-API-Key`; no console serves it.
 * - `public`: health.
 */
export type Plane = 'executor' | 'operator' | 'console' | 'checkpoint' | 'public'

export type RateClass =
  | 'none'
  | 'read'
  | 'list'
  | 'artifact'
  | 'mutation'
  /** What executors say about their runs: often, and never in the way of anything. */
  | 'report'
  /** Claim, heartbeat, finish, cancel: what was approved must not wait behind progress reports. */
  | 'execution'
  | 'decision'
  /** Reject, revoke, veto and brake: a lane that nothing can exhaust. */
  | 'safety'
  | 'run_start'
  | 'proposal'
  | 'sign_in'
  | 'stream'

/**
 * What a person has to show again before the act of a route counts; without it the answer is `step_up_required`.
 * - `none`: nothing, ever. Reads, and whatever stops something.
 * - `control`: what the deployment asks for acts about itself, its people and their keys (`AUTOPACK_STEP_UP`).
 * - `control_for_more`: the same, for what lets more happen than before; less takes nothing.
 * - `action_to_approve`: to approve, what the action's descriptor asks, and in production a passkey for tier C; saying no takes nothing.
 * - `passkey`: a signature with one of the person's own passkeys.
 * - `passkey_if_any`: the same, where they have one.
 */
export type StepUpRule = 'none' | 'control' | 'control_for_more' | 'action_to_approve' | 'passkey' | 'passkey_if_any'

export type Policy = {
  plane: Plane
  /** Least role of the operator (operator and console planes); `anyone` needs no session. */
  role?: Role | 'anyone'
  /** Needed scope of the executor key (executor plane). */
  scope?: Scope
  step_up: StepUpRule
  rate_class: RateClass
  body_limit_bytes: number
  timeout_ms: number
}

export type Method = 'GET' | 'POST' | 'PUT'

export type AnswerKind =
  /** Parsed by the contract both ways, at most 8 MiB. */
  | 'json'
  /** Bytes passed on as they come: artifact files and payloads. */
  | 'bytes'
  /** `text/event-stream`. */
  | 'events'
  /** `application/x-ndjson`, one item a line. */
  | 'ndjson'

type Schema = z.ZodMiniType

export type Route = {
  /** Unique; the operationId of the generated OpenAPI document. */
  id: string
  method: Method
  /** With `{name}` parameters, as the control plane sees it (BFF routes: as the browser sees it). */
  path: string
  summary: string
  params?: z.ZodMiniObject
  query?: z.ZodMiniObject
  /** `bytes`: the body is an octet stream, not JSON. */
  body?: Schema | 'bytes'
  answer: { status: 200 | 201 | 204; kind: AnswerKind; schema?: Schema; headers?: readonly string[] }
  /** The problems a client should expect beyond those every route can answer. */
  problems: readonly ProblemCode[]
  /** May a client send this again when it does not know whether it arrived? */
  retry: 'safe' | 'same_idempotency_key' | 'unsafe'
  /** The answer carries an ETag and honours If-None-Match. */
  etag?: boolean
  policy: Policy
}

export function defineRoute<const R extends Route>(route: R): R {
  return route
}

export type ParamsOf<R extends Route> = R['params'] extends Schema ? z.infer<R['params']> : undefined
export type QueryOf<R extends Route> = R['query'] extends Schema ? z.infer<R['query']> : undefined
/** What a caller writes: text and numbers before parsing. */
export type QueryInputOf<R extends Route> = R['query'] extends Schema
  ? { [K in keyof z.input<R['query']>]?: string | number | boolean | undefined }
  : undefined
export type BodyOf<R extends Route> = R['body'] extends Schema ? z.infer<R['body']> : R['body'] extends 'bytes' ? Uint8Array : undefined
export type AnswerOf<R extends Route> = R['answer'] extends { schema: infer S extends Schema } ? z.infer<S> : undefined

/** The console serves the operator plane under its own prefix: `/operator/runs` is `/api/runs` in the browser. */
export function consolePath(path: string): string {
  return path.startsWith('/operator/') ? `/api/${path.slice('/operator/'.length)}` : path
}

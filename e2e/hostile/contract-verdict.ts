/** What the contract itself says about a request: the oracle that every answer is compared with. Imports no server. */
import type { ProblemCode } from '@autopack/contract/problems'
import type { Route } from '@autopack/contract/route'
import * as z from 'zod/mini'
import type { HostileRequest } from './hostile-request.ts'

export type Verdict = { accepts: true } | { accepts: false; codes: ReadonlySet<ProblemCode> }

/** Written down a second time, on purpose: what the servers use is what is under test (security.md, "CSRF and the guard"). */
const segment = /^[A-Za-z0-9_-][A-Za-z0-9._~:-]{0,199}$/
const idempotencyKey = /^[\x21-\x7e]{1,200}$/

export function judgeByContract(route: Route, servedPath: string, isConsole: boolean, request: HostileRequest): Verdict {
  if (request.refusedAs) return { accepts: false, codes: new Set(request.refusedAs) }
  const codes = new Set<ProblemCode>()
  // Bytes that no request line may hold: whether HTTP or the path rule refuses them first is all the same.
  if (/[^\x21-\x7e]/.test(request.target)) return { accepts: false, codes: new Set(['invalid_request', 'invalid_path']) }
  const target = request.target.replace(/^https?:\/\/[^/]+/, '')
  const path = target.replace(/[?#].*$/s, '')
  const parts = path.split('/').slice(1)
  const wanted = servedPath.split('/').slice(1)
  const plain = servedPath.includes('.well-known') && path === servedPath
  if (!plain && (path.length > 1_000 || parts.some((part) => !segment.test(part) || part.includes('..'))))
    return { accepts: false, codes: new Set(['invalid_path']) }
  const params: Record<string, string> = {}
  for (const [index, each] of wanted.entries()) if (each.startsWith('{')) params[each.slice(1, -1)] = parts[index] ?? ''
  if (parts.length !== wanted.length || wanted.some((each, index) => !each.startsWith('{') && each !== parts[index])) {
    return { accepts: false, codes: new Set(['not_found', 'method_not_allowed']) }
  }
  const header = (name: string) => request.headers.find(([each]) => each.toLowerCase() === name)?.[1]

  if (route.params && !z.safeParse(route.params, params).success) codes.add('invalid_request')
  if (!acceptsQuery(route, target)) codes.add('invalid_request')
  const key = header('idempotency-key')
  if (key === null && route.retry === 'same_idempotency_key') codes.add('idempotency_key_required')
  if (typeof key === 'string' && !idempotencyKey.test(key.trim())) codes.add('invalid_request')
  if (route.body) for (const code of judgeBody(route, isConsole, header('content-type'), request)) codes.add(code)
  return codes.size > 0 ? { accepts: false, codes } : { accepts: true }
}

function acceptsQuery(route: Route, target: string): boolean {
  const pairs = [...new URL(`http://x${target}`).searchParams]
  const values = Object.fromEntries(pairs)
  if (new Set(pairs.map(([name]) => name)).size !== pairs.length) return false
  const known = Object.keys(route.query?.shape ?? {})
  if (route.policy.plane !== 'executor' && pairs.some(([name]) => !known.includes(name))) return false
  return !route.query || z.safeParse(route.query, values).success
}

function judgeBody(route: Route, isConsole: boolean, type: string | null | undefined, { body }: HostileRequest): ProblemCode[] {
  const bytes = body?.bytes() ?? Buffer.alloc(0)
  if (bytes.length > route.policy.body_limit_bytes) return ['body_too_large']
  const wanted = route.body === 'bytes' ? 'application/octet-stream' : 'application/json'
  if (type !== undefined && (isConsole ? type !== wanted : (type ?? '').split(';')[0]!.trim().toLowerCase() !== wanted))
    return ['unsupported_media_type']
  if (route.body === 'bytes' || !route.body) return []
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return ['malformed_json']
  }
  return z.safeParse(route.body, value).success ? [] : ['invalid_request']
}

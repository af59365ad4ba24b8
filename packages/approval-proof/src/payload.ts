import { parseCanonical, canonicalize } from './canonical-json.ts'
import { toPointer } from './canonical-profile.ts'
import type { CanonicalRule, JsonValue } from './canonical-profile.ts'
import { isSha256Hex, payloadHash, toUtf8 } from './payload-hash.ts'

export const maxPayloadBytes = 256 * 1024

export type Mode = 'live' | 'dry_run'

/** Money: an integer count of minor units and an ISO 4217 code. */
export type Cost = { amount_minor: number; currency: string }

/** Everything that decides the effect. `request.body` null means a request without a body; a GET has none. */
export type Payload = {
  v: 1
  provider: string
  operation: string
  target: { [name: string]: string | number }
  mode: Mode
  cost: Cost | null
  request: { method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'; path: string; body: JsonValue }
  files: Array<{ name: string; sha256: string; size_bytes: number }>
}

export type PayloadRule =
  | CanonicalRule
  | 'too_large'
  | 'wrong_type'
  | 'wrong_value'
  | 'missing_member'
  | 'unknown_member'
  | 'unsafe_path'
  | 'duplicate_file'

export type PayloadProblem = { ok: false; rule: PayloadRule; at: string; offset: number | null; detail: string }

export type ReadPayload = {
  ok: true
  payload: Payload
  bytes: Uint8Array<ArrayBuffer>
  /** SHA-256 of exactly these bytes, 64 lower-case hex digits. */
  hash: string
}

/**
 * Reads a payload text (≤ 256 KiB of UTF-8, its own canonical form, exactly the members of {@link Payload}).
 * Never throws: a refusal names the rule, the place and what to do.
 */
export function readPayload(source: string | Uint8Array): ReadPayload | PayloadProblem {
  // A UTF-16 unit is at least one byte of UTF-8, so this also bounds the work for strings.
  if (source.length > maxPayloadBytes) return tooLarge()
  const parsed = parseCanonical(source)
  if (!parsed.ok) return parsed
  const bytes = typeof source === 'string' ? toUtf8(source) : Uint8Array.from(source)
  if (bytes.length > maxPayloadBytes) return tooLarge()
  try {
    checkPayload(parsed.value)
  } catch (error) {
    if (error instanceof ShapeRefusal) return error.problem
    throw error
  }
  return { ok: true, payload: parsed.value as Payload, bytes, hash: payloadHash(bytes) }
}

/** The text of a payload, ready to be proposed. Throws Error, with the rule and the place, when it would be refused. */
export function toPayloadText(payload: Payload): string {
  const text = canonicalize(payload)
  const read = readPayload(text)
  if (!read.ok) throw new Error(`${read.rule} at ${read.at || 'the top'}: ${read.detail}`)
  return text
}

class ShapeRefusal extends Error {
  readonly problem: PayloadProblem
  constructor(rule: PayloadRule, path: Array<string | number>, detail: string) {
    super(detail)
    this.problem = { ok: false, rule, at: toPointer(path), offset: null, detail }
  }
}

function tooLarge(): PayloadProblem {
  const detail = `The payload is larger than ${maxPayloadBytes} bytes: put large content into files.`
  return { ok: false, rule: 'too_large', at: '', offset: null, detail }
}

type Path = Array<string | number>
type JsonObject = { [key: string]: JsonValue }

function checkPayload(value: JsonValue): void {
  const payload = readMembers(value, [], ['v', 'provider', 'operation', 'target', 'mode', 'cost', 'request', 'files'])
  if (payload.v !== 1) throw new ShapeRefusal('wrong_value', ['v'], 'The payload version is 1.')
  checkName(payload.provider, ['provider'])
  checkName(payload.operation, ['operation'])
  checkTarget(payload.target)
  if (payload.mode !== 'live' && payload.mode !== 'dry_run') {
    throw new ShapeRefusal('wrong_value', ['mode'], 'The mode is live or dry_run.')
  }
  checkCost(payload.cost)
  checkRequest(payload.request)
  checkFiles(payload.files)
}

function readMembers(value: JsonValue | undefined, path: Path, names: string[]): JsonObject {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new ShapeRefusal('wrong_type', path, `An object with ${names.join(', ')} belongs here.`)
  }
  for (const name of names) {
    if (!Object.hasOwn(value, name)) {
      throw new ShapeRefusal('missing_member', [...path, name], `The member ${name} is missing.`)
    }
  }
  for (const key of Object.keys(value)) {
    if (!names.includes(key)) {
      const known = `only ${names.join(', ')} belong here`
      throw new ShapeRefusal('unknown_member', [...path, key], `This member is unknown: ${known}.`)
    }
  }
  return value
}

function checkName(value: JsonValue | undefined, path: Path): void {
  if (typeof value !== 'string' || !/^[a-z][a-z0-9_]{0,63}$/.test(value)) {
    const detail = 'A name is 1 to 64 of a-z, 0-9 and _, and starts with a letter.'
    throw new ShapeRefusal('wrong_value', path, detail)
  }
}

function checkTarget(value: JsonValue | undefined): void {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new ShapeRefusal('wrong_type', ['target'], 'The target is an object of names and values.')
  }
  const members = Object.entries(value)
  if (members.length === 0) {
    throw new ShapeRefusal('missing_member', ['target'], 'Name at least one target.')
  }
  for (const [name, member] of members) {
    if (typeof member === 'number') continue
    if (typeof member !== 'string' || member === '' || member.length > 500) {
      const detail = 'A target is an integer or a text of 1 to 500 characters.'
      throw new ShapeRefusal('wrong_value', ['target', name], detail)
    }
  }
}

function checkCost(value: JsonValue | undefined): void {
  if (value === null) return
  const cost = readMembers(value, ['cost'], ['amount_minor', 'currency'])
  if (typeof cost.amount_minor !== 'number' || cost.amount_minor < 0) {
    const detail = 'The amount is an integer of minor units, 0 or more.'
    throw new ShapeRefusal('wrong_value', ['cost', 'amount_minor'], detail)
  }
  if (typeof cost.currency !== 'string' || !/^[A-Z]{3}$/.test(cost.currency)) {
    const detail = 'The currency is an ISO 4217 code such as EUR.'
    throw new ShapeRefusal('wrong_value', ['cost', 'currency'], detail)
  }
}

function checkRequest(value: JsonValue | undefined): void {
  const request = readMembers(value, ['request'], ['method', 'path', 'body'])
  const methods: Array<JsonValue | undefined> = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']
  if (!methods.includes(request.method)) {
    const detail = 'The method is GET, POST, PUT, PATCH or DELETE.'
    throw new ShapeRefusal('wrong_value', ['request', 'method'], detail)
  }
  if (request.method === 'GET' && request.body !== null) {
    throw new ShapeRefusal('wrong_value', ['request', 'body'], 'A GET has no body: write null.')
  }
  const problem = findPathProblem(request.path)
  if (problem !== null) throw new ShapeRefusal('unsafe_path', ['request', 'path'], problem)
}

/** Refuses every path that two parsers could read as two places: the host is the executor's, the path is what was approved. */
function findPathProblem(path: JsonValue | undefined): string | null {
  if (typeof path !== 'string') return 'The path is a text.'
  if (path.length > 2048) return 'The path is longer than 2048 characters.'
  if (!path.startsWith('/') || path.startsWith('//')) return 'The path starts with exactly one slash.'
  if (!/^[A-Za-z0-9\-._~!$&'()*+,;=:@/?%]+$/.test(path)) {
    return 'The path holds a character that must be percent-encoded.'
  }
  if (/%(?![0-9A-Fa-f]{2})/.test(path)) return 'A percent sign must be followed by two hex digits.'
  const [route = ''] = path.split('?', 1)
  if (route.includes('//')) return 'The path has an empty segment.'
  if (/%(2[ef5]|5c|[01][0-9a-f]|7f)/i.test(route)) {
    return 'The path hides a dot, slash, percent sign or control character in percent-encoding.'
  }
  if (route.split('/').some((segment) => segment === '.' || segment === '..')) {
    return 'The path has a . or .. segment.'
  }
  return null
}

function checkFiles(value: JsonValue | undefined): void {
  if (!Array.isArray(value)) throw new ShapeRefusal('wrong_type', ['files'], 'The files are a list.')
  const names = new Set<string>()
  for (const [place, item] of value.entries()) {
    const path = ['files', place]
    const file = readMembers(item, path, ['name', 'sha256', 'size_bytes'])
    if (typeof file.name !== 'string' || file.name === '' || file.name.length > 255) {
      const detail = 'A file name is a text of 1 to 255 characters.'
      throw new ShapeRefusal('wrong_value', [...path, 'name'], detail)
    }
    if (names.has(file.name)) {
      const detail = 'Two files have this name: an executor could not tell them apart.'
      throw new ShapeRefusal('duplicate_file', [...path, 'name'], detail)
    }
    names.add(file.name)
    if (!isSha256Hex(file.sha256)) {
      const detail = 'The hash is a SHA-256 in 64 lower-case hex digits.'
      throw new ShapeRefusal('wrong_value', [...path, 'sha256'], detail)
    }
    if (typeof file.size_bytes !== 'number' || file.size_bytes < 0) {
      const detail = 'The size is an integer of bytes, 0 or more.'
      throw new ShapeRefusal('wrong_value', [...path, 'size_bytes'], detail)
    }
  }
}

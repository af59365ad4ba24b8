import { toCanonicalEvent } from './canonical-event.ts'
import { sha256Hex, toUtf8 } from './hashes.ts'
import type { Json, Payload } from './payload.ts'
import { readJson } from './read-json.ts'

/**
 * `payload`: what the ledger takes. `canonical`: a text that is its own canonical form under the payload profile, but no payload.
 * `sha256` is of exactly the bytes, 64 lower-case hex digits.
 */
export type PayloadVerdict = { verdict: 'payload' | 'canonical'; sha256: string } | { verdict: 'refused' }

type Members = Record<string, unknown>

const maxBytes = 262_144
const maxLevels = 32
const maxMembers = 10_000

/**
 * Judges the bytes of a payload apart from the code that took them: read as JSON, written again canonically, compared. The rules are
 * those of the payload profile; why a text is refused is for the server to say.
 */
export function judgePayloadText(bytes: Uint8Array): PayloadVerdict {
  let read: { value: unknown } | null
  try {
    read = readCanonical(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch {
    return { verdict: 'refused' }
  }
  if (read === null || bytes.length > maxBytes) return { verdict: 'refused' }
  return { verdict: isPayload(read.value) ? 'payload' : 'canonical', sha256: sha256Hex(bytes) }
}

/** The payload that a text is; null for every text that the ledger would not take. */
export function readPayloadText(text: string): Payload | null {
  const read = readCanonical(text)
  if (read === null || toUtf8(text).length > maxBytes) return null
  return isPayload(read.value) ? read.value : null
}

function readCanonical(text: string): { value: Json } | null {
  if (text.length > maxBytes) return null
  let value: unknown
  try {
    value = readJson(text, maxLevels)
    if (toCanonicalEvent(value) !== text) return null
  } catch {
    return null
  }
  return countMembers(value) > maxMembers ? null : { value: value as Json }
}

/** Members and items in all; infinite for what the profile forbids but JSON can hold. */
function countMembers(value: unknown): number {
  if (typeof value === 'string') return value.includes('\0') ? Infinity : 0
  if (typeof value !== 'object' || value === null) return 0
  let count = 0
  for (const [key, item] of Object.entries(value)) {
    if (!Array.isArray(value) && (key === '__proto__' || key.includes('\0'))) return Infinity
    count += 1 + countMembers(item)
  }
  return count
}

function isPayload(value: unknown): value is Payload {
  return (
    hasMembers(value, 'cost,files,mode,operation,provider,request,target,v') &&
    value['v'] === 1 &&
    isText(value['provider'], /^[a-z][a-z0-9_]{0,63}$/) &&
    isText(value['operation'], /^[a-z][a-z0-9_]{0,63}$/) &&
    (value['mode'] === 'live' || value['mode'] === 'dry_run') &&
    isTarget(value['target']) &&
    isCost(value['cost']) &&
    isRequest(value['request']) &&
    isFiles(value['files'])
  )
}

function isTarget(target: unknown): boolean {
  if (!isObject(target)) return false
  const values = Object.values(target)
  return values.length > 0 && values.every((item) => typeof item === 'number' || isText(item, /^[^]{1,500}$/))
}

function isCost(cost: unknown): boolean {
  return cost === null || (hasMembers(cost, 'amount_minor,currency') && isCount(cost['amount_minor']) && isText(cost['currency'], /^[A-Z]{3}$/))
}

function isRequest(request: unknown): boolean {
  return (
    hasMembers(request, 'body,method,path') &&
    isText(request['method'], /^(GET|POST|PUT|PATCH|DELETE)$/) &&
    (request['method'] !== 'GET' || request['body'] === null) &&
    isText(
      request['path'],
      /^(?=.{1,2048}$)(\/([A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})*)+(\?([A-Za-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*)?$/,
    ) &&
    hasPlainRoute(request['path'])
  )
}

/** No empty segment, no `.` or `..`, and no dot, slash, percent sign, backslash or control character in disguise. */
function hasPlainRoute(path: string): boolean {
  const route = path.split('?', 1)[0]!
  const hidden = route.match(/%../g)?.map((code) => Number.parseInt(code.slice(1), 16)) ?? []
  return !/\/\/|\/\.\.?(\/|$)/.test(route) && hidden.every((code) => code >= 0x20 && ![0x25, 0x2e, 0x2f, 0x5c, 0x7f].includes(code))
}

function isFiles(files: unknown): boolean {
  if (!Array.isArray(files)) return false
  const names = new Set<unknown>()
  for (const file of files as unknown[]) {
    if (!hasMembers(file, 'name,sha256,size_bytes')) return false
    if (!isText(file['name'], /^[^]{1,255}$/) || !isText(file['sha256'], /^[0-9a-f]{64}$/) || !isCount(file['size_bytes'])) return false
    names.add(file['name'])
  }
  return names.size === files.length
}

function isText(value: unknown, pattern: RegExp): value is string {
  return typeof value === 'string' && pattern.test(value)
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && value >= 0
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Exactly these members; `names` sorted, with commas between. */
function hasMembers(value: unknown, names: string): value is Members {
  return isObject(value) && Object.keys(value).toSorted().join() === names
}

import { toCanonicalEvent } from './canonical-event.ts'
import type { Descriptor } from './descriptor.ts'
import { toFieldPath } from './field-path.ts'
import { toUtf8 } from './hashes.ts'
import type { Json, Payload } from './payload.ts'

/** A decimal that may travel as a JSON number: `38.00`, `-0.5`; not `1e3`, `-0`, `007`. */
export function isDecimal(value: Json): value is string {
  if (typeof value !== 'string' || /^-0(?:\.0+)?$/.test(value)) return false
  return /^-?(?:0|[1-9][0-9]{0,39})(?:\.[0-9]{1,20})?$/.test(value)
}

/** Whether a form can carry a value: one text, number or truth value, or a list of texts and numbers that its commas keep apart. */
export function fitsForm(value: Json): boolean {
  if (!Array.isArray(value)) return value !== null && typeof value !== 'object'
  return value.length > 0 && value.every((item) => typeof item === 'number' || (typeof item === 'string' && item.length > 0 && !item.includes(',')))
}

/** The bytes of the body that the approved payload is sent as. Without a descriptor as JSON; no body: no bytes. */
export function encodeRequest(payload: Payload, descriptor: Pick<Descriptor, 'fields' | 'request'> | null): Uint8Array<ArrayBuffer> {
  const { body } = payload.request
  if (body === null) return new Uint8Array()
  if (descriptor?.request.encoding === 'form') return toUtf8(writeForm(body))
  const numbers = new Set(descriptor?.fields.filter(({ wire }) => wire === 'number').map(({ path }) => path))
  return toUtf8(writeJson(body, ['request', 'body'], numbers))
}

/** Canonical JSON, in which decimals at the places of `numbers` are written as numbers, digit by digit. */
function writeJson(value: Json, path: ReadonlyArray<string | number>, numbers: ReadonlySet<string>): string {
  if (Array.isArray(value)) return `[${value.map((item, place) => writeJson(item, [...path, place], numbers)).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const keys = Object.keys(value).toSorted()
    return `{${keys.map((key) => `${toCanonicalEvent(key)}:${writeJson(value[key]!, [...path, key], numbers)}`).join(',')}}`
  }
  return isDecimal(value) && numbers.has(toFieldPath(path)) ? value : toCanonicalEvent(value)
}

/** `application/x-www-form-urlencoded` (WHATWG URL, section 5.2), in the order of the names; what it cannot say travels as canonical JSON. */
function writeForm(body: Json): string {
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body)
  const pairs = isObject
    ? Object.keys(body)
        .toSorted()
        .map((name) => [name, body[name]!] as const)
    : [['', body] as const]
  return pairs.map(([name, value]) => `${writePercent(name)}=${writePercent(toFormText(value))}`).join('&')
}

function toFormText(value: Json): string {
  if (!fitsForm(value)) return toCanonicalEvent(value)
  return Array.isArray(value) ? value.join(',') : String(value)
}

function writePercent(text: string): string {
  let written = ''
  for (const byte of toUtf8(text)) {
    const character = String.fromCharCode(byte)
    if (/[A-Za-z0-9*._-]/.test(character)) written += character
    else written += byte === 0x20 ? '+' : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return written
}

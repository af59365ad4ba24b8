import { canonicalize } from './canonical-json.ts'
import type { JsonValue } from './canonical-profile.ts'
import type { Descriptor } from './descriptor.ts'
import { encodeForm } from './encode-form.ts'
import { toFieldPath } from './field-path.ts'
import { toUtf8 } from './payload-hash.ts'
import type { Payload } from './payload.ts'

const decimal = /^(?!-0(?:\.0+)?$)-?(?:0|[1-9][0-9]{0,39})(?:\.[0-9]{1,20})?$/

/** Whether a text is a decimal that may travel as a JSON number, digit by digit: `38.00`, `-0.5`, not `1e3`, `-0`, `007`. */
export function isDecimalText(text: unknown): text is string {
  return typeof text === 'string' && decimal.test(text)
}

export const contentTypes = { json: 'application/json', form: 'application/x-www-form-urlencoded' } as const

/** How a request is encoded; without a descriptor: as JSON, and no decimal is marked. */
type Encoding = Pick<Descriptor, 'fields' | 'request'> | null

/** The content type of the bytes that encodeRequest makes; null when there are none. */
export function requestContentType(payload: Payload, descriptor: Encoding): string | null {
  return payload.request.body === null ? null : contentTypes[descriptor?.request.encoding ?? 'json']
}

/**
 * The bytes of the request body that leave. `json`: canonical JSON of `request.body`, in which a decimal string of a field marked
 * `wire: number` is copied digit by digit as a JSON number (no rounding, trailing zeros kept). `form`: see encodeForm. Body null: no bytes.
 * Defined for every payload, also for one that nobody can explain.
 */
export function encodeRequest(payload: Payload, descriptor: Encoding): Uint8Array<ArrayBuffer> {
  if (payload.request.body === null) return new Uint8Array(0)
  if (descriptor?.request.encoding === 'form') return toUtf8(encodeForm(payload.request.body))
  const wireNumbers = new Set((descriptor?.fields ?? []).filter((field) => field.wire === 'number').map((field) => field.path))
  const segments: Array<string | number> = ['request', 'body']
  return toUtf8(write(payload.request.body))

  function write(value: JsonValue): string {
    if (Array.isArray(value)) {
      return `[${value.map((item, place) => writeBelow(place, item)).join(',')}]`
    }
    if (value !== null && typeof value === 'object') {
      const keys = Object.keys(value).toSorted()
      return `{${keys.map((key) => `${canonicalize(key)}:${writeBelow(key, value[key]!)}`).join(',')}}`
    }
    if (isDecimalText(value) && wireNumbers.has(toFieldPath(segments))) return value
    return canonicalize(value)
  }

  function writeBelow(segment: string | number, value: JsonValue): string {
    segments.push(segment)
    const text = write(value)
    segments.pop()
    return text
  }
}

import { canonicalize } from './canonical-json.ts'
import type { JsonValue } from './canonical-profile.ts'
import type { Descriptor } from './descriptor.ts'
import { toFieldPath } from './field-path.ts'
import { toUtf8 } from './payload-hash.ts'
import type { Payload } from './payload.ts'

const decimal = /^(?!-0(?:\.0+)?$)-?(?:0|[1-9][0-9]{0,39})(?:\.[0-9]{1,20})?$/

/** Whether a text is a decimal that may travel as a JSON number, digit by digit: `38.00`, `-0.5`, not `1e3`, `-0`, `007`. */
export function isDecimalText(text: unknown): text is string {
  return typeof text === 'string' && decimal.test(text)
}

/**
 * The bytes of the request body that leave: canonical JSON of `request.body`, in which a decimal string of a field marked
 * `wire: number` is copied digit by digit as a JSON number (no rounding, trailing zeros kept). Body null: no bytes. Descriptor null: nothing is marked.
 */
export function encodeRequest(payload: Payload, descriptor: Pick<Descriptor, 'fields'> | null): Uint8Array<ArrayBuffer> {
  if (payload.request.body === null) return new Uint8Array(0)
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

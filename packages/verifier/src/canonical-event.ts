/**
 * Canonical JSON: the part of RFC 8785 that needs no floating point. Written apart from the code that wrote the log, on purpose: a shared
 * mistake would verify itself. Throws Error for what has no canonical form here (fractions, unsafe integers, -0, lone surrogates, more than
 * 64 levels).
 */
export function toCanonicalEvent(value: unknown, depth = 0): string {
  if (value === null || value === true || value === false) return String(value)
  if (typeof value === 'string') return toCanonicalString(value)
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new Error('a number is not a safe integer')
    return String(value)
  }
  if (typeof value !== 'object') throw new Error(`a ${typeof value} is not JSON`)
  if (depth >= 64) throw new Error('the event is nested too deep')
  if (Array.isArray(value)) return `[${value.map((item) => toCanonicalEvent(item, depth + 1)).join(',')}]`
  // Sorted as texts are by default: by UTF-16 code units.
  const keys = Object.keys(value).toSorted()
  return `{${keys.map((key) => `${toCanonicalString(key)}:${toCanonicalEvent((value as Record<string, unknown>)[key], depth + 1)}`).join(',')}}`
}

function toCanonicalString(text: string): string {
  if (!text.isWellFormed()) throw new Error('a text has half of a surrogate pair')
  return JSON.stringify(text)
}

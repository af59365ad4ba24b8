import type { Payload } from './payload.ts'

const name = /\{([a-z][a-z0-9_]*)\}/g

/** The names of a path template's segments: `/shops/{shop_id}/listings` has `shop_id`. */
export function listPathNames(template: string): string[] {
  return [...template.matchAll(name)].map((match) => match[1]!)
}

/**
 * A descriptor's path with each `{name}` filled from `target`. Null when a value is missing or is not one plain segment of
 * 1 to 64 unreserved characters (RFC 3986): what needs escaping could be read as two different places.
 */
export function fillPath(template: string, target: Payload['target']): string | null {
  let whole = true
  const path = template.replace(name, (_segment, key: string) => {
    const value = Object.hasOwn(target, key) ? String(target[key]) : ''
    if (!isPlainSegment(value)) whole = false
    return value
  })
  return whole ? path : null
}

function isPlainSegment(text: string): boolean {
  return /^[A-Za-z0-9._~-]{1,64}$/.test(text) && text !== '.' && text !== '..'
}

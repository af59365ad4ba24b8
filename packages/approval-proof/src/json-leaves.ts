import { toPointer, type JsonValue } from './canonical-profile.ts'

/** A value without children, with its place: RFC 6901 pointer, and its segments (numbers are places in a list). */
export type JsonLeaf = {
  pointer: string
  segments: Array<string | number>
  value: null | boolean | number | string | [] | Record<string, never>
}

/**
 * All leaves of a value, keys sorted by UTF-16 code units. An empty object or list is a leaf of its own:
 * it is there, it travels, and somebody must be able to see it.
 */
export function listJsonLeaves(value: JsonValue): JsonLeaf[] {
  const leaves: JsonLeaf[] = []
  const segments: Array<string | number> = []
  collect(value)
  return leaves

  function collect(item: JsonValue): void {
    const isContainer = item !== null && typeof item === 'object'
    const keys = isContainer ? Object.keys(item) : []
    if (keys.length === 0) {
      leaves.push({
        pointer: toPointer(segments),
        segments: [...segments],
        value: item as JsonLeaf['value'],
      })
      return
    }
    const isList = Array.isArray(item)
    // Sorted, so that the order depends on the value and not on how its object was built.
    for (const key of isList ? keys : keys.toSorted()) {
      segments.push(isList ? Number(key) : key)
      collect((item as { [key: string]: JsonValue })[key]!)
      segments.pop()
    }
  }
}

/** The value at a JSON pointer (RFC 6901), or undefined where there is none. Never looks at inherited properties. */
export function findAtPointer(value: JsonValue, pointer: string): JsonValue | undefined {
  let found: JsonValue | undefined = value
  for (const segment of toSegments(pointer)) {
    if (found === null || typeof found !== 'object') return undefined
    if (!Object.hasOwn(found, segment)) return undefined
    // An array's own `length` is not part of the JSON value.
    if (Array.isArray(found) && !/^(0|[1-9][0-9]*)$/.test(segment)) return undefined
    found = (found as { [key: string]: JsonValue })[segment]
  }
  return found
}

/** The unescaped segments of a JSON pointer (RFC 6901). Throws TypeError when it is neither empty nor starts with a slash. */
export function toSegments(pointer: string): string[] {
  if (pointer === '') return []
  if (!pointer.startsWith('/')) throw new TypeError('A JSON pointer is empty or starts with a slash.')
  return pointer
    .slice(1)
    .split('/')
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
}

import { maxDepth, maxMembers, refusalWords, toPointer } from './canonical-profile.ts'
import type { CanonicalProblem, CanonicalRule, JsonValue } from './canonical-profile.ts'
import { CanonicalReader, Refusal } from './canonical-reader.ts'

/** Thrown by {@link canonicalize} for a value that has no canonical text. */
export class NotCanonicalError extends Error {
  readonly rule: CanonicalRule
  readonly pointer: string
  constructor(rule: CanonicalRule, pointer: string, detail: string) {
    super(`${detail} (at ${pointer === '' ? 'the top' : pointer})`)
    this.name = 'NotCanonicalError'
    this.rule = rule
    this.pointer = pointer
  }
}

/**
 * The canonical text of a value: RFC 8785 under the payload profile (safe integers only, no -0, no lone surrogates, no NUL,
 * no `__proto__`, depth ≤ 32, ≤ 10,000 members and items together). Keys are sorted by UTF-16 code units.
 * Throws {@link NotCanonicalError} for anything else, `undefined` members, class instances and `toJSON` included:
 * nothing is dropped, rounded or converted on the way.
 */
export function canonicalize(value: unknown): string {
  const path: Array<string | number> = []
  let members = 0

  function refuse(rule: CanonicalRule, detail: string): never {
    throw new NotCanonicalError(rule, toPointer(path), detail)
  }

  function countMember(): void {
    members += 1
    if (members > maxMembers) refuse('too_many_members', refusalWords.tooManyMembers)
  }

  function writeNumber(number: number): string {
    if (!Number.isInteger(number)) refuse('number_not_integer', refusalWords.notInteger)
    if (!Number.isSafeInteger(number)) refuse('number_out_of_range', refusalWords.outOfRange)
    if (Object.is(number, -0)) refuse('negative_zero', refusalWords.negativeZero)
    return String(number)
  }

  function writeString(string: string): string {
    if (string.includes('\0')) refuse('nul', refusalWords.nulCharacter)
    if (!string.isWellFormed()) refuse('lone_surrogate', refusalWords.loneSurrogate)
    // For well-formed strings JSON.stringify is the string form of RFC 8785.
    return JSON.stringify(string)
  }

  function write(item: unknown): string {
    if (item === null) return 'null'
    if (typeof item === 'boolean') return item ? 'true' : 'false'
    if (typeof item === 'number') return writeNumber(item)
    if (typeof item === 'string') return writeString(item)
    if (typeof item !== 'object') return refuse('not_a_json_value', `A ${typeof item} is not JSON.`)
    if (path.length >= maxDepth) refuse('too_deep', refusalWords.tooDeep)
    return Array.isArray(item) ? writeArray(item) : writeObject(item as Record<string, unknown>)
  }

  function writeArray(items: unknown[]): string {
    if (Reflect.ownKeys(items).length !== items.length + 1) {
      refuse('not_a_json_value', 'An array with holes or with named properties is not JSON.')
    }
    const written = items.map((item, place) => {
      path.push(place)
      countMember()
      const text = write(item)
      path.pop()
      return text
    })
    return `[${written.join(',')}]`
  }

  function writeObject(object: Record<string, unknown>): string {
    const prototype: unknown = Object.getPrototypeOf(object)
    if (prototype !== Object.prototype && prototype !== null) {
      refuse('not_a_json_value', 'Only plain objects are JSON: convert class instances first.')
    }
    const keys = Object.keys(object)
    if (Reflect.ownKeys(object).length !== keys.length) {
      refuse('not_a_json_value', 'An object with symbol keys or hidden properties is not JSON.')
    }
    const written = keys.toSorted().map((key) => {
      path.push(key)
      countMember()
      if (key === '__proto__') refuse('forbidden_key', refusalWords.forbiddenKey)
      const text = `${writeString(key)}:${write(object[key])}`
      path.pop()
      return text
    })
    return `{${written.join(',')}}`
  }

  return write(value)
}

/**
 * Reads a text that must already be its own canonical form; nothing is repaired. Linear in the length of the text, depth bounded.
 * Bytes must be UTF-8 without a byte order mark. Refusals name the rule, the place and what to do.
 */
export function parseCanonical(source: string | Uint8Array): { ok: true; value: JsonValue } | CanonicalProblem {
  let text: string
  if (typeof source === 'string') {
    text = source
  } else {
    try {
      // ignoreBOM keeps a byte order mark in the text, where the parser refuses it; the default would silently drop three bytes.
      text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(source)
    } catch {
      return {
        ok: false,
        rule: 'not_utf8',
        at: '',
        offset: findBrokenUtf8(source),
        detail: 'The bytes are not UTF-8: send UTF-8.',
      }
    }
  }
  const reader = new CanonicalReader(text)
  try {
    return { ok: true, value: reader.readDocument() }
  } catch (error) {
    if (error instanceof Refusal) return error.problem
    throw error
  }
}

/** The length in UTF-16 code units of the longest beginning that is UTF-8. Only for bytes that are not: it decodes some twenty times. */
function findBrokenUtf8(bytes: Uint8Array): number {
  let [whole, broken] = [0, bytes.length + 1]
  let offset = 0
  while (broken - whole > 1) {
    const middle = (whole + broken) >> 1
    try {
      // As a stream, a character that is cut short at the end is no fault yet.
      offset = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(0, middle), { stream: true }).length
      whole = middle
    } catch {
      broken = middle
    }
  }
  return offset
}

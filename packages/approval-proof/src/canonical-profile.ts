/** A JSON value as the payload profile knows it: numbers are safe integers only. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue }

export const maxDepth = 32
export const maxMembers = 10_000

export type CanonicalRule =
  | 'not_utf8'
  | 'not_json'
  | 'whitespace'
  | 'key_order'
  | 'duplicate_key'
  | 'forbidden_key'
  | 'number_not_integer'
  | 'number_out_of_range'
  | 'negative_zero'
  | 'string_form'
  | 'lone_surrogate'
  | 'nul'
  | 'too_deep'
  | 'too_many_members'
  | 'not_a_json_value'

/** `at` is a JSON pointer (RFC 6901; empty: the top); `offset` counts UTF-16 code units of the text, null where the text itself is canonical or too large. */
export type CanonicalProblem = { ok: false; rule: CanonicalRule; at: string; offset: number | null; detail: string }

/** One JSON pointer segment list as RFC 6901 text. */
export function toPointer(segments: ReadonlyArray<string | number>): string {
  return segments.map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/** What each refusal says to the person who has to mend the text. */
export const refusalWords = {
  notInteger: 'Only integers are allowed: write money in minor units and other decimals as strings.',
  outOfRange: 'The number is beyond ±9007199254740991: write it as a string.',
  negativeZero: 'Write 0 without a minus sign.',
  loneSurrogate: 'Half of a surrogate pair is not a character: remove it.',
  nulCharacter: 'The NUL character is not allowed: remove it.',
  forbiddenKey: 'The key __proto__ is not allowed: choose another name.',
  tooDeep: `Objects and lists may be nested ${maxDepth} deep at most.`,
  tooManyMembers: `At most ${maxMembers} members and items are allowed in all.`,
}

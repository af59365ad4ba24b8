import { canonicalize } from './canonical-json.ts'
import type { JsonValue } from './canonical-profile.ts'

/**
 * A body as `application/x-www-form-urlencoded` text (WHATWG URL, section 5.2), pairs sorted by the UTF-16 code units of their names.
 * A list of texts and numbers is one pair, its items joined by commas: what Etsy's API takes (etsy/open-api#291). What a form cannot say
 * travels as canonical JSON in its place, a body that is no object under the empty name: canFormSay tells, and the action is blind.
 */
export function encodeForm(body: JsonValue): string {
  const pairs: Array<[string, JsonValue]> =
    body !== null && typeof body === 'object' && !Array.isArray(body)
      ? Object.keys(body)
          .toSorted()
          .map((name) => [name, body[name]!])
      : [['', body]]
  return pairs.map(([name, value]) => `${percentEncode(name)}=${percentEncode(toFormValue(value))}`).join('&')
}

/** Whether one member of a body arrives as it was approved: a text, number or truth value, or a list in which no comma hides an item. */
export function canFormSay(value: JsonValue): boolean {
  if (Array.isArray(value)) {
    return value.length > 0 && value.every((item) => typeof item === 'number' || (typeof item === 'string' && item !== '' && !item.includes(',')))
  }
  return value !== null && typeof value !== 'object'
}

function toFormValue(value: JsonValue): string {
  if (!canFormSay(value)) return canonicalize(value)
  return Array.isArray(value) ? value.join(',') : String(value)
}

/** The percent-encode set of WHATWG forms: letters, digits and `*-._` stay, a space becomes a plus. */
function percentEncode(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()~]/g, toPercent)
    .replaceAll('%20', '+')
}

function toPercent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
}
